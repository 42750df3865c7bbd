"""What a ``fit`` of Keras tells of its own course, beside its curves."""

from __future__ import annotations

import time
from typing import Dict, List, Optional

from trainprobe.data.samples import rows_of
from trainprobe.facts.training import MOST_WEIGHTS, describe_epochs, update_ratio
from trainprobe.foreign import Foreign
from trainprobe.training.checkpoint import State

BATCH = 32  # rows, where ``fit`` is told nothing


class Course:
    """Looks at each epoch; at the weights only in the last one."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._steps: Optional[int] = None
        self._before: List[Foreign] = []
        self._ratio: Optional[float] = None
        self._began = 0.0
        self._seconds: List[float] = []

    def epoch_begins(self, model: Foreign, steps: Optional[int], *, last: bool) -> None:
        """Keep the weights that the *last* epoch begins with, where they are few."""
        self._steps = steps or self._steps
        self._began = time.monotonic()
        if last and _size_of(model) <= MOST_WEIGHTS:
            self._before = _weights(model)

    def epoch_ends(self, model: Foreign) -> None:
        """See how long it took, and how far the weights have moved where those are known that it began with."""
        self._seconds.append(time.monotonic() - self._began)
        if self._before:
            self._ratio, self._before = update_ratio(self._before, _weights(model)), []

    def pace(self, compiling: float = 0.0) -> float:
        """Return the seconds of an epoch without the first one, or those but *compiling* of the only one."""
        usual = self._seconds[1:]
        return sum(usual) / len(usual) if usual else max(0.0, sum(self._seconds) - compiling)

    def facts(self, state: State, given: Dict[str, Foreign]) -> Dict[str, object]:
        """Return the facts of a fit that has ended in *state*, called with what was *given*."""
        size = given.get("batch_size") or (BATCH if rows_of(given.get("x")) and given.get("y") is not None else None)
        facts: Dict[str, object] = describe_epochs(state.curves, state.epochs - state.start)
        facts["seconds_per_epoch"] = round(self.pace(), 4)
        facts["batch_size"] = int(size) if size else None
        facts["steps"] = self._steps
        facts["update_ratio"] = self._ratio
        facts["class_weight"] = given.get("class_weight") is not None
        facts["early_stopping"] = any("EarlyStopping" in name for name in _names(given.get("callbacks")))
        return {name: value for name, value in facts.items() if value is not None}


def _size_of(model: Foreign) -> int:
    size = 0
    for variable in model.trainable_variables:
        numbers = 1
        for length in variable.shape:
            numbers *= int(length)
        size += numbers
    return size


def _weights(model: Foreign) -> List[Foreign]:
    return [variable.numpy() for variable in model.trainable_variables]


def _names(callbacks: Foreign) -> List[str]:
    listed = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]
    return [parent.__name__ for callback in listed for parent in type(callback).__mro__]

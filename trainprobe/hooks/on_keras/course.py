"""What a ``fit`` of Keras tells of its own course, beside its curves."""

from __future__ import annotations

import time
from typing import Dict, List, Optional

from trainprobe.data.samples import rows_of
from trainprobe.foreign import Foreign
from trainprobe.training.checkpoint import State

BATCH = 32  # rows, where ``fit`` is told nothing


class Course:
    """Measures the pace of the epochs."""

    def __init__(self) -> None:
        """Begin before the first epoch."""
        self._steps: Optional[int] = None
        self._began = 0.0
        self._seconds: List[float] = []

    def epoch_begins(self, steps: Optional[int]) -> None:
        """Start the clock of an epoch of so many *steps*."""
        self._steps = steps or self._steps
        self._began = time.monotonic()

    def epoch_ends(self) -> None:
        """Stop the clock of the epoch."""
        self._seconds.append(time.monotonic() - self._began)

    def pace(self, compiling: float = 0.0) -> float:
        """Return the seconds of an epoch without the first one, or those but *compiling* of the only one."""
        usual = self._seconds[1:]
        return sum(usual) / len(usual) if usual else max(0.0, sum(self._seconds) - compiling)

    def facts(self, state: State, given: Dict[str, Foreign]) -> Dict[str, object]:
        """Return the facts of a fit that has ended in *state*, called with what was *given*."""
        size = given.get("batch_size") or (BATCH if rows_of(given.get("x")) and given.get("y") is not None else None)
        planned, done = state.epochs - state.start, max(map(len, state.curves.values()), default=0)
        facts: Dict[str, object] = {
            "epochs": planned,
            "ended_early": 0 < done < planned,
            "batch_size": int(size) if size else None,
            "steps": self._steps,
            "class_weight": given.get("class_weight") is not None,
        }
        return {name: value for name, value in facts.items() if value is not None}

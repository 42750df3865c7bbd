"""The ``History`` of a fit: what an earlier run told of its epochs, given to the next one's."""

from __future__ import annotations

from contextlib import suppress
from typing import Dict, List, Optional

from trainprobe.foreign import Foreign
from trainprobe.training.arrays_in_json import Arrays, UnplainError, decoded, encoded
from trainprobe.training.checkpoint import Checkpoint


def without_params(plain: Foreign) -> object:
    """Return what `Past.as_plain` returned, for a fit that has other parameters."""
    return [plain[0], None]


class Past:
    """The metrics of the epochs so far, as Keras gave them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._points: Dict[str, List[Foreign]] = {}
        self._before: Optional[Dict[str, List[Foreign]]] = None
        self._epochs: List[int] = []
        self._params: Optional[Dict[str, Foreign]] = None

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> Past:
        """Return what *checkpoint* holds."""
        past = cls()
        past._points, past._params = decoded(checkpoint.state.history, checkpoint.arrays)
        past._before = {name: list(points) for name, points in past._points.items()}
        past._epochs = list(range(checkpoint.state.start, checkpoint.state.epoch))
        return past

    def add(self, logs: Dict[str, Foreign]) -> None:
        """Note the metrics of one more epoch."""
        for name, value in logs.items():
            self._points.setdefault(name, []).append(value.numpy() if hasattr(value, "numpy") else value)

    def put_into(self, history: Foreign) -> None:
        """Begin *history* with the epochs before; this happens once, and where there were any."""
        if self._before is None or not hasattr(history, "history"):
            return
        for name, points in self._before.items():
            history.history[name] = [*points, *history.history.get(name, [])]
        history.epoch[:0] = self._epochs
        history.params = self._params or history.params
        self._before = None

    def ends_as(self, history: Foreign) -> None:
        """Note what *history* says of the whole fit, for a run that skips it."""
        params = getattr(history, "params", None)
        self._params = dict(params) if isinstance(params, dict) else None

    def as_plain(self, arrays: Arrays) -> object:
        """Return all of it as `encoded` does, without what can't be stored."""
        kept: Dict[str, object] = {}
        for name, points in self._points.items():
            with suppress(UnplainError):
                kept[name] = encoded(points, arrays.keep)
        with suppress(UnplainError):
            return [{"dict": list(kept.items())}, encoded(self._params, arrays.keep)]
        return [{"dict": list(kept.items())}, None]

"""The ``History`` of a fit: the epochs of an earlier run are put before those of the next one."""

from __future__ import annotations

from typing import Dict, List, Optional

from trainprobe.foreign import Foreign
from trainprobe.training.arrays_in_json import Arrays, decoded, encodable
from trainprobe.training.checkpoint import Checkpoint


def without_params(plain: Foreign) -> object:
    """Return what `EarlierEpochs.as_plain` returned, for a fit with other parameters."""
    return [plain[0], None]


class EarlierEpochs:
    """The metrics of the epochs so far, as Keras gave them."""

    def __init__(self) -> None:
        """Start without any."""
        self._points: Dict[str, List[Foreign]] = {}
        self._before: Optional[Dict[str, List[Foreign]]] = None
        self._epochs: List[int] = []
        self._params: Optional[Dict[str, Foreign]] = None

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> EarlierEpochs:
        """Return what *checkpoint* holds."""
        earlier = cls()
        earlier._points, earlier._params = decoded(checkpoint.state.history, checkpoint.arrays)
        earlier._before = {name: list(points) for name, points in earlier._points.items()}
        earlier._epochs = list(range(checkpoint.state.start, checkpoint.state.epoch))
        return earlier

    def add(self, logs: Dict[str, Foreign]) -> None:
        """Note the metrics of one more epoch."""
        for name, value in logs.items():
            self._points.setdefault(name, []).append(value.numpy() if hasattr(value, "numpy") else value)

    def put_into(self, history: Foreign) -> None:
        """Put the earlier epochs, if any, at the beginning of *history*; this happens once."""
        if self._before is None or not hasattr(history, "history"):
            return
        for name, points in self._before.items():
            history.history[name] = [*points, *history.history.get(name, [])]
        history.epoch[:0] = self._epochs
        history.params = self._params or history.params
        self._before = None

    def ends_as(self, history: Foreign) -> None:
        """Keep the parameters in *history* for a run that skips the fit."""
        params = getattr(history, "params", None)
        self._params = dict(params) if isinstance(params, dict) else None

    def as_plain(self, arrays: Arrays) -> object:
        """Return all of it as `encoded` does, except what can't be stored."""
        points = {"dict": list(encodable(self._points, arrays.keep).items())}
        return [points, encodable({"params": self._params}, arrays.keep).get("params")]

"""The state of the author's callbacks and of the ``History``: saved with a checkpoint, and restored in a later run."""

from __future__ import annotations

import inspect
import os
from pathlib import Path
from typing import Dict, Iterator, List, Mapping, Optional, Sequence

from trainprobe.foreign import Foreign, as_number, numpy
from trainprobe.training.arrays_in_json import Arrays, decoded, encodable
from trainprobe.training.checkpoint import Checkpoint

_KERAS_ATTRIBUTES = {
    *("model", "_model", "params", "_params"),
    *("epochs", "verbose", "seen", "validation_data", "append_header"),
}


class AuthorsCallbacks:
    """The callbacks that the script gave to one ``fit``, in any form."""

    def __init__(self, given: Foreign) -> None:
        self.callbacks = _listed(given)
        self.data: List[Foreign] = []  # arrays that are not state

    def training_begins(self) -> None:
        """Note the arrays that they hold before the first epoch: they are the author's data, not state."""
        self.data = [
            array for one in self.callbacks for value in _attributes(one).values() for array in _arrays_in(value)
        ]

    def state(self, arrays: Arrays) -> List[Dict[str, object]]:
        """Return their plain attributes: epochs without improvement, the best value, what they have collected."""
        return [
            {"class": type(one).__name__, "attributes": encodable(_attributes(one), arrays.keep)}
            for one in self.callbacks
        ]

    def restore(self, saved: Sequence[Mapping[str, Foreign]], arrays: Mapping[str, Foreign]) -> None:
        """Give callbacks of the same classes, in the same order, the attributes that were saved."""
        for one, state in zip(self.callbacks, saved):  # noqa: B905 - Python 3.7 has no strict
            if type(one).__name__ == state["class"]:
                for name, value in state["attributes"].items():
                    _set_attribute(one, name, decoded(value, arrays))

    def files(self) -> Iterator[Path]:
        """Yield the files that they write under a fixed name (``ModelCheckpoint``, ``CSVLogger``)."""
        return (path for path in self._paths() if "{" not in str(path))

    def series(self) -> Iterator[Path]:
        """Yield the templates of the files that they write for each epoch, and of those in their log folders."""
        for path in self._paths():
            if "{" in str(path):
                yield path
        for one in self.callbacks:
            folder = getattr(one, "log_dir", None)  # TensorBoard's
            if isinstance(folder, (str, os.PathLike)):
                yield Path(str(folder)) / "{any}"

    def hindrance(self) -> str:
        """Return why a longer training can't continue where one with these callbacks ended; empty if it can."""
        if any(type(one).__name__ == "LearningRateScheduler" for one in self.callbacks):
            return "a LearningRateScheduler may depend on the number of epochs"
        if any("{" in str(path) for path in self._paths()):
            return "a callback writes a file for each epoch, and those of the earlier epochs are missing"
        if any(getattr(one, "restore_best_weights", False) for one in self.callbacks):
            return "a callback replaced the last weights with the best ones"
        return ""

    def restored_epoch(self, curves: Mapping[str, Sequence[float]], weights: Sequence[Foreign]) -> int:
        """Return the epoch, from 0, whose weights the model has got back; -1 where *weights* are the last epoch's.

        Also -1 where the *curves* do not have a point for each epoch.
        """
        if len(set(map(len, curves.values()))) != 1:
            return -1
        for one in self.callbacks:
            best, points = getattr(one, "best_weights", None), list(curves.get(getattr(one, "monitor", ""), ()))
            value = as_number(getattr(one, "best", None))
            if best is not None and value in points and _equal(best, weights):
                return points.index(value)
        return -1

    def _paths(self) -> Iterator[Path]:
        for one in self.callbacks:
            path = getattr(one, "filepath", None) or getattr(one, "filename", None)
            if isinstance(path, (str, os.PathLike)):
                yield Path(str(path))

    def append_to_logs(self, *, wanted: bool) -> None:
        """Let ``CSVLogger`` append to its file if *wanted*, else do as the author has set it."""
        for one in self.callbacks:
            if type(one).__name__ == "CSVLogger" and hasattr(one, "append"):
                kept = one.__dict__.setdefault("_trainyard_append", one.append)
                one.append = wanted or kept


def _listed(callbacks: Foreign) -> List[Foreign]:
    if callbacks is None:
        return []
    if isinstance(callbacks, (list, tuple)):
        return list(callbacks)
    return list(getattr(callbacks, "callbacks", None) or [callbacks])


def _attributes(callback: Foreign) -> Dict[str, Foreign]:
    """Return the attributes that may be state.

    In Keras's own callbacks, settings are not state (some are rewritten at the first epoch), nor are private
    attributes, which are handles and switches. In an author's callback any attribute may be state.
    """
    found = {name: value for name, value in vars(callback).items() if name not in _KERAS_ATTRIBUTES}
    if type(callback).__module__.split(".")[0] not in ("keras", "tf_keras", "tensorflow"):
        return found
    settings = inspect.signature(type(callback)).parameters
    return {name: value for name, value in found.items() if not name.startswith("_") and name not in settings}


def _equal(some: Sequence[Foreign], others: Sequence[Foreign]) -> bool:
    same = (numpy.array_equal(one, other) for one, other in zip(some, others))  # noqa: B905 - Python 3.7 has no strict
    return len(some) == len(others) and all(same)


def _set_attribute(callback: Foreign, name: str, value: Foreign) -> None:
    """Set the attribute, or fill the container that it holds already: the script may hold it too."""
    held = vars(callback).get(name)
    if isinstance(held, list) and isinstance(value, list):
        held[:] = value
    elif isinstance(held, (dict, set)) and isinstance(value, (dict, set)):
        held.clear()
        held.update(value)
    else:
        setattr(callback, name, value)


def _arrays_in(value: Foreign) -> Iterator[Foreign]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _arrays_in(item)
    elif hasattr(value, "dtype"):
        yield value


def without_params(plain: Foreign) -> object:
    """Return what `EarlierEpochs.as_plain` returned, for a fit with other parameters."""
    return [plain[0], None]


class EarlierEpochs:
    """The metrics of the epochs so far, as Keras gave them."""

    def __init__(self) -> None:
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

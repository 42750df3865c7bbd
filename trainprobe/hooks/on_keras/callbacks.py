"""The state of the author's callbacks: taken with a checkpoint, and put back before training goes on."""

from __future__ import annotations

import inspect
import os
from pathlib import Path
from typing import Dict, Iterator, List, Mapping, Sequence

from trainprobe.foreign import Foreign
from trainprobe.training.arrays_in_json import Arrays, UnplainError, decoded, encoded

_THE_LIBRARYS = {
    "model",
    "_model",
    "params",
    "_params",
    "epochs",
    "verbose",
    "seen",
    "validation_data",
    "append_header",
}


class AuthorsCallbacks:
    """The callbacks that the script gave to one ``fit``."""

    def __init__(self, given: Foreign) -> None:
        """Take what was passed as ``callbacks``, whatever its form."""
        self.each = _listed(given)
        self._data: List[Foreign] = []

    def training_begins(self) -> None:
        """Look at what they hold before the first epoch: its arrays are the author's data and no state."""
        self._data = [array for one in self.each for value in _attributes(one).values() for array in _within(value)]

    def state(self, arrays: Arrays) -> List[Dict[str, object]]:
        """Return their plain attributes: how long they have waited, the best so far, what they have collected."""
        return [{"class": type(one).__name__, "attributes": _plain(one, arrays)} for one in self.each]

    def data(self) -> List[Foreign]:
        """Return the arrays that are no state."""
        return self._data

    def restore(self, saved: Sequence[Mapping[str, Foreign]], arrays: Mapping[str, Foreign]) -> None:
        """Give callbacks of the same classes, in the same order, the attributes that were saved."""
        for one, state in zip(self.each, saved):  # noqa: B905 - Python 3.7 has no strict
            if type(one).__name__ == state["class"]:
                for name, value in state["attributes"].items():
                    _put(one, name, decoded(value, arrays))

    def files(self) -> Iterator[Path]:
        """Yield the files that they write under a fixed name (``ModelCheckpoint``, ``CSVLogger``)."""
        return (path for path in self._paths() if "{" not in str(path))

    def series(self) -> Iterator[Path]:
        """Yield the names with the epoch in them under which they write a file each, and those in their log folders."""
        for path in self._paths():
            if "{" in str(path):
                yield path
        for one in self.each:
            folder = getattr(one, "log_dir", None)  # TensorBoard's
            if isinstance(folder, (str, os.PathLike)):
                yield Path(str(folder)) / "{any}"

    def hindrance(self) -> str:
        """Say why a longer training can't go on where a shorter one with these callbacks ended; nothing if it can."""
        if any(type(one).__name__ == "LearningRateScheduler" for one in self.each):
            return "a LearningRateScheduler may go by the number of epochs"
        if any("{" in str(path) for path in self._paths()):
            return "a callback keeps a file for each epoch, and those of the epochs before are not there"
        if any(getattr(one, "restore_best_weights", False) for one in self.each):
            return "a callback put the best weights in the place of the last ones"
        return ""

    def _paths(self) -> Iterator[Path]:
        for one in self.each:
            path = getattr(one, "filepath", None) or getattr(one, "filename", None)
            if isinstance(path, (str, os.PathLike)):
                yield Path(str(path))

    def append_to_logs(self, *, wanted: bool) -> None:
        """Let ``CSVLogger`` go on with its file instead of beginning it anew, or as the author had it."""
        for one in self.each:
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

    Of a library's own callbacks those are no state that are settings, which some of them rewrite at the first epoch,
    nor private ones, which are handles and switches. An author's own may be named in any way.
    """
    found = {name: value for name, value in vars(callback).items() if name not in _THE_LIBRARYS}
    if type(callback).__module__.split(".")[0] not in ("keras", "tf_keras", "tensorflow"):
        return found
    settings = inspect.signature(type(callback)).parameters
    return {name: value for name, value in found.items() if not name.startswith("_") and name not in settings}


def _plain(callback: Foreign, arrays: Arrays) -> Dict[str, object]:
    found: Dict[str, object] = {}
    for name, value in _attributes(callback).items():
        try:
            found[name] = encoded(value, arrays.keep)
        except UnplainError:
            continue
    return found


def _put(callback: Foreign, name: str, value: Foreign) -> None:
    """Set the attribute, or fill the container that it holds already: the script may hold it too."""
    held = vars(callback).get(name)
    if isinstance(held, list) and isinstance(value, list):
        held[:] = value
    elif isinstance(held, (dict, set)) and isinstance(value, (dict, set)):
        held.clear()
        held.update(value)
    else:
        setattr(callback, name, value)


def _within(value: Foreign) -> Iterator[Foreign]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _within(item)
    elif hasattr(value, "dtype"):
        yield value

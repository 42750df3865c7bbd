"""Plain values as JSON with the arrays beside it: what a checkpoint holds besides weights."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from typing import Callable, Dict, Mapping, Sequence

from trainprobe.foreign import Foreign

Keep = Callable[[Foreign], str]  # stores an array and returns the name under which it is found again
_SCALARS = (bool, int, float, str)
_COLLECTIONS: Dict[str, Foreign] = {"tuple": tuple, "set": set, "deque": deque}


class UnplainError(TypeError):
    """The value can't be stored and restored."""


def encoded(value: Foreign, keep: Keep) -> object:
    """Return *value* as JSON knows it, its arrays given to *keep*.

    Raises:
        UnplainError: it is no number, text, list, tuple, set, queue, dictionary or NumPy array, or contains itself.
    """
    try:
        return _encoded(value, keep)
    except RecursionError:
        raise UnplainError("it contains itself") from None


def decoded(value: Foreign, arrays: Mapping[str, Foreign]) -> Foreign:
    """Return what `encoded` was given; *arrays* are those that were kept."""
    if isinstance(value, list):
        return [decoded(item, arrays) for item in value]
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    if kind == "array":
        return arrays[content]
    if kind == "dict":
        return {decoded(key, arrays): decoded(item, arrays) for key, item in content}
    return _COLLECTIONS[kind](decoded(content, arrays))


def _encoded(value: Foreign, keep: Keep) -> object:
    if value is None or type(value) in _SCALARS:
        return value
    if isinstance(value, dict):
        return {"dict": _encoded(list(map(list, value.items())), keep)}
    if isinstance(value, list):
        return [_encoded(item, keep) for item in value]
    for name, kind in _COLLECTIONS.items():
        if isinstance(value, kind):
            return {name: _encoded(list(value), keep)}
    return _from_numpy(value, keep)


def _from_numpy(value: Foreign, keep: Keep) -> object:
    if type(value).__module__.split(".")[0] != "numpy" or not hasattr(value, "dtype"):
        raise UnplainError(type(value).__name__)
    if value.dtype.kind not in "biuf":
        raise UnplainError(str(value.dtype))
    if value.shape == ():
        return value.item()
    return {"array": keep(value)}


class Arrays:
    """Gathers arrays under names of their own."""

    def __init__(self, prefix: str, *, foreign: Sequence[Foreign] = ()) -> None:
        """Name them *prefix*0, *prefix*1 and so on; those among *foreign* are no state and not plain."""
        self._prefix = prefix
        self._foreign = {id(array) for array in foreign}
        self.kept: Dict[str, Foreign] = {}

    def keep(self, array: Foreign) -> str:
        """Store *array* and return its name.

        Raises:
            UnplainError: it is one of the foreign ones.
        """
        if id(array) in self._foreign:
            raise UnplainError("it was there before")
        name = "{}{}".format(self._prefix, len(self.kept))
        self.kept[name] = array
        return name


def encodable(values: Mapping[str, Foreign], keep: Keep) -> Dict[str, object]:
    """Return those of the *values* that `encoded` can represent, encoded."""
    plain: Dict[str, object] = {}
    for name, value in values.items():
        with suppress(UnplainError):
            plain[name] = encoded(value, keep)
    return plain

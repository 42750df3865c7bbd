"""Tells whether two objects hold the same data."""

from __future__ import annotations

import sys
import weakref
from typing import Callable, Optional

from trainprobe.content import content_of
from trainprobe.data import fingerprints
from trainprobe.foreign import Foreign


class Seen:
    """Remembers data by identity, memory and content without keeping it alive."""

    def __init__(self, data: Foreign) -> None:
        """Remember *data*: an array, a frame, a list, a dataset or None."""
        self._same = _reference(data)
        array = content_of(data)
        self._array = _reference(array)
        self._prints = fingerprints(array)
        self.known = array is not None

    def equals(self, other: Seen) -> bool:
        """Say whether *other* was the same content."""
        return bool(self._prints & other._prints)

    def holds(self, data: Foreign) -> bool:
        """Say whether *data* is what was seen: the same object, memory or content."""
        if data is None:
            return False
        if self._same() is data:
            return True
        array = content_of(data)
        return _share_memory(self._array(), array) or bool(self._prints & fingerprints(array))


def _share_memory(one: Foreign, other: Foreign) -> bool:
    if one is None or other is None:
        return False
    numpy: Foreign = sys.modules["numpy"]
    try:
        return bool(numpy.shares_memory(one, other, max_work=10_000))
    except RuntimeError:  # numpy.TooHardError: the content decides
        return False


def _reference(data: Foreign) -> Callable[[], Optional[Foreign]]:
    try:
        return weakref.ref(data)
    except TypeError:  # lists and None can't be referred to weakly; their content decides
        return _nothing


def _nothing() -> None:
    return None

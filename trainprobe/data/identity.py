"""Recognises data that was seen before: the same object or content, or rows among those of another table."""

from __future__ import annotations

import weakref
from typing import Callable, Optional, Tuple

from trainprobe.data.arrays import fingerprints
from trainprobe.data.content import content_of
from trainprobe.foreign import Foreign, numpy

MOST_KEPT = 10_000  # rows; of a longer table they are chosen by content, so the same ones are chosen again
NEARLY_ALL = 0.95  # of the rows; a few may have been cleaned in between
TELLING = 0.5  # of the rows differ; in a table that mostly repeats itself, held-out rows are found as well
_CHUNK = 1_000_000  # elements that are hashed at once
_WORD = 2**64 - 1


class RowHashes:
    """Remembers rows by their hashes, without keeping them alive."""

    def __init__(self, data: Foreign) -> None:
        """Remember the rows of *data*; none where they can't be told apart."""
        hashes = hashes_of(data)
        self._every = 1
        self._kept: Foreign = ()
        if hashes is not None:
            distinct = numpy.unique(hashes)
            if distinct.size >= TELLING * hashes.size:
                self._every = 1 + distinct.size // MOST_KEPT
                self._kept = numpy.sort(self._chosen(distinct))

    def hold(self, hashes: Foreign) -> bool:
        """Return whether nearly all rows with these *hashes*, perhaps None, are among those remembered."""
        chosen = self._chosen(hashes)
        return len(chosen) > 0 and len(self._kept) > 0 and _share(chosen, self._kept) >= NEARLY_ALL

    def are_in(self, hashes: Foreign) -> bool:
        """Return whether nearly all rows remembered are among those with these *hashes*, which may be more."""
        chosen = self._chosen(hashes)
        if not len(self._kept) or len(chosen) < NEARLY_ALL * len(self._kept):
            return False
        return _share(self._kept, numpy.sort(chosen)) >= NEARLY_ALL

    def _chosen(self, hashes: Foreign) -> Foreign:
        return () if hashes is None else hashes[(hashes >> numpy.uint64(40)) % numpy.uint64(self._every) == 0]


def _share(some: Foreign, ordered: Foreign) -> float:
    """Return how many of *some* are in *ordered*; a search is quick also where a script asks row by row."""
    at = ordered.searchsorted(some).clip(max=ordered.size - 1)
    return float((ordered[at] == some).mean())


def hashes_of(data: Foreign) -> Foreign:
    """Return a number for each row of *data*, None where it has none that could be looked at."""
    array = content_of(data)
    if array is None or not array.ndim or not array.size:
        return None
    flat = array.reshape(array.shape[0], -1)
    if array.dtype.kind not in "biuf":
        return numpy.asarray([hash(repr(row)) & _WORD for row in flat.tolist()], dtype="uint64")
    factors = _factors(flat.shape[1])
    step = max(1, _CHUNK // flat.shape[1])
    return numpy.concatenate([_sums(flat[at : at + step], factors) for at in range(0, len(flat), step)])


def _sums(rows: Foreign, factors: Foreign) -> Foreign:
    with numpy.errstate(all="ignore"):  # float32 because authors cast between fit and evaluate; it may overflow
        values = numpy.ascontiguousarray(rows, dtype="float32")
    return (values.view("uint32") * factors).sum(axis=1, dtype="uint64")


def _factors(width: int) -> Foreign:
    # Not drawn: the script's random numbers must stay its own. These are the steps of SplitMix64.
    mixed = numpy.arange(width + 1, width * 2 + 1, dtype="uint64") * numpy.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    return mixed ^ (mixed >> numpy.uint64(27)) | numpy.uint64(1)


class DataFingerprint:
    """Remembers data by identity, memory and content without keeping it alive."""

    def __init__(self, data: Foreign) -> None:
        """Remember *data*: an array, a frame, a list, a dataset or None."""
        self._same = reference(data)
        array = content_of(data)
        self._array = reference(array)
        self._prints = fingerprints(array)
        self.known = array is not None
        self.row_shape = row_shape(array)

    def equals(self, other: DataFingerprint) -> bool:
        """Return whether *other* has the same content."""
        return bool(self._prints & other._prints)

    def is_same(self, other: DataFingerprint) -> bool:
        """Return whether *other* is the same object, perhaps changed in between, or has the same content."""
        same = self._same()
        return (same is not None and same is other._same()) or self.equals(other)

    def holds(self, data: Foreign) -> bool:
        """Return whether *data* is the same object, memory or content."""
        if data is None:
            return False
        if self._same() is data:
            return True
        array = content_of(data)
        return _share_memory(self._array(), array) or bool(self._prints & fingerprints(array))


def row_shape(array: Foreign) -> Tuple[int, ...]:
    """Return the shape of a row of *array*, perhaps None; a column has the same as what has no columns."""
    return tuple(size for size in getattr(array, "shape", ())[1:] if size != 1)


def _share_memory(one: Foreign, other: Foreign) -> bool:
    if one is None or other is None:
        return False
    try:
        return bool(numpy.shares_memory(one, other, max_work=10_000))
    except RuntimeError:  # numpy.TooHardError: the content decides
        return False


def reference(data: Foreign) -> Callable[[], Optional[Foreign]]:
    """Return what returns *data* as long as it lives, or None from the start where that can't be known."""
    try:
        return weakref.ref(data)
    except TypeError:  # lists and None can't be referred to weakly; their content decides
        return lambda: None

"""Looks at data as arrays, and tells their content by hashes."""

from __future__ import annotations

import hashlib
import sys
from typing import FrozenSet, Tuple

from trainprobe.foreign import Foreign, numpy

TABLE = 2  # dimensions
MOST_INPUTS = 32  # of a model with several
SAMPLED = 4_000_000  # elements of an array that are compared at most
MOST_CLASSES = 0.1  # of the rows; with more values than that, labels are quantities
FEW_CLASSES = 20
_Print = Tuple[int, str]


def as_array(data: Foreign) -> Foreign:
    """Return *data* as a NumPy array where that is cheap and plain, else None."""
    if "numpy" not in sys.modules or data is None:
        return None
    if isinstance(data, numpy.ndarray):
        return data
    if isinstance(data, dict):  # the inputs of a model with several, by name; the first speaks for all
        return as_array(next(iter(data.values()), None))
    return _from_list(data) if isinstance(data, (list, tuple)) else _converted(data)


def _converted(data: Foreign) -> Foreign:
    data = data.detach() if hasattr(data, "detach") else data
    for convert in ("to_numpy", "numpy"):
        method = getattr(data, convert, None)
        if callable(method):
            try:
                return numpy.asarray(method())
            except (RuntimeError, TypeError, AttributeError, NotImplementedError):  # on a graphics card, or symbolic
                return None
    return numpy.asarray(data.tocsr().data) if hasattr(data, "tocsr") else None


def fingerprints(array: Foreign) -> FrozenSet[_Print]:
    """Return hashes of the content: of the array, and of the class numbers if it is one-hot."""
    if array is None or array.size == 0:
        return frozenset()
    prints = {_print(array)}
    if is_one_hot(array):
        prints.add(_print(array.argmax(axis=1)))
    return frozenset(prints)


def is_one_hot(array: Foreign) -> bool:
    """Return whether each row of *array* is a class: one 1, the rest 0."""
    if array.ndim != TABLE or array.shape[1] <= 1 or array.dtype.kind not in "biuf":
        return False
    return bool(((array == 0) | (array == 1)).all()) and bool((array.sum(axis=1) == 1).all())


def are_whole(values: Foreign) -> bool:
    """Return whether *values* are whole numbers, or none at all."""
    return values.dtype.kind != "f" or bool((values == numpy.round(values)).all())


def class_of_rows(labels: Foreign) -> Foreign:
    """Return the label of each row; of one with several columns, such as one-hot, the largest one's number."""
    return labels.argmax(axis=1) if labels.ndim == TABLE and labels.shape[1] > 1 else labels.reshape(-1)


def classes_of(labels: Foreign) -> Foreign:
    """Return the class of each row; None where labels are quantities, or several a row."""
    if labels is None or not labels.ndim:
        return None
    if is_one_hot(labels):
        return labels.argmax(axis=1)
    if labels.size != labels.shape[0] or not are_whole(labels):
        return None
    flat = labels.ravel().astype(str) if labels.dtype.kind == "O" else labels.ravel()
    return flat if len(numpy.unique(flat)) <= max(FEW_CLASSES, MOST_CLASSES * len(flat)) else None


def spread_rows(table: Foreign, most: int, *, fewest: int = 16) -> Foreign:
    """Return evenly spread rows of *table* that have at most *most* elements together, but at least *fewest* rows."""
    rows = max(fewest, most // max(1, int(table.shape[1])))
    return table[:: max(1, -(-int(table.shape[0]) // rows))]


def _print(array: Foreign) -> _Print:
    sample = spread_rows(array.reshape(array.shape[0], -1) if array.ndim else array.reshape(1, 1), SAMPLED)
    if array.dtype.kind in "biuf":  # a cast to float32 is what authors do between fit and evaluate
        content = numpy.ascontiguousarray(sample, dtype="float32").tobytes()
    else:
        content = repr(sample.tolist()).encode("utf-8", "backslashreplace")
    return int(array.size), hashlib.blake2b(content, digest_size=16).hexdigest()


def _from_list(data: Foreign) -> Foreign:
    if data and hasattr(data[0], "shape") and len(data) <= MOST_INPUTS:
        return as_array(data[0])  # the inputs of a model with several; the first speaks for all
    try:
        return numpy.asarray(data)
    except ValueError:  # rows of unequal length have no array; identity must do
        return None

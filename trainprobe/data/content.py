"""Looks into what wraps rows: datasets, generators, iterators over files, loaders, matrices of boosting libraries."""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from functools import partial
from types import GeneratorType
from typing import Callable, Dict, Iterator, Sequence, Tuple

from trainprobe.data.arrays import TABLE, as_array
from trainprobe.foreign import Foreign

MOST_DENSE = 4_000_000  # elements of a sparse matrix that is looked at row by row
DEEPEST = 50  # steps of a dataset
_SAME_ROWS = re.compile("batch|cache|map|model|options|prefetch|repeat|shuffle|assert|zip")
_NO_ROWS = re.compile("index|indices|idx|order|perm|weight|class", re.IGNORECASE)


def content_of(data: Foreign) -> Foreign:
    """Return the rows that *data* holds or goes through as an array, or the names of its files; None if unknown."""
    if data is None or isinstance(data, (str, bytes, int, float)):
        return None
    looks = (as_array, _tensorflow, _files, _iterator, _matrix, _loader, _torch_dataset, _attributes)
    return next((found for found in _found_in(data, looks) if found is not None), None)


def labels_of(data: Foreign) -> Foreign:
    """Return the labels that *data* holds beside its rows, in their order; None if unknown."""
    looks = (partial(_tensorflow, part=1), _torch_labels, _kept_labels)
    return next((found for found in _found_in(data, looks) if found is not None and found.dtype.kind != "O"), None)


def _found_in(data: Foreign, looks: Sequence[Callable[[Foreign], Foreign]]) -> Iterator[Foreign]:
    for look in looks:
        with suppress(Exception):  # whatever an author's object does when it is looked at
            yield look(data)


def _torch_labels(data: Foreign) -> Foreign:
    data, indices = getattr(data, "dataset", data), getattr(getattr(data, "sampler", data), "indices", None)
    if hasattr(data, "dataset"):
        return _chosen(_torch_labels(data.dataset), data.indices)
    tensors: Foreign = getattr(data, "tensors", ())
    kept = tensors[-1] if len(tensors) > 1 else getattr(data, "targets", getattr(data, "labels", None))
    return _chosen(as_array(kept), indices)


def _kept_labels(data: Foreign) -> Foreign:
    if hasattr(data, "get_label"):
        return as_array(data.get_label())
    named = vars(data)
    return next((as_array(named[name]) for name in ("y", "classes", "labels") if name in named), None)


def _tensorflow(data: Foreign, part: int = 0) -> Foreign:
    """Return the arrays or files behind a ``tf.data`` pipeline, if none of its steps leaves rows out."""
    for name, step in _steps(data):
        paths = getattr(step, "file_paths", None)
        if paths and not part:
            return as_array(list(paths))
        if "tensorslice" in name:
            return as_array(step._tensors[part])  # noqa: SLF001 - TensorFlow offers no other way to look inside
    return None


def _steps(data: Foreign) -> Iterator[Tuple[str, Foreign]]:
    """Yield the steps of a ``tf.data`` pipeline by name, the last first, back to one that leaves rows out."""
    for _ in range(DEEPEST):
        if not hasattr(data, "element_spec") or not hasattr(data, "_inputs"):
            return
        name = type(data).__name__.lower()
        yield name, data
        inputs = data._inputs()  # noqa: SLF001 - the same
        if not inputs or not _SAME_ROWS.search(name) or "flat" in name:
            return
        data = inputs[0]


def _files(data: Foreign) -> Foreign:
    paths = getattr(data, "filepaths", None)
    return as_array(list(paths)) if paths is not None and len(paths) else None


def _iterator(data: Foreign) -> Foreign:
    return as_array(data.x) if hasattr(data, "x") and hasattr(data, "batch_size") and hasattr(data, "n") else None


def _matrix(data: Foreign) -> Foreign:
    if not hasattr(data, "get_label"):
        return None
    is_xgboost = hasattr(data, "num_nonmissing")
    rows: Foreign = data.get_data() if is_xgboost else getattr(data, "data", None)
    if hasattr(rows, "toarray") and rows.shape[0] * rows.shape[1] <= MOST_DENSE:
        rows = rows.toarray()
    found = as_array(rows)
    return found if found is not None else as_array(data.get_label())


def _loader(data: Foreign) -> Foreign:
    if not hasattr(data, "dataset") or not hasattr(data, "sampler"):
        return None
    return _chosen(content_of(data.dataset), getattr(data.sampler, "indices", None))


def _torch_dataset(data: Foreign) -> Foreign:
    if hasattr(data, "indices") and hasattr(data, "dataset"):
        return _chosen(content_of(data.dataset), data.indices)
    if hasattr(data, "tensors"):
        return as_array(data.tensors[0])
    if "torch" not in sys.modules or not hasattr(data, "__getitem__"):
        return None
    rows = getattr(data, "data", None)
    return as_array(rows if rows is not None else getattr(data, "samples", None))


def _chosen(rows: Foreign, indices: Foreign) -> Foreign:
    if indices is None:
        return rows
    chosen = as_array(list(indices))
    return chosen if rows is None or chosen is None else rows[chosen.astype("int64")]


def _attributes(data: Foreign) -> Foreign:
    """Return the longest array or list that a generator's frame or a sequence of the author's keeps."""
    arrays = [array for array in map(as_array, _kept_by(data)) if array is not None and array.ndim and len(array) > 1]
    return max(arrays, key=lambda one: (len(one), one.ndim >= TABLE or one.dtype.kind not in "biuf"), default=None)


def _kept_by(data: Foreign) -> Iterator[Foreign]:
    if isinstance(data, GeneratorType):
        named: Dict[str, Foreign] = dict(getattr(data.gi_frame, "f_locals", {}))
    else:
        is_sequence = hasattr(data, "__getitem__") and hasattr(data, "__len__")
        named = dict(vars(data)) if is_sequence else {}
    for name, value in named.items():
        if (isinstance(value, (list, tuple)) or hasattr(value, "shape")) and not _NO_ROWS.search(name):
            yield value

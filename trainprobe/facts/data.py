"""Facts about the arrays passed to ``fit``."""

from __future__ import annotations

import sys
from typing import Dict, List

from trainprobe.data.arrays import TABLE, is_one_hot
from trainprobe.data.identity import hashes_of
from trainprobe.foreign import Foreign

MOST_ROWS = 20_000
MOST_ELEMENTS = 4_000_000
PAIR = 2  # classes
FAR = 10.0  # a mean or standard deviation beyond it slows training or hides the other columns
TINY = 0.01  # a standard deviation below it looks constant to a network
WIDE = 2.0  # the largest standard deviation from which on ...
UNLIKE = 100.0  # ... one this many times smaller counts
FEW = 20  # at most so many distinct whole numbers are classes
MOST_COLUMNS = 64
MOST_CLASSES = 64
SAMPLED = 2_000_000  # elements that are looked at


def describe_inputs(array: Foreign) -> Dict[str, object]:
    """Return the number of rows, the shape of one, statistics of a table's columns, and missing values."""
    shape = [int(size) for size in array.shape[1:]]
    facts: Dict[str, object] = {"rows": int(array.shape[0]), "shape": shape}
    table = _numbers(array)
    if table is None or not table.size:
        return facts
    numpy: Foreign = sys.modules["numpy"]
    facts["missing"] = int(numpy.isnan(table).any(axis=1).sum())
    facts["infinite"] = int(numpy.isinf(table).any(axis=1).sum())
    kept = table[numpy.isfinite(table).all(axis=1)]
    if kept.size:
        facts["overall"] = _summary(kept.ravel())
        facts["unscaled"] = is_unscaled(kept if array.ndim <= TABLE else kept.reshape(-1, 1))
    if kept.size and array.ndim <= TABLE:
        facts["columns"] = [_summary(column) for column in kept.T[:MOST_COLUMNS]]
    return facts


def is_unscaled(table: Foreign) -> bool:
    """Return whether the columns of *table* are too large, too small or too different in scale to train on."""
    spread = table.std(axis=0)
    varying = spread[spread > 0]
    if not varying.size:
        return False
    largest, smallest = float(varying.max()), float(varying.min())
    far_off = float(abs(table.mean(axis=0)).max()) > FAR
    return far_off or largest > FAR or largest < TINY or (largest > WIDE and largest / smallest > UNLIKE)


def describe_labels(array: Foreign) -> Dict[str, object]:
    """Return how many classes there are, how many rows each has, and how they are encoded."""
    if array.ndim == TABLE and array.shape[1] > 1:
        return _describe_columns(array)
    return _describe_values(array.reshape(-1))


def _describe_columns(array: Foreign) -> Dict[str, object]:
    if is_one_hot(array):
        counts = [int(count) for count in array.sum(axis=0)]
        return {"classes": len(counts), "counts": counts[:MOST_CLASSES], "encoding": "one-hot"}
    return {"encoding": "continuous"}


def _describe_values(values: Foreign) -> Dict[str, object]:
    numpy: Foreign = sys.modules["numpy"]
    if values.dtype.kind not in "biuf":
        names, counts = numpy.unique(values.astype(str), return_counts=True)
        return _classes(counts, "text")
    names, counts = numpy.unique(values, return_counts=True)
    if values.dtype.kind == "f" and bool((names != numpy.round(names)).any()):
        return {"encoding": "continuous"}
    if len(names) > max(FEW, values.size // 5):
        return {"encoding": "continuous"}
    encoding = "binary" if len(names) == PAIR and set(names.tolist()) <= {0, 1} else "integer"
    return {**_classes(counts, encoding), "highest": float(names[-1])}


def _classes(counts: Foreign, encoding: str) -> Dict[str, object]:
    listed: List[int] = [int(count) for count in counts]
    return {"classes": len(listed), "counts": listed[:MOST_CLASSES], "encoding": encoding}


def _numbers(array: Foreign) -> Foreign:
    if array.dtype.kind not in "biufO":
        return None
    flat = array.reshape(array.shape[0], -1)
    rows = max(16, SAMPLED // max(1, flat.shape[1]))
    sample = flat[:: max(1, -(-flat.shape[0] // rows))]
    try:
        return sample.astype("float64")
    except (TypeError, ValueError):  # a table of text has no numbers to describe
        return None


def _summary(values: Foreign) -> Dict[str, float]:
    return {
        "min": round(float(values.min()), 6),
        "max": round(float(values.max()), 6),
        "mean": round(float(values.mean()), 6),
        "std": round(float(values.std()), 6),
    }


def describe_rows(inputs: Foreign, labels: Foreign) -> Dict[str, object]:
    """Return the share of rows that equal a row with another label (`conflicts`).

    *labels* are None where they are no classes. Nothing is returned where there are more rows than can be compared
    cheaply.
    """
    if not inputs.size or inputs.shape[0] > MOST_ROWS or inputs.size > MOST_ELEMENTS:
        return {}
    if labels is None or labels.shape[0] != inputs.shape[0]:
        return {}
    numpy: Foreign = sys.modules["numpy"]
    _, group = numpy.unique(hashes_of(inputs), return_inverse=True)
    _, classes = numpy.unique(_class_labels(labels), return_inverse=True)
    group = group.reshape(-1)
    pairs = numpy.unique(numpy.stack([group, classes.reshape(-1)]), axis=1)
    contradicts = numpy.bincount(pairs[0])[group] > 1
    return {"conflicts": round(float(contradicts.mean()), 4)}


def _class_labels(labels: Foreign) -> Foreign:
    if labels.ndim == TABLE and labels.shape[1] > 1:
        return labels.argmax(axis=1)
    return labels.reshape(-1) if labels.dtype.kind in "biuf" else labels.reshape(-1).astype(str)

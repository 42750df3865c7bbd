"""Facts about the arrays passed to ``fit``."""

from __future__ import annotations

from typing import Dict

from trainprobe.data.arrays import TABLE, are_whole, class_of_rows, is_one_hot, spread_rows
from trainprobe.data.identity import hashes_of
from trainprobe.foreign import Foreign, numpy

MOST_ROWS = 20_000
MOST_ELEMENTS = 4_000_000
PAIR = 2  # classes
FAR = 10.0  # a mean or standard deviation beyond it slows training or hides the other columns
TINY = 0.01  # a standard deviation below it looks constant to a network
WIDE = 2.0  # the largest standard deviation from which on ...
UNLIKE = 100.0  # ... one this many times smaller counts
ROUNDING = 1e-3  # by which probabilities may miss a sum of 1
FEW = 20  # at most so many distinct whole numbers are classes
MOST_COLUMNS = 64
MOST_CLASSES = 64
SAMPLED = 2_000_000  # elements that are looked at


def describe_inputs(array: Foreign) -> Dict[str, object]:
    """Return the number of rows, the shape of one, statistics of a table's columns, and missing values."""
    rows, *shape = map(int, array.shape)
    facts: Dict[str, object] = {"rows": rows, "shape": shape}
    table = _numbers(array)
    if table is None or not table.size:
        return facts
    facts["missing"] = int(numpy.isnan(table).any(axis=1).sum())
    facts["infinite"] = int(numpy.isinf(table).any(axis=1).sum())
    kept = table[numpy.isfinite(table).all(axis=1)]
    return {**facts, **_statistics(kept, has_columns=array.ndim <= TABLE)} if kept.size else facts


def _statistics(table: Foreign, *, has_columns: bool) -> Dict[str, object]:
    overall = _summary(table.ravel())
    if not has_columns:
        return {"overall": overall, "unscaled": is_unscaled(table.reshape(-1, 1))}
    columns = [_summary(column) for column in table.T[:MOST_COLUMNS]]
    return {"overall": overall, "unscaled": is_unscaled(table), "columns": columns}


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
    """Return how labels are encoded, how many classes there are with the rows of each, and their range as amounts."""
    facts: Dict[str, object] = {"width": int(array.size // array.shape[0])}
    table = _numbers(array) if array.dtype.kind in "biuf" else None
    if table is None:
        counts = numpy.unique(array.reshape(-1).astype(str), return_counts=True)[1]
        return {**facts, **_classes(counts, "text")}
    steps = array.reshape(-1, array.shape[-1] if array.ndim > 1 else 1)
    if is_one_hot(steps):
        facts.update(_classes(steps.sum(axis=0), "one-hot"))
    elif array.ndim == TABLE and array.shape[1] > 1:
        facts.update(_describe_columns(table))
    else:
        facts.update(_describe_values(array.reshape(-1) if facts["width"] == 1 else table.reshape(-1)))
    return {**facts, **_amounts(table[numpy.isfinite(table)])}


def _describe_columns(table: Foreign) -> Dict[str, object]:
    """Describe several columns that are not one-hot; whole numbers may be amounts, or the class of each step."""
    if ((table == 0) | (table == 1)).all():
        return {"encoding": "multi-label"}
    if (table >= 0).all() and (abs(table.sum(axis=1) - 1) < ROUNDING).all():
        return {"encoding": "probabilities"}
    facts = _describe_values(table.reshape(-1))
    return facts if facts["encoding"] == "continuous" else {"encoding": "integer"}


def _describe_values(values: Foreign) -> Dict[str, object]:
    numbers, counts = numpy.unique(values, return_counts=True)
    if not are_whole(numbers) or len(numbers) > max(FEW, values.size // 5):
        return {"encoding": "continuous", "distinct": len(numbers)}
    return _classes(counts, "binary" if len(numbers) == PAIR and set(numbers.tolist()) <= {0, 1} else "integer")


def _amounts(values: Foreign) -> Dict[str, object]:
    """Return between which numbers labels lie and how they spread, to six digits, however small they are."""
    if not values.size:
        return {}
    of = {"lowest": values.min(), "highest": values.max(), "mean": values.mean(), "std": values.std()}
    return {name: float("{:.6g}".format(value)) for name, value in of.items()}


def _classes(counts: Foreign, encoding: str) -> Dict[str, object]:
    return {"classes": len(counts), "counts": [int(count) for count in counts[:MOST_CLASSES]], "encoding": encoding}


def _numbers(array: Foreign) -> Foreign:
    if array.dtype.kind not in "biufO":
        return None
    try:
        return spread_rows(array.reshape(array.shape[0], -1), SAMPLED).astype("float64")
    except (TypeError, ValueError):  # a table of text has no numbers to describe
        return None


def _summary(values: Foreign) -> Dict[str, float]:
    return {name: round(float(getattr(values, name)()), 6) for name in ("min", "max", "mean", "std")}


def describe_rows(inputs: Foreign, labels: Foreign) -> Dict[str, object]:
    """Return the share of rows that repeat another one (`repeated`), and how the labels depend on the rows.

    That is the share of rows that equal a row with another label (`conflicts`), and the number of a column that is the
    label itself (`label_column`). *labels* are None where they are no classes. Nothing is returned of more rows than
    can be compared cheaply.
    """
    if not inputs.size or inputs.shape[0] > MOST_ROWS or inputs.size > MOST_ELEMENTS:
        return {}
    distinct, group = numpy.unique(hashes_of(inputs), return_inverse=True)
    facts: Dict[str, object] = {"repeated": round(1 - len(distinct) / inputs.shape[0], 4)}
    if labels is None:
        return facts
    labels = class_of_rows(labels if labels.dtype.kind in "biuf" else labels.astype(str))
    if labels.shape[0] != inputs.shape[0]:  # not one for each row
        return facts
    classes = numpy.unique(labels, return_inverse=True)[1].reshape(-1)
    pairs = numpy.unique(numpy.stack([group.reshape(-1), classes]), axis=1)
    contradicts = numpy.bincount(pairs[0])[group.reshape(-1)] > 1
    return {**facts, "conflicts": round(float(contradicts.mean()), 4), **_label_column(inputs, classes)}


def _label_column(inputs: Foreign, classes: Foreign) -> Dict[str, object]:
    """Return the number of the first of several columns that has one value for each class, another for each."""
    order = classes.argsort(kind="stable")
    starts = numpy.flatnonzero(numpy.diff(classes[order], prepend=-1))
    if inputs.ndim != TABLE or inputs.shape[1] < PAIR or inputs.dtype.kind not in "biuf" or len(starts) < PAIR:
        return {}
    table = inputs[order]
    lowest, highest = (of.reduceat(table, starts) for of in (numpy.minimum, numpy.maximum))
    for column in numpy.flatnonzero((lowest == highest).all(axis=0)):
        if len(numpy.unique(lowest[:, column])) == len(starts) < len(classes):
            return {"label_column": int(column)}
    return {}

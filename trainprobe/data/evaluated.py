"""What is known of the rows that a measurement was taken on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Dict, Sequence, Tuple

from trainprobe.data.arrays import as_array, classes_of, is_one_hot
from trainprobe.data.content import labels_of
from trainprobe.data.samples import rows_of
from trainprobe.foreign import Foreign, numpy, rounded


@dataclass(frozen=True)
class Evaluated:
    """Rows that a model was measured on: their number, that of their classes, and the share of the commonest class.

    Of labels that are numbers also the standard deviation, and the mean absolute *deviation* from their median: what
    the errors come to of always predicting the mean or the median. Each is 0 where it is not known.
    """

    rows: int = 0
    classes: int = 0
    majority: float = 0.0
    std: float = 0.0
    deviation: float = 0.0

    @property
    def has_labels(self) -> bool:
        """Whether their labels were seen."""
        return bool(self.classes or self.std)

    def as_json(self) -> Dict[str, object]:
        """Return what result.json says of them."""
        known = {name: value for name, value in vars(self).items() if value}
        return {"rows": self.rows, **known}


UNKNOWN_ROWS = Evaluated()


def evaluated(inputs: Foreign, labels: Foreign = None) -> Evaluated:
    """Return what is known of *inputs* with *labels*; a dataset or a loader holds both."""
    rows = rows_of(inputs)
    array = as_array(labels_of(inputs) if labels is None and rows is None else labels)
    known = len(array) if rows is None and array is not None and array.ndim else rows or 0
    classes = classes_of(array)
    if classes is None or not len(classes):
        return Evaluated(known, 0, 0.0, *spread_of(array))
    counts = numpy.unique(classes, return_counts=True)[1]
    return Evaluated(known, len(counts), round(float(counts.max() / counts.sum()), 6), *spread_of(array))


def spread_of(labels: Foreign) -> Tuple[float, float]:
    """Return the standard deviation of *labels*, and their mean absolute deviation from the median; 0 if not numbers.

    Several columns are taken together.
    """
    if labels is None or labels.dtype.kind not in "iuf" or not labels.size or is_one_hot(labels):
        return 0.0, 0.0
    table = labels.reshape(len(labels), -1).astype("float64")
    std, deviation = math.sqrt(table.var(axis=0).mean()), float(abs(table - numpy.median(table, axis=0)).mean())
    return (rounded(std), rounded(deviation)) if math.isfinite(std) else (0.0, 0.0)


def together(several: Sequence[Evaluated]) -> Evaluated:
    """Return what is known of *several* folds together."""
    rows = sum(one.rows for one in several)
    if not rows:
        return UNKNOWN_ROWS

    def mean(name: str) -> float:
        return rounded(sum(getattr(one, name) * one.rows for one in several) / rows)

    return Evaluated(rows, max(one.classes for one in several), mean("majority"), mean("std"), mean("deviation"))

"""What is known of the rows that a measurement was taken on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Sequence

from trainprobe.data.arrays import as_array, classes_of
from trainprobe.data.content import labels_of
from trainprobe.data.samples import rows_of
from trainprobe.foreign import Foreign, numpy


@dataclass(frozen=True)
class Evaluated:
    """Rows that a model was measured on: their number, that of their classes, and the share of the commonest class.

    Each is 0 where it is not known.
    """

    rows: int = 0
    classes: int = 0
    majority: float = 0.0

    def as_json(self) -> Dict[str, object]:
        """Return what result.json says of them."""
        return {"rows": self.rows, **({"classes": self.classes, "majority": self.majority} if self.classes else {})}


UNKNOWN_ROWS = Evaluated()


def evaluated(inputs: Foreign, labels: Foreign = None) -> Evaluated:
    """Return what is known of *inputs* with *labels*; a dataset or a loader holds both."""
    rows = rows_of(inputs)
    array = as_array(labels_of(inputs) if labels is None and rows is None else labels)
    known = len(array) if rows is None and array is not None and array.ndim else rows or 0
    classes = classes_of(array)
    if classes is None or not len(classes):
        return Evaluated(known)
    counts = numpy.unique(classes, return_counts=True)[1]
    return Evaluated(known, len(counts), round(float(counts.max() / counts.sum()), 6))


def together(several: Sequence[Evaluated]) -> Evaluated:
    """Return what is known of *several* folds together."""
    rows = sum(one.rows for one in several)
    common = sum(one.majority * one.rows for one in several)
    return Evaluated(rows, max(one.classes for one in several), round(common / rows, 6) if rows else 0.0)

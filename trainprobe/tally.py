"""Counts the classes that a model predicts, and how often it is right."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import List, Optional

from trainprobe.data import TABLE, as_array
from trainprobe.foreign import Foreign
from trainprobe.samples import Part, rows_of

MOST_CLASSES = 64


@dataclass(frozen=True)
class Predicted:
    """Classes of some rows as numbers below *classes*, and which of them are right if that can be told."""

    numbers: Foreign
    classes: int
    right: Foreign = None


class Tally:
    """Adds up what was predicted."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self._counts: List[int] = []
        self._right = 0
        self._compared = 0

    def add(self, predicted: Optional[Predicted]) -> None:
        """Add what was *predicted* of some rows, if it was anything."""
        if predicted is None:
            return
        numpy: Foreign = sys.modules["numpy"]
        counts = numpy.bincount(predicted.numbers, minlength=predicted.classes).tolist()
        before = self._counts or [0] * len(counts)
        self._counts = [one + other for one, other in zip(before, counts)]  # noqa: B905 - Python 3.7 has no strict
        if predicted.right is not None:
            self._right += int(predicted.right.sum())
            self._compared += len(predicted.right)

    def counts(self) -> Optional[List[int]]:
        """Return how many rows were of each of the first 64 classes; None where there were no rows."""
        return self._counts[:MOST_CLASSES] or None

    def accuracy(self) -> Optional[float]:
        """Return the share of rows that were right, None where none could be compared."""
        return round(self._right / self._compared, 6) if self._compared else None


def by_number(outputs: Foreign, labels: Foreign, threshold: float) -> Optional[Predicted]:
    """Return the classes that the *outputs* of a network tell, whose number they are; None if there are no *labels*.

    Of two classes, an output alone tells the second where it is above *threshold*.
    """
    outputs = outputs.reshape(-1, 1) if outputs is not None and outputs.ndim == 1 else outputs
    if outputs is None or outputs.ndim != TABLE or labels is None:
        return None
    single = outputs.shape[1] == 1
    numbers = (outputs[:, 0] > threshold).astype(int) if single else outputs.argmax(axis=1)
    classes = max(outputs.shape[1], 2)
    array = as_array(labels)
    if array is None or array.dtype.kind not in "biuf" or array.shape[0] != len(numbers):
        return Predicted(numbers, classes)
    true = array.argmax(axis=1) if array.ndim == TABLE and array.shape[1] > 1 else array.reshape(-1)
    fits = true.min() >= 0 and true.max() < classes
    return Predicted(numbers, classes, numbers == true if fits else None)


def by_name(model: Foreign, part: Part) -> Optional[Predicted]:
    """Return the classes that an estimator predicts, by their place among its own."""
    numpy: Foreign = sys.modules["numpy"]
    classes = numpy.asarray(model.classes_)
    predicted = numpy.asarray(model.predict(part.inputs)).reshape(-1)
    if classes.ndim != 1 or len(predicted) != rows_of(part.inputs):
        return None
    numbers = numpy.searchsorted(classes, predicted).clip(max=len(classes) - 1)
    labels = None if part.labels is None else numpy.asarray(part.labels).reshape(-1)
    comparable = labels is not None and len(labels) == len(predicted)
    return Predicted(numbers, len(classes), predicted == labels if comparable else None)

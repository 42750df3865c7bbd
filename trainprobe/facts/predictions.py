"""What a trained model makes of rows that were kept: the classes, how often they are right, and the activations."""

from __future__ import annotations

import io
import time
import warnings
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Dict, List, Optional, Tuple

from trainprobe.data.arrays import TABLE, as_array, class_of_rows
from trainprobe.data.samples import Part, Samples, in_turns, rows_of
from trainprobe.facts.activations import keras_network, torch_network
from trainprobe.facts.data import MOST_CLASSES
from trainprobe.foreign import Foreign, numpy

AT_LEAST = 0.3  # seconds that all predictions may take in any case
SHARE = 0.02  # of the time that training took
AT_ONCE = 256  # rows
FEWEST = 16  # rows; fewer tell nothing
FIRST = 50  # rows that an estimator predicts first, to see how long it takes
Layers = Dict[int, Dict[str, object]]  # facts of layers by their number


@dataclass(frozen=True)
class Predicted:
    """Classes of some rows as numbers below *classes*, and which of them are right if that can be told."""

    numbers: Foreign
    classes: int
    right: Foreign = None


class ClassCounts:
    """How often each class was predicted, and how often rightly."""

    def __init__(self) -> None:
        self._counts: List[int] = []
        self._right = 0
        self._compared = 0

    def add(self, predicted: Optional[Predicted]) -> None:
        """Add the predictions for some rows, if there are any."""
        if predicted is None:
            return
        counts = numpy.bincount(predicted.numbers, minlength=predicted.classes).tolist()
        before = self._counts or [0] * len(counts)
        self._counts = [one + other for one, other in zip(before, counts)]  # noqa: B905 - Python 3.7 has no strict
        if predicted.right is not None:
            self._right += int(predicted.right.sum())
            self._compared += len(predicted.right)

    @property
    def predicted(self) -> Optional[List[int]]:
        """How many rows were of each of the first 64 classes; None where there were no rows."""
        return self._counts[:MOST_CLASSES] or None

    @property
    def accuracy(self) -> Optional[float]:
        """The share of rows that were right, None where none could be compared."""
        return round(self._right / self._compared, 6) if self._compared else None


def ask(samples: Samples) -> Tuple[ClassCounts, Layers]:
    """Return what the model of *samples* predicts, and the facts of its layers.

    What its author's code prints meanwhile is not shown.
    """
    model = samples.model()
    if model is None:
        return ClassCounts(), {}
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        if samples.library == "sklearn":
            return _ask_estimator(model, samples), {}
        return _ask_network(model, samples)


class _Clock:
    def __init__(self, training: float) -> None:
        self._end = time.monotonic() + max(AT_LEAST, SHARE * training)

    def left(self) -> float:
        return max(0.0, self._end - time.monotonic())


def _ask_network(model: Foreign, samples: Samples) -> Tuple[ClassCounts, Layers]:
    counts, clock = ClassCounts(), _Clock(samples.seconds)
    at_once = int(min(AT_ONCE, clock.left() / samples.for_a_row)) if samples.for_a_row else AT_ONCE
    if at_once < FEWEST or samples.fitted is None:
        return counts, {}
    network = keras_network(model) if samples.library == "keras" else torch_network(model)
    with network.ready(), network.watched():
        for turn in in_turns(samples.fitted, at_once):
            if not clock.left():
                break
            counts.add(by_number(network.outputs(turn.inputs), turn.labels, samples.threshold))
    return counts, network.facts()


def _ask_estimator(model: Foreign, samples: Samples) -> ClassCounts:
    counts, clock, part = ClassCounts(), _Clock(samples.seconds), samples.fitted
    if getattr(model, "classes_", None) is None or part is None:
        return counts
    before = clock.left()
    counts.add(by_name(model, next(in_turns(part, FIRST))))
    affordable = FIRST * clock.left() / max(before - clock.left(), 1e-6)
    if affordable > FIRST and (rows_of(part.inputs) or 0) > FIRST:
        counts = ClassCounts()
        counts.add(by_name(model, next(in_turns(part, int(affordable)))))
    return counts


def by_number(outputs: Foreign, labels: Foreign, threshold: float) -> Optional[Predicted]:
    """Return the classes that the *outputs* of a network tell, whose number they are; None if there are no *labels*.

    Of two classes, an output alone tells the second where it is above *threshold*.
    """
    if outputs is None or labels is None or outputs.ndim not in (1, TABLE):
        return None
    outputs = outputs.reshape(len(outputs), -1)
    single = outputs.shape[1] == 1
    numbers = (outputs[:, 0] > threshold).astype(int) if single else outputs.argmax(axis=1)
    classes = max(outputs.shape[1], 2)
    return Predicted(numbers, classes, _right(numbers, as_array(labels), classes))


def _right(numbers: Foreign, labels: Foreign, classes: int) -> Foreign:
    """Return which of *numbers* equal the row's label; None where the labels are no numbers of *classes*."""
    if labels is None or labels.dtype.kind not in "biuf" or labels.shape[0] != len(numbers):
        return None
    true = class_of_rows(labels)
    return numbers == true if true.min() >= 0 and true.max() < classes else None


def by_name(model: Foreign, part: Part) -> Optional[Predicted]:
    """Return the classes that an estimator predicts, by their place among its own."""
    classes = numpy.asarray(model.classes_)
    predicted = numpy.asarray(model.predict(part.inputs)).reshape(-1)
    if classes.ndim != 1 or len(predicted) != rows_of(part.inputs):
        return None
    numbers = numpy.searchsorted(classes, predicted).clip(max=len(classes) - 1)
    labels = None if part.labels is None else numpy.asarray(part.labels).reshape(-1)
    comparable = labels is not None and len(labels) == len(predicted)
    return Predicted(numbers, len(classes), predicted == labels if comparable else None)

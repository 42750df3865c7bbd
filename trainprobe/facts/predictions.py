"""Asks a trained model about rows that were kept: which classes it sees, how often it is right, what its units do."""

from __future__ import annotations

import io
import sys
import time
import warnings
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import Dict, List, Optional

from trainprobe.data.arrays import TABLE, as_array
from trainprobe.data.samples import Part, Samples, in_turns, rows_of
from trainprobe.facts.activations import Network, keras_network, torch_network
from trainprobe.foreign import Foreign

MOST_CLASSES = 64

AT_LEAST = 0.3  # seconds that all questions may take in any case
SHARE = 0.02  # of the time that training took
AT_ONCE = 256  # rows
FEWEST = 16  # rows; of fewer nothing is learned
FIRST = 50  # rows that an estimator is asked about first, to see how long it takes


@dataclass(frozen=True)
class Answers:
    """What to add to the facts: of the training, of layers by their number, of the run."""

    training: Dict[str, object] = field(default_factory=dict)
    layers: Dict[int, Dict[str, object]] = field(default_factory=dict)
    accuracies: Dict[str, object] = field(default_factory=dict)


def ask(samples: Samples) -> Answers:
    """Ask the model of *samples*; what its author's code prints meanwhile is not shown."""
    model = samples.model()
    if model is None:
        return Answers()
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        return _ask_estimator(model, samples) if samples.library == "sklearn" else _ask_network(model, samples)


class _Clock:
    def __init__(self, training: float) -> None:
        self._end = time.monotonic() + max(AT_LEAST, SHARE * training)

    def left(self) -> float:
        return max(0.0, self._end - time.monotonic())


def _ask_network(model: Foreign, samples: Samples) -> Answers:
    clock = _Clock(samples.seconds)
    at_once = int(min(AT_ONCE, clock.left() / samples.for_a_row)) if samples.for_a_row else AT_ONCE
    if at_once < FEWEST:
        return Answers()
    network: Network = keras_network(model) if samples.library == "keras" else torch_network(model)
    with network.ready():
        with network.watched():
            fitted = _network_tally(network, samples, samples.fitted, at_once, clock)
        held_out = _network_tally(network, samples, samples.held_out, at_once, clock)
    return _told(fitted, held_out, network.facts())


def _network_tally(network: Network, of: Samples, part: Optional[Part], at_once: int, clock: _Clock) -> Tally:
    tally = Tally()
    for turn in in_turns(part, at_once) if part is not None else ():
        if not clock.left():
            break
        tally.add(by_number(network.outputs(turn.inputs), turn.labels, of.threshold))
    return tally


def _ask_estimator(model: Foreign, samples: Samples) -> Answers:
    clock = _Clock(samples.seconds)
    if getattr(model, "classes_", None) is None:
        return Answers()
    fitted = _estimator_tally(model, samples.fitted, clock)
    return _told(fitted, _estimator_tally(model, samples.held_out, clock), {})


def _estimator_tally(model: Foreign, part: Optional[Part], clock: _Clock) -> Tally:
    tally = Tally()
    if part is None or not clock.left():
        return tally
    before = clock.left()
    tally.add(by_name(model, next(in_turns(part, FIRST))))
    affordable = FIRST * clock.left() / max(before - clock.left(), 1e-6)
    if affordable <= FIRST or (rows_of(part.inputs) or 0) <= FIRST:
        return tally
    larger = Tally()
    larger.add(by_name(model, next(in_turns(part, int(affordable)))))
    return larger


def _told(fitted: Tally, held_out: Tally, layers: Dict[int, Dict[str, object]]) -> Answers:
    named = {"predicted": fitted.counts(), "held_out_predicted": held_out.counts()}
    right = {"train_accuracy": fitted.accuracy(), "held_out_accuracy": held_out.accuracy()}
    return Answers(_known(named), layers, _known(right))


def _known(facts: Dict[str, Foreign]) -> Dict[str, object]:
    return {name: value for name, value in facts.items() if value is not None}


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

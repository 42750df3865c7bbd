"""What a trained model makes of rows that were kept: the classes, how often they are right, and the activations."""

from __future__ import annotations

import io
import time
import warnings
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from typing import Dict, Iterator, List, Optional, Sequence

from trainprobe.data.arrays import TABLE, as_array, class_of_rows
from trainprobe.data.evaluated import UNKNOWN_ROWS, Evaluated, evaluated
from trainprobe.data.samples import Part, Rows, Samples, in_turns, rows_of
from trainprobe.facts.activations import as_numbers, keras_network, torch_network
from trainprobe.facts.data import MOST_CLASSES
from trainprobe.foreign import Foreign, numpy

AT_LEAST = 0.3  # seconds that all predictions may take in any case
SHARE = 0.02  # of the time that training took
AT_ONCE = 256  # rows
FEWEST = 16  # rows; fewer tell nothing
LONGEST = 5.0  # seconds of training, at most, for whose rows the accuracy is measured
FIRST = 50  # rows that an estimator predicts first, to see how long it takes
Layers = Dict[int, Dict[str, object]]  # facts of layers by their number


@dataclass(frozen=True)
class Predicted:
    """Classes of some rows as numbers below *classes*, and which of them are right if that is known."""

    numbers: Foreign
    classes: int
    right: Foreign = None


@dataclass(frozen=True)
class Answers:
    """How many rows were predicted as each of the first 64 classes, the share of right ones, and facts of the layers.

    The first two are None where there is nothing to count; *on* are those that were compared with their labels.
    """

    predicted: Optional[List[int]] = None
    accuracy: Optional[float] = None
    on: Evaluated = UNKNOWN_ROWS
    layers: Layers = field(default_factory=dict)


def ask(samples: Samples) -> Answers:
    """Ask the model of *samples* to predict; what its author's code prints meanwhile is not shown."""
    model, fitted = samples.model(), samples.fitted
    if model is None or fitted is None:
        return Answers()
    end = time.monotonic() + max(AT_LEAST, SHARE * samples.seconds)
    with silence():
        if samples.library == "sklearn":
            return _counted([_ask_estimator(model, fitted, end)])
        return _ask_network(model, samples, fitted, end)


def accuracy_on(rows: Rows, samples: Samples) -> Answers:
    """Return how many of *rows* the network of Keras in *samples* is right about.

    Of more rows than were trained with in 5 s, only so many are predicted.
    """
    model = samples.model()
    part = rows.some(int(LONGEST / samples.for_a_row) if samples.for_a_row else rows.last)
    if model is None or part is None:
        return Answers()
    with silence():
        outputs = as_numbers(model.predict(part.inputs, batch_size=AT_ONCE, verbose=0))
    counted = _counted([by_number(outputs, part.labels, samples.threshold)])
    return replace(counted, on=evaluated(part.inputs, part.labels) if counted.on.rows else UNKNOWN_ROWS)


@contextmanager
def silence() -> Iterator[None]:
    """Show nothing of what models print, or warn of."""
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def _ask_network(model: Foreign, samples: Samples, fitted: Part, end: float) -> Answers:
    affordable = (end - time.monotonic()) / samples.for_a_row if samples.for_a_row else AT_ONCE
    if affordable < FEWEST:
        return Answers()
    network, predicted = (keras_network if samples.library == "keras" else torch_network)(model), []
    with network.recording():
        for turn in in_turns(fitted, int(min(AT_ONCE, affordable))):
            if time.monotonic() > end:
                break
            predicted.append(by_number(network.outputs(turn.inputs), turn.labels, samples.threshold))
    return replace(_counted(predicted), layers={number: layer.facts() for number, layer in network.layers.items()})


def _ask_estimator(model: Foreign, fitted: Part, end: float) -> Optional[Predicted]:
    if getattr(model, "classes_", None) is None:
        return None
    began = time.monotonic()
    predicted = by_name(model, next(in_turns(fitted, FIRST)))
    now = time.monotonic()
    affordable = FIRST * (end - now) / max(now - began, 1e-6)
    if affordable > FIRST and (rows_of(fitted.inputs) or 0) > FIRST:
        predicted = by_name(model, next(in_turns(fitted, int(affordable))))
    return predicted


def _counted(answers: Sequence[Optional[Predicted]]) -> Answers:
    known = [one for one in answers if one is not None]
    if not known:
        return Answers()
    counts = numpy.bincount(numpy.concatenate([one.numbers for one in known]), minlength=known[0].classes)
    right = [one.right for one in known if one.right is not None]
    accuracy = round(float(numpy.concatenate(right).mean()), 6) if right else None
    return Answers(counts[:MOST_CLASSES].tolist(), accuracy, Evaluated(sum(map(len, right))))


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

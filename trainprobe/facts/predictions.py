"""What a trained model makes of rows that were kept: the classes, how often they are right, and the activations."""

from __future__ import annotations

import io
import time
import warnings
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from typing import Callable, Dict, Iterator, List, Optional, Sequence, TypeVar

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
Answer = TypeVar("Answer")
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
    *outputs* are what the model returned for rows with these *labels*.
    """

    predicted: Optional[List[int]] = None
    accuracy: Optional[float] = None
    on: Evaluated = UNKNOWN_ROWS
    layers: Layers = field(default_factory=dict)
    outputs: Foreign = None
    labels: Foreign = None


def ask(samples: Samples) -> Answers:
    """Ask the model of *samples* to predict; what its author's code prints meanwhile is not shown."""
    model, fitted = samples.model(), samples.fitted
    if model is None or fitted is None:
        return Answers()
    end = time.monotonic() + max(AT_LEAST, SHARE * samples.seconds)
    with silence():
        if samples.library == "sklearn":
            return _ask_estimator(model, fitted, end)
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
    counted = _counted(by_number(outputs, part.labels, samples.threshold))
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
    network, asked = (keras_network if samples.library == "keras" else torch_network)(model), []
    with network.recording():
        for turn in in_turns(fitted, int(min(AT_ONCE, affordable))):
            if time.monotonic() > end:
                break
            asked.append((network.outputs(turn.inputs), as_array(turn.labels)))
    layers = {number: layer.facts() for number, layer in network.layers.items()}
    outputs, labels = (_joined([turn[place] for turn in asked]) for place in range(2))
    counted = _counted(by_number(outputs, labels, samples.threshold) if samples.are_classes else None)
    return replace(counted, layers=layers, outputs=outputs, labels=labels)


def _joined(parts: Sequence[Foreign]) -> Foreign:
    known = [part for part in parts if part is not None]
    return numpy.concatenate(known) if known and len(known) == len(parts) else None


def _ask_estimator(model: Foreign, fitted: Part, end: float) -> Answers:
    outputs, labels = in_time(lambda part: (model.predict(part.inputs), part.labels), fitted, end)
    outputs, labels = numpy.asarray(outputs), None if labels is None else numpy.asarray(labels)
    counted = _counted(by_name(model.classes_, outputs, labels) if hasattr(model, "classes_") else None)
    return replace(counted, outputs=outputs, labels=labels)


def in_time(ask: Callable[[Part], Answer], part: Part, end: float) -> Answer:
    """Return what *ask* answers for as many rows of *part* as there is time for until *end*, at least for a few."""
    began = time.monotonic()
    answer = ask(next(in_turns(part, FIRST)))
    now = time.monotonic()
    affordable = FIRST * (end - now) / max(now - began, 1e-6)
    if affordable > FIRST and (rows_of(part.inputs) or 0) > FIRST:
        answer = ask(next(in_turns(part, int(affordable))))
    return answer


def _counted(answers: Optional[Predicted]) -> Answers:
    if answers is None:
        return Answers()
    counts = numpy.bincount(answers.numbers, minlength=answers.classes)[:MOST_CLASSES].tolist()
    if answers.right is None:
        return Answers(counts)
    return Answers(counts, round(float(answers.right.mean()), 6), Evaluated(len(answers.right)))


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


def by_name(names: Foreign, outputs: Foreign, labels: Foreign) -> Optional[Predicted]:
    """Return the classes that an estimator has as *outputs*, by their place among its *names*."""
    classes = numpy.asarray(names)
    if classes.ndim != 1 or outputs.size != len(outputs):
        return None
    predicted = outputs.reshape(-1)
    numbers = numpy.searchsorted(classes, predicted).clip(max=len(classes) - 1)
    comparable = labels is not None and labels.size == len(predicted)
    return Predicted(numbers, len(classes), predicted == labels.reshape(-1) if comparable else None)

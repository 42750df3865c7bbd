"""Asks a trained model about rows that were kept: which classes it sees, how often it is right, what its units do."""

from __future__ import annotations

import io
import time
import warnings
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import Dict, Optional

from trainprobe.foreign import Foreign
from trainprobe.samples import Part, Samples, in_turns, rows_of
from trainprobe.tally import Tally, by_name, by_number
from trainprobe.units import Network, keras_network, torch_network

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

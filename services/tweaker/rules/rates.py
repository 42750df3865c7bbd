"""Whether a network's learning rate is too high or too low."""

import math
from typing import NamedTuple

from services.tweaker.diagnosis import curves
from services.tweaker.diagnosis.case import Case
from services.tweaker.diagnosis.facts import ACTIVATION_LAYERS, OUTPUT_LAYERS, WITHOUT_WEIGHTS, Facts
from services.tweaker.edits.space import Real, Space
from services.tweaker.rules.rule import Evidences, Remedies, Rule, is_network, offer, offering
from services.tweaker.rules.training import FEW_DESCENTS, train_longer
from services.tweaker.rules.values import USUAL_RATE, sufficient_rate, usual_rate
from trainyard.words import counted, number


class Bounds(NamedTuple):
    """The learning rates at which an optimizer is too slow or too fast; surely so, whatever the curve shows."""

    surely_low: float
    low: float
    high: float
    surely_high: float


BOUNDS = {
    "sgd": Bounds(0.0005, 0.002, 0.1, 0.3),
    "adagrad": Bounds(0.001, 0.005, 0.1, 1.0),
    "adadelta": Bounds(0.01, 0.1, 5.0, 20.0),
    "ftrl": Bounds(0.001, 0.005, 0.5, 2.0),
}
OTHERS = Bounds(0.00003, 0.0002, 0.01, 0.05)
STEADY_STEPS = frozenset({"adam", "adamw", "nadam", "adamax", "rmsprop"})
"""Optimizers whose steps do not depend on how steep the loss is."""
PLAIN = frozenset({*OUTPUT_LAYERS, *ACTIVATION_LAYERS, *WITHOUT_WEIGHTS, "Tanh", "Sigmoid"})
"""Layers through which the size of an output can be followed."""
ABOUT = 0.5
"""The size of scaled inputs, and of the activations that usual initial weights make of them."""
RISEN = 0.2
JUMPS = 0.15
SLOW_FALL = 0.3
LATE = 0.08
SLOW_DESCENT = 0.01
"""Plain descent at such a rate needs more steps than `FEW_DESCENTS`."""
DECAYED = 10
"""A schedule that leaves less than this part of the rate."""


def missing_zero_grad(case: Case) -> Evidences:
    """Detect a training loop in PyTorch that never resets its gradients (0.9, structure; 0.5 where it fits)."""
    if "zero_grad" in case.settings:
        what = "The gradients are never reset (zero_grad), so each step adds those of all earlier batches"
        yield what, 0.5 if case.fits_training_data else 0.9, "structure"


def learning_rate_too_high(case: Case) -> Evidences:
    """Detect a learning rate that is too high.

    The loss is NaN (0.9, curves); the rate is far above what is usual for its optimizer (0.85, structure); the loss
    rises again (0.75, curves); it jumps at a high rate (0.7, curves).
    """
    if case.facts.nan:
        confidence = 0.3 if case.facts.inputs.missing or case.facts.inputs.infinite else 0.9
        yield f"The loss became NaN: {_rate(case)} is too high", confidence, "curves"
    if (case.learning_rate or 0.0) >= _bounds(case).surely_high and not case.fits_training_data:
        yield f"{_rate(case).capitalize()} is far above what is usual for {case.optimizer}", 0.85, "structure"
    if len(case.losses) >= 2 * curves.ENOUGH:
        yield from _restless(case)


def _restless(case: Case) -> Evidences:
    rises = curves.drop(case.losses) < 0 or curves.rise(case.losses) > RISEN
    if rises and curves.moves(case.losses):
        yield f"The loss rises again: {_rate(case)} is too high", 0.75, "curves"
    if rate_is_high(case) and curves.unrest(case.losses) > JUMPS and not case.fits_training_data:
        yield f"The loss jumps from epoch to epoch: {_rate(case)} is high", 0.7, "curves"


def learning_rate_too_low(case: Case) -> Evidences:
    """Detect a learning rate that is too low.

    The rate is far below what is usual for its optimizer, as Adadelta's 0.001 is (0.85, structure); rate times steps,
    the most that a weight moves, is less than labels that are amounts need (0.8, structure); plain descent at 0.01 or
    less for less than 1000 steps (0.72, structure); a schedule that leaves less than a tenth of the rate (0.6,
    structure); the loss falls steadily and has not come far (0.7 to 0.8, curves).
    """
    if case.facts.nan:
        return
    if case.optimizer == "Adadelta" and case.learning_rate == USUAL_RATE:
        yield f"Keras sets Adadelta's learning rate to {USUAL_RATE:g}; its authors use 1", 0.85, "structure"
    if _is_at_most(case, _bounds(case).surely_low):
        yield f"{_rate(case).capitalize()} is far below what is usual for {case.optimizer}", 0.85, "structure"
    yield from _falls_short_of_labels(case)
    yield from _decays(case)
    yield from _descends_slowly(case)
    yield from _falls_slowly(case)


def _falls_short_of_labels(case: Case) -> Evidences:
    """Detect steps that together are too short, since a weight moves by about the rate in each of them.

    So does Adam (Kingma and Ba 2015, section 2.1), and what is like it.
    """
    labels, way = case.facts.labels, (case.learning_rate or math.inf) * (case.updates or math.inf)
    moves = labels.encoding == "continuous" and case.optimizer.lower() in STEADY_STEPS
    if moves and case.facts.inputs.unscaled is False and abs(labels.mean or 0.0) > _farthest_output(case.facts, way):
        steps = f"{counted(case.updates, 'step')} at {_rate(case)} move each weight by at most about {number(way)}"
        yield f"{steps}: too little to reach labels around {number(labels.mean or 0.0)}", 0.8, "structure"


def _farthest_output(facts: Facts, way: float) -> float:
    """Return how large an output can become where every weight goes the same *way* from near 0, at most.

    Scaled inputs and activations begin at about a half; each layer adds to them what its weights have become.
    """
    if not facts.inputs.shape or any(layer.kind not in PLAIN for layer in facts.body):
        return math.inf
    size, width = ABOUT, math.prod(facts.inputs.shape)
    for layer in facts.hidden_layers:
        size, width = ABOUT + way * width * size, layer.units
    return way * (width * size + 1)


def _decays(case: Case) -> Evidences:
    """Detect a schedule of the author's that makes the rate too low before the training is over."""
    start, end = case.learning_rate or 0.0, case.facts.model.learning_rate or math.inf
    if "patience" not in case.settings and end * DECAYED <= start and end <= _bounds(case).low:
        yield f"The schedule lowers the learning rate from {start:g} to {end:.2g}, which is too low", 0.6, "structure"


def _descends_slowly(case: Case) -> Evidences:
    slow = case.descends_plainly and _is_at_most(case, SLOW_DESCENT) and 0 < case.updates < FEW_DESCENTS
    if slow and not curves.has_settled(case.losses) and not case.facts.training.ended_early:
        yield f"{case.updates} steps of plain gradient descent at {_rate(case)} are too few", 0.72, "structure"


def _falls_slowly(case: Case) -> Evidences:
    low, fall = _is_at_most(case, _bounds(case).low), curves.drop(case.losses)
    steady = len(case.losses) >= curves.ENOUGH and curves.steadiness(case.losses) >= curves.STEADY
    if steady and curves.late_share(case.losses) > LATE and (low or 0 < fall < SLOW_FALL):
        what = f"The loss was still falling steadily after {case.epochs} epochs, by {fall:.0%} in total"
        yield f"{what}: {_rate(case)} is too low", 0.8 if low else 0.7, "curves"


def lower_learning_rate(case: Case) -> Remedies:
    """Use a lower learning rate: the usual one, or a tenth."""
    rate, usual = case.learning_rate, usual_rate(case)
    if not rate:
        yield from use_adam(case)
        return
    first = usual if rate > usual else rate / 10
    within = Real(min(first, usual) / 10, rate)
    yield from set_rate(case, first, within=within)
    yield from use_adam(case)
    yield from offer(case, "rate_plateau", 5)
    yield from set_rate(case, first / 3, first / 10, within=within)


def raise_learning_rate(case: Case) -> Remedies:
    """Use a higher learning rate: the usual one, or ten times the rate."""
    rate, usual = case.learning_rate, sufficient_rate(case)
    first = usual if rate and rate < usual / 1.5 else 10 * (rate or usual)
    within = Real(rate or usual, 10 * max(first, usual))
    yield from set_rate(case, first, within=within)
    yield from use_adam(case)
    yield from train_longer(case)
    yield from set_rate(case, 3 * first, within=within)


def use_adam(case: Case) -> Remedies:
    """Use Adam, which adapts the step of each weight."""
    if case.optimizer.lower() not in {"adam", "adamw", "nadam"}:
        yield from offer(case, "optimizer", "adam")


def set_rate(case: Case, *rates: float, within: Space | None = None) -> Remedies:
    """Set the learning rate to these values, rounded to two digits."""
    yield from offer(case, "learning_rate", *[float(f"{rate:.2g}") for rate in rates], within=within)


def rate_is_high(case: Case) -> bool:
    """Return whether the learning rate is high for its optimizer."""
    return (case.learning_rate or 0.0) >= _bounds(case).high


RULES = (
    Rule(missing_zero_grad, offering("zero_grad", None), of=is_network, stays=True),
    Rule(learning_rate_too_high, lower_learning_rate, of=is_network),
    Rule(learning_rate_too_low, raise_learning_rate, of=is_network, fits=False),
)


def _rate(case: Case) -> str:
    rate = case.learning_rate
    return "the learning rate" if rate is None else f"a learning rate of {rate:g}"


def _is_at_most(case: Case, bound: float) -> bool:
    return case.learning_rate is not None and case.learning_rate <= bound


def _bounds(case: Case) -> Bounds:
    return BOUNDS.get(case.optimizer.lower(), OTHERS)

"""Whether the steps of a network's training are too large or too small."""

from __future__ import annotations

from collections.abc import Mapping

from services.tweaker.diagnosis import curves
from services.tweaker.diagnosis.case import Case
from services.tweaker.edits.space import Real, Space
from services.tweaker.rules.rule import Evidence, Remedies, Rule, offer, offering
from services.tweaker.rules.training import train_longer
from services.tweaker.rules.values import USUAL_RATE, sufficient_rate, usual_rate

OTHERS = "others"
"""The bound for optimizers that are not named."""
SURELY_HIGH: Mapping[str, float] = {"sgd": 0.3, "adagrad": 1.0, "adadelta": 20.0, "ftrl": 2.0, OTHERS: 0.05}
SURELY_LOW: Mapping[str, float] = {"sgd": 0.0005, "adagrad": 0.001, "adadelta": 0.01, "ftrl": 0.001, OTHERS: 0.00003}
"""Rates so far from the usual that no curve need be looked at."""
HIGH: Mapping[str, float] = {"sgd": 0.1, "adagrad": 0.1, "adadelta": 5.0, "ftrl": 0.5, OTHERS: 0.01}
LOW: Mapping[str, float] = {"sgd": 0.002, "adagrad": 0.005, "adadelta": 0.1, "ftrl": 0.005, OTHERS: 0.0002}

RISEN = 0.2
JUMPS = 0.15
SLOW_FALL = 0.3
LATE = 0.08
SLOW_DESCENT, FEW_DESCENTS = 0.01, 1000
"""Plain descent at such a rate needs more steps than these."""
DECAYED = 10
"""A schedule that leaves less than this part of the rate."""


def missing_zero_grad(case: Case) -> Evidence | None:
    """Detect a training loop in PyTorch that never resets its gradients (0.9, structure; 0.5 where it fits)."""
    if "zero_grad" not in case.settings or not case.is_network:
        return None
    what = "The gradients are never reset (zero_grad), so each step adds up those of all batches before it"
    return what, 0.5 if case.fits_training_data else 0.9, "structure"


def learning_rate_too_high(case: Case) -> Evidence | None:
    """Detect steps that are too large.

    The loss is NaN (0.9, curves); the rate is far above what is usual for its optimizer (0.85, structure); the loss
    rises again (0.75, curves); it jumps at a high rate (0.7, curves).
    """
    if not case.is_network:
        return None
    if case.facts.nan:
        confidence = 0.3 if case.facts.inputs.missing or case.facts.inputs.infinite else 0.9
        return f"The loss became NaN: {_rate(case)} is too high", confidence, "curves"
    if _is_at_least(case, SURELY_HIGH) and not case.fits_training_data:
        return f"{_capitalized(_rate(case))} is far above what is usual for {case.optimizer}", 0.85, "structure"
    return _restless(case) if len(case.losses) >= 2 * curves.ENOUGH else None


def _restless(case: Case) -> Evidence | None:
    """Detect a loss that rises again, or jumps."""
    if curves.drop(case.losses) < 0 or curves.rise(case.losses) > RISEN:
        return f"The loss rises again: {_rate(case)} is too high", 0.75, "curves"
    if rate_is_high(case) and curves.unrest(case.losses) > JUMPS and not case.fits_training_data:
        return f"The loss jumps from epoch to epoch: {_rate(case)} is high", 0.7, "curves"
    return None


def learning_rate_too_low(case: Case) -> Evidence | None:
    """Detect steps that are too small.

    The rate is far below what is usual for its optimizer, as Adadelta's 0.001 is (0.85, structure); plain descent at
    0.01 or less for less than 1000 steps (0.72, structure); a schedule that leaves less than a tenth of the rate (0.6,
    structure); the loss falls steadily and has not come far (0.7 to 0.8, curves).
    """
    if not case.is_network or case.facts.nan:
        return None
    if _is_at_most(case, SURELY_LOW):
        what = f"{_capitalized(_rate(case))} is far below what is usual for {case.optimizer}"
        if case.optimizer == "Adadelta" and case.learning_rate == USUAL_RATE:
            what = f"Keras sets Adadelta's learning rate to {USUAL_RATE:g}; its authors use 1"
        return what, 0.85, "structure"
    return _decays(case) or _descends_slowly(case) or _falls_slowly(case)


def _decays(case: Case) -> Evidence | None:
    """Detect a schedule of the author's that makes the rate too low before the training is over."""
    start, end = case.learning_rate, case.facts.model.learning_rate
    if start is None or not end or "patience" in case.settings or end * DECAYED > start or end > _bound(case, LOW):
        return None
    return f"The schedule lowers the learning rate from {start:g} to {end:.2g}, which is too low", 0.6, "structure"


def _descends_slowly(case: Case) -> Evidence | None:
    """Detect plain gradient descent that gets nowhere in so few steps."""
    rate, steps = case.learning_rate, case.steps_per_epoch
    if not case.descends_plainly or rate is None or rate > SLOW_DESCENT or steps is None or not case.epochs:
        return None
    if case.epochs * steps >= FEW_DESCENTS or curves.has_settled(case.losses) or case.facts.training.ended_early:
        return None
    return f"{case.epochs * steps} steps of plain gradient descent at {_rate(case)} are too few", 0.72, "structure"


def _falls_slowly(case: Case) -> Evidence | None:
    """Detect a loss that falls steadily and has not come far."""
    if len(case.losses) < curves.ENOUGH or curves.steadiness(case.losses) < curves.STEADY:
        return None
    low, fall = _is_at_most(case, LOW), curves.drop(case.losses)
    if curves.late_share(case.losses) <= LATE or not (low or 0 < fall < SLOW_FALL):
        return None
    what = f"The loss was still falling steadily after {case.epochs} epochs, by {fall:.0%} in total"
    return f"{what}: {_rate(case)} is too low", 0.8 if low else 0.7, "curves"


def lower_learning_rate(case: Case) -> Remedies:
    """Take smaller steps: the usual ones, or a tenth."""
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
    """Take larger steps: the usual ones, or ten times as large."""
    rate, usual = case.learning_rate, sufficient_rate(case)
    first = usual if rate and rate < usual / 1.5 else 10 * (rate or usual)
    within = Real(rate or usual, 10 * max(first, usual))
    yield from set_rate(case, first, within=within)
    yield from use_adam(case)
    yield from train_longer(case)
    yield from set_rate(case, 3 * first, within=within)


def use_adam(case: Case) -> Remedies:
    """Let Adam choose the steps, weight by weight."""
    if case.optimizer.lower() not in {"adam", "adamw", "nadam"}:
        yield from offer(case, "optimizer", "adam")


def set_rate(case: Case, *rates: float, within: Space | None = None) -> Remedies:
    """Set the learning rate to these values, rounded to two digits."""
    yield from offer(case, "learning_rate", *[float(f"{rate:.2g}") for rate in rates], within=within)


def rate_is_high(case: Case) -> bool:
    """Return whether the learning rate is high for its optimizer."""
    return _is_at_least(case, HIGH)


RULES = (
    Rule(missing_zero_grad, offering("zero_grad", None)),
    Rule(learning_rate_too_high, lower_learning_rate),
    Rule(learning_rate_too_low, raise_learning_rate, fits=False),
)


def _rate(case: Case) -> str:
    rate = case.learning_rate
    return "the learning rate" if rate is None else f"a learning rate of {rate:g}"


def _capitalized(words: str) -> str:
    return words[0].upper() + words[1:]


def _bound(case: Case, bounds: Mapping[str, float]) -> float:
    return bounds.get(case.optimizer.lower(), bounds[OTHERS])


def _is_at_least(case: Case, bounds: Mapping[str, float]) -> bool:
    rate = case.learning_rate
    return rate is not None and rate >= _bound(case, bounds)


def _is_at_most(case: Case, bounds: Mapping[str, float]) -> bool:
    rate = case.learning_rate
    return rate is not None and rate <= _bound(case, bounds)

"""Whether the steps of a network's training are too large or too small."""

from __future__ import annotations

from collections.abc import Mapping

from services.tweaker.diagnosis import curves
from services.tweaker.diagnosis.finding import Case, Finding
from services.tweaker.diagnosis.rules.kinds import fits_its_data, is_network, steps_an_epoch

USUAL: Mapping[str, float] = {"sgd": 0.01, "adagrad": 0.01, "adadelta": 1.0, "ftrl": 0.05, "adamax": 0.002}
"""What is usual for an optimizer; 0.001 for those that are not named."""
USUAL_RATE = 0.001
SURELY_HIGH: Mapping[str, float] = {"sgd": 0.3, "adagrad": 1.0, "adadelta": 20.0, "ftrl": 2.0}
SURELY_LOW: Mapping[str, float] = {"sgd": 0.0005, "adagrad": 0.001, "adadelta": 0.01, "ftrl": 0.001}
HIGHEST, LOWEST = 0.05, 0.00003
"""Rates so far from the usual that no curve need be looked at, for optimizers that are not named."""
HIGH_FOR: Mapping[str, float] = {"sgd": 0.1, "adagrad": 0.1, "adadelta": 5.0, "ftrl": 0.5}
LOW_FOR: Mapping[str, float] = {"sgd": 0.002, "adagrad": 0.005, "adadelta": 0.1, "ftrl": 0.005}
HIGH, LOW = 0.01, 0.0002
"""Rates from which on an optimizer's is high, and up to which it is low."""

RISEN = 0.2
RESTLESS = 0.15
SLOW_DROP = 0.3
LATE = 0.08
PLAIN_DESCENT = "sgd"
LITTLE, FEW = 0.01, 1000
"""Plain descent at such a rate needs more steps than these."""
DIED_OUT = 10
"""A schedule that leaves less than this part of the rate."""


def rate_too_high(case: Case) -> Finding | None:
    """Say that the steps are too large: the loss is no number, goes up again, or jumps about."""
    if not is_network(case):
        return None
    if case.facts.nan:
        sure = 0.3 if case.facts.inputs.missing or case.facts.inputs.infinite else 0.9
        return Finding("rate_too_high", f"The loss is no number any more: {_rate(case)} is too high", sure, "curves")
    if _is(case, SURELY_HIGH, HIGHEST, above=True) and not fits_its_data(case):
        what = f"{_capital(_rate(case))} is far above what is usual for {optimizer(case)}"
        return Finding("rate_too_high", what, 0.85, "structure")
    return _restless(case) if len(case.losses) >= 2 * curves.ENOUGH else None


def _restless(case: Case) -> Finding | None:
    """Say that the loss goes up again, or jumps about."""
    if curves.drop(case.losses) < 0 or curves.rise(case.losses) > RISEN:
        return Finding("rate_too_high", f"The loss goes up again: {_rate(case)} is too high", 0.75, "curves")
    if rate_is_high(case) and curves.unrest(case.losses) > RESTLESS and not fits_its_data(case):
        return Finding("rate_too_high", f"The loss jumps from epoch to epoch: {_rate(case)} is high", 0.7, "curves")
    return None


def gradients_add_up(case: Case) -> Finding | None:
    """Say that a loop of the author's never sets the gradients to zero, so that old batches push on for ever."""
    if "zero_grad" not in case.settings or not is_network(case):
        return None
    what = "The gradients are never set to zero, so that each step goes by those of all batches before it too"
    return Finding("gradients_add_up", what, 0.5 if fits_its_data(case) else 0.9, "structure")


def rate_too_low(case: Case) -> Finding | None:
    """Say that the steps are too small: the loss falls steadily and has not come far."""
    if not is_network(case) or fits_its_data(case) or case.facts.nan:
        return None
    if _is(case, SURELY_LOW, LOWEST, above=False):
        what = f"{_capital(_rate(case))} is far below what is usual for {optimizer(case)}"
        if optimizer(case) == "Adadelta" and rate_of(case) == USUAL_RATE:
            what = f"Adadelta's learning rate is {USUAL_RATE:g} in this Keras; it was 1 where it comes from"
        return Finding("rate_too_low", what, 0.85, "structure")
    return _dies_out(case) or _descends_slowly(case) or _falls_slowly(case)


def _dies_out(case: Case) -> Finding | None:
    """Say that the author's schedule has brought the rate down to nothing before the training is over."""
    start, end = rate_of(case), case.facts.model.learning_rate
    if start is None or not end or "patience" in case.settings or end * DIED_OUT > start:
        return None
    if end > LOW_FOR.get(optimizer(case).lower(), LOW):
        return None
    what = f"The schedule brings the learning rate down from {start:g} to {end:.2g}, too low to learn any more"
    return Finding("rate_too_low", what, 0.6, "structure")


def _descends_slowly(case: Case) -> Finding | None:
    """Say that plain gradient descent goes nowhere in so few steps."""
    rate, steps = rate_of(case), steps_an_epoch(case)
    if optimizer(case).lower() != PLAIN_DESCENT or rate is None or rate > LITTLE or steps is None or not case.epochs:
        return None
    if case.epochs * steps >= FEW or curves.has_settled(case.losses) or case.facts.training.ended_early:
        return None
    what = f"{case.epochs * steps} steps of plain gradient descent at {_rate(case)} do not lead far"
    return Finding("rate_too_low", what, 0.72, "structure")


def _falls_slowly(case: Case) -> Finding | None:
    """Say that the loss falls steadily and has not come far."""
    if len(case.losses) < curves.ENOUGH or curves.steadiness(case.losses) < curves.STEADY:
        return None
    low, falling = _is(case, LOW_FOR, LOW, above=False), curves.late_share(case.losses) > LATE
    if not falling or not (low or 0 < curves.drop(case.losses) < SLOW_DROP):
        return None
    what = f"The loss still fell steadily after {case.epochs} epochs, by {curves.drop(case.losses):.0%} in all"
    return Finding("rate_too_low", f"{what}: {_rate(case)} is too low", 0.8 if low else 0.7, "curves")


def rate_is_high(case: Case) -> bool:
    """Tell whether the learning rate is at or above what is high for its optimizer."""
    return _is(case, HIGH_FOR, HIGH, above=True)


def rate_of(case: Case) -> float | None:
    """Return the learning rate: as the code says, else as the probe saw it at the end.

    A larger one at the end is another default than today's: a script for an older Keras has the rates of that.
    """
    written, seen = case.settings.get("learning_rate"), case.facts.model.learning_rate
    if not isinstance(written, int | float):
        return seen
    return max(float(written), seen or 0.0)


def optimizer(case: Case) -> str:
    """Return the optimizer's class, or what is said in its place."""
    return case.facts.model.optimizer or str(case.settings.get("optimizer") or "the optimizer")


def usual_rate(case: Case) -> float:
    """Return the learning rate that is usual for the optimizer."""
    return USUAL.get(optimizer(case).lower(), USUAL_RATE)


def _rate(case: Case) -> str:
    rate = rate_of(case)
    return "the learning rate" if rate is None else f"a learning rate of {rate:g}"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _is(case: Case, by_optimizer: Mapping[str, float], otherwise: float, *, above: bool) -> bool:
    """Tell whether the rate is at or beyond a bound that depends on the optimizer; an unknown one is not."""
    rate = rate_of(case)
    if rate is None:
        return False
    bound = by_optimizer.get(optimizer(case).lower(), otherwise)
    return rate >= bound if above else rate <= bound

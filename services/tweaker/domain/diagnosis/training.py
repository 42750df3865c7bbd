"""What is wrong with how a network was trained."""

from __future__ import annotations

from services.tweaker.domain import curves
from services.tweaker.domain.finding import Case, Finding

HIGHEST_USUAL = {"sgd": 0.1}
LOWEST_USUAL = {"sgd": 0.002}
HIGH, LOW = 0.01, 0.0002
"""Rates from which on an adaptive optimizer's are high, and up to which they are low."""

RISEN = 0.2
RESTLESS = 0.15
SLOW_DROP = 0.3
LATE = 0.08
PLAIN = 0.1
"""So much of its value lost in the last fifth is a plain fall, however far the loss had come down before."""
FEW_EPOCHS = 3


def rate_too_high(case: Case) -> Finding | None:
    """Say that the steps are too large: the loss is no number, goes up again, or jumps about."""
    if case.facts.nan:
        return Finding("rate_too_high", f"The loss is no number any more: {_rate(case)} is too high", 0.9, "curves")
    if len(case.losses) < 2 * curves.ENOUGH:
        return None
    if curves.drop(case.losses) < 0 or curves.rise(case.losses) > RISEN:
        return Finding("rate_too_high", f"The loss goes up again: {_rate(case)} is too high", 0.75, "curves")
    if rate_is_high(case) and curves.unrest(case.losses) > RESTLESS:
        return Finding("rate_too_high", f"The loss jumps from epoch to epoch: {_rate(case)} is high", 0.6, "curves")
    return None


def rate_too_low(case: Case) -> Finding | None:
    """Say that the steps are too small: the loss falls steadily and has not come far."""
    if len(case.losses) < curves.ENOUGH or curves.steadiness(case.losses) < curves.STEADY:
        return None
    low, falling = _is(case, LOWEST_USUAL, LOW, above=False), curves.late_share(case.losses) > LATE
    if not falling or not (low or 0 < curves.drop(case.losses) < SLOW_DROP):
        return None
    what = f"The loss still fell steadily after {case.epochs} epochs, by {curves.drop(case.losses):.0%} in all"
    return Finding("rate_too_low", f"{what}: {_rate(case)} is too low", 0.8 if low else 0.6, "curves")


def still_improving(case: Case) -> Finding | None:
    """Say that the training was stopped while the loss was still falling."""
    falling = curves.late_share(case.losses) >= LATE or curves.late_drop(case.losses) >= PLAIN
    if not falling or curves.rise(case.losses) > LATE or curves.rise(case.held_out) > LATE:
        return None
    sure = 0.75 if case.epochs <= FEW_EPOCHS else 0.65
    what = f"The loss was still falling when the training ended after {case.epochs} epochs"
    return Finding("still_improving", what, sure, "curves")


def rate_is_high(case: Case) -> bool:
    """Tell whether the learning rate in the code is at or above what is usual for its optimizer."""
    return _is(case, HIGHEST_USUAL, HIGH, above=True)


def _rate(case: Case) -> str:
    rate = case.settings.get("learning_rate")
    return f"a learning rate of {rate:g}" if isinstance(rate, float) else "the learning rate"


def _is(case: Case, by_optimizer: dict[str, float], usual: float, *, above: bool) -> bool:
    """Tell whether the rate in the code is at or beyond what is usual for its optimizer; an unknown one is not."""
    rate = case.settings.get("learning_rate")
    if not isinstance(rate, float):
        return False
    bound = by_optimizer.get(str(case.settings.get("optimizer")), usual)
    return rate >= bound if above else rate <= bound

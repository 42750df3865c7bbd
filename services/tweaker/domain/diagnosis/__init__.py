"""The diagnosis: each module holds rules, a rule takes a case and returns a finding or None."""

from __future__ import annotations

from collections.abc import Callable

from services.tweaker.domain.diagnosis import capacity, inputs, neighbours, training
from services.tweaker.domain.finding import Case, Finding

RULES: tuple[Callable[[Case], Finding | None], ...] = (
    inputs.not_scaled,
    capacity.bottleneck,
    capacity.collapsed,
    capacity.too_small,
    capacity.overfitting,
    training.rate_too_high,
    training.rate_too_low,
    training.still_improving,
    neighbours.too_few,
    neighbours.too_many,
)

NO_CAUSE = Finding("no_cause", "No single cause shows in the curves and the data", 0.1, "curves")
NO_CAUSE_IN_DATA = Finding("no_cause", "No single cause shows in the data", 0.1, "curves")
"""For what is trained without epochs and has no curves."""


def diagnose(case: Case) -> tuple[Finding, ...]:
    """Return what is wrong, the surest first; the last one always is that no cause shows."""
    found = [finding for rule in RULES if (finding := rule(case)) is not None]
    return (*sorted(found, key=lambda finding: -finding.confidence), NO_CAUSE if case.losses else NO_CAUSE_IN_DATA)

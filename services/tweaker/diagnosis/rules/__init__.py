"""The diagnosis: each module holds rules of one theme, a rule takes a case and returns a finding or None."""

from __future__ import annotations

from collections.abc import Callable

from services.tweaker.diagnosis.finding import Case, Finding
from services.tweaker.diagnosis.rules import (
    activations,
    capacity,
    estimators,
    inputs,
    judgement,
    labels,
    neighbours,
    rates,
    training,
)

RULES: tuple[Callable[[Case], Finding | None], ...] = (
    inputs.not_scaled,
    inputs.missing_values,
    inputs.few_components,
    labels.wrong_output,
    labels.wrong_loss,
    labels.double_softmax,
    labels.imbalance,
    activations.no_activation,
    activations.equal_start,
    activations.saturated,
    activations.collapsed,
    activations.dead_units,
    capacity.bottleneck,
    capacity.few_filters,
    capacity.no_hidden_layer,
    capacity.too_small,
    capacity.dropped,
    capacity.shackled,
    capacity.overfitting,
    capacity.few_data,
    rates.gradients_add_up,
    rates.rate_too_high,
    rates.rate_too_low,
    training.few_steps,
    training.large_batches,
    training.impatient,
    training.still_improving,
    neighbours.too_few,
    neighbours.too_many,
    estimators.not_converged,
    estimators.slow_network,
    estimators.few_trees,
    estimators.slow_boosting,
    estimators.shallow,
    estimators.large_leaves,
    estimators.overgrown,
    estimators.single_tree,
    estimators.weak_or_strong,
    estimators.odd_gamma,
    estimators.odd_kernel,
    estimators.cannot_fit,
    judgement.on_training_data_only,
    judgement.noise,
    judgement.plateau,
    judgement.ceiling,
)

NO_CAUSE = Finding("no_cause", "No single cause shows in the curves and the data", 0.1, "curves")
NO_CAUSE_IN_DATA = Finding("no_cause", "No single cause shows in the data", 0.1, "curves")
"""For what is trained without epochs and has no curves."""


def diagnose(case: Case) -> tuple[Finding, ...]:
    """Return what is wrong, the surest first; the last one always is that no cause shows."""
    found = [finding for rule in RULES if (finding := rule(case)) is not None]
    return (*sorted(found, key=lambda finding: -finding.confidence), NO_CAUSE if case.losses else NO_CAUSE_IN_DATA)

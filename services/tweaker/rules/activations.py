"""What may be wrong with what the units of a network output: always the same, nothing, or flat."""

from __future__ import annotations

from collections.abc import Sequence

from services.tweaker.diagnosis.case import Case
from services.tweaker.diagnosis.facts import ACTIVATION_LAYERS, Facts, LayerFacts
from services.tweaker.rules.capacity import widen_bottleneck
from services.tweaker.rules.rates import lower_learning_rate, rate_is_high, set_rate, use_adam
from services.tweaker.rules.rule import Evidence, Remedies, Rule, in_turn, is_network, offer, offering
from services.tweaker.rules.values import usual_rate

NEAR = 0.03
ALWAYS = 0.98
MOST_DEAD, MANY_DEAD = 0.9, 0.5
FLAT = 0.5
DEEP = 2
FLAT_ENDS = frozenset({"sigmoid", "tanh", "hard_sigmoid", "softmax", "softsign"})
"""Activations that are flat at both ends; softmax as such is none for a hidden layer at all."""
SMALL_SLOPE = frozenset({"sigmoid", "hard_sigmoid", "softmax"})
"""Those whose slope is so small that gradients vanish through several of them."""
CONSTANT_INITIALIZERS = frozenset({"zeros", "zero", "ones", "one", "constant"})
RECURRENT = frozenset({"LSTM", "GRU", "SimpleRNN"})


def no_activation(case: Case) -> Evidence | None:
    """Detect hidden layers all of which are linear (0.8, structure; 0.55 where the training data are fitted)."""
    hidden = case.facts.hidden_layers
    linear = all(layer.activation == "linear" and layer.kind not in RECURRENT for layer in hidden)
    if not hidden or not linear or any(layer.kind in ACTIVATION_LAYERS for layer in case.facts.body):
        return None
    what = "No hidden layer has an activation: the network is a linear model"
    return what, 0.55 if case.fits_training_data else 0.8, "structure"


def identical_initial_weights(case: Case) -> Evidence | None:
    """Detect an initializer that gives all weights the same value (0.95, structure)."""
    initializer = str(case.settings.get("initializer"))
    if not CONSTANT_INITIALIZERS & set(initializer.lower().split(",")):
        return None
    what = f"All weights of a layer start at the same value ({initializer}), so its units can hardly become different"
    return what, 0.95, "structure"


def saturating_activations(case: Case) -> Evidence | None:
    """Detect hidden activations that let hardly any gradient through.

    Two or more hidden sigmoids or softmaxes (0.75, structure); half of a layer's activations in the flat part (0.75,
    curves); a single hidden sigmoid (0.45, structure).
    """
    flat = _with_flat_ends(case.facts)
    worst = max((layer.saturated or 0.0 for layer in flat), default=0.0)
    names = " and ".join(sorted({str(layer.activation) for layer in flat}))
    small_slopes = sum(layer.activation in SMALL_SLOPE for layer in flat)
    if small_slopes >= DEEP:
        return f"{small_slopes} hidden layers use {names}, through which gradients vanish", 0.75, "structure"
    if worst >= FLAT:
        return f"{worst:.0%} of a hidden layer's activations lie in the flat part of {names}", 0.75, "curves"
    return (f"The hidden layer's {names} learns slowly", 0.45, "structure") if small_slopes else None


def _with_flat_ends(facts: Facts) -> list[LayerFacts]:
    layers = [layer for layer in facts.hidden_layers if layer.kind not in RECURRENT]
    return [layer for layer in layers if layer.activation in FLAT_ENDS]


def constant_predictions(case: Case) -> Evidence | None:
    """Detect a network that always predicts one class.

    For 98 % of its own training rows (0.8, curves); else, its accuracy is about one class's share (0.6, curves).
    """
    counts, predicted = case.facts.labels.counts, case.facts.training.predicted
    if len(counts) < 2 or not sum(counts):  # noqa: PLR2004  one class is no choice
        return None
    shares = [count / sum(counts) for count in counts]
    if not sum(predicted) or max(shares) >= ALWAYS - NEAR:
        return _no_better_than_one_class(case.value, shares)
    share = max(predicted) / sum(predicted)
    what = f"The model predicts the same class for {share:.0%} of its own training rows"
    return (what, 0.8, "curves") if share >= ALWAYS else None


def _no_better_than_one_class(value: float | None, shares: Sequence[float]) -> Evidence | None:
    if value is None or value > max(shares) + NEAR or min(abs(value - share) for share in shares) > NEAR:
        return None
    what = f"The model is no better than always predicting one class: {value:.0%} is about that class's share"
    return what, 0.6, "curves"


def dead_units(case: Case) -> Evidence | None:
    """Detect a hidden layer of which 90 % (or 50 %) of the units are 0 for every row (0.8 or 0.6, curves)."""
    worst = max((layer.dead or 0.0 for layer in case.facts.hidden_layers), default=0.0)
    if worst < MANY_DEAD:
        return None
    what = f"{worst:.0%} of a hidden layer's units are dead: they output 0 for every row"
    return what, 0.8 if worst >= MOST_DEAD else 0.6, "curves"


change_activation = in_turn(
    offering("activation", "relu", "elu"), offering("initializer", "he_normal"), offering("batch_norm", None)
)


def revive_dead_units(case: Case) -> Remedies:
    """Get units to work that output nothing, or always the same: a high rate kills them, and few of them die easily."""
    rate = case.learning_rate or usual_rate(case)
    yield from [*lower_learning_rate(case)][:2] if rate_is_high(case) else use_adam(case)
    yield from widen_bottleneck(case)
    yield from offer(case, "initializer", "he_normal")
    yield from offer(case, "batch_norm", None)
    yield from offer(case, "activation", "elu")
    yield from set_rate(case, 10 * rate, rate / 10)


RULES = (
    Rule(no_activation, change_activation),
    Rule(identical_initial_weights, offering("initializer", "glorot_uniform", "he_normal"), of=is_network),
    Rule(saturating_activations, change_activation, fits=False),
    Rule(constant_predictions, revive_dead_units, of=is_network),
    Rule(dead_units, revive_dead_units, fits=False),
)

"""What may be wrong with a network's activations: missing, constant, dead, saturated or badly normalized."""

from collections.abc import Sequence

from services.tweaker.diagnosis.case import Case
from services.tweaker.diagnosis.facts import ACTIVATION_LAYERS, LAYERS_WITH_UNITS, Facts, LayerFacts
from services.tweaker.edits.space import Real
from services.tweaker.rules.capacity import widen_bottleneck
from services.tweaker.rules.rates import lower_learning_rate, rate_is_high, set_rate, use_adam
from services.tweaker.rules.rule import Evidences, Remedies, Rule, in_turn, is_network, offer, offering
from services.tweaker.rules.training import train_longer
from services.tweaker.rules.values import averages_lag, initial_averages, usual_rate
from trainyard.words import counted

NEAR = 0.03
ALWAYS = 0.98
MOST_DEAD, MANY_DEAD = 0.9, 0.5
FLAT = 0.5
DEEP, SHALLOW = 2, 16
FLAT_ENDS = frozenset({"sigmoid", "tanh", "hard_sigmoid", "softmax", "softsign"})
"""Activations that are flat at both ends; softmax as such is none for a hidden layer at all."""
SMALL_SLOPE = frozenset({"sigmoid", "hard_sigmoid", "softmax"})
"""Those whose slope is so small that gradients vanish through several of them."""
CONSTANT_INITIALIZERS = frozenset({"zeros", "zero", "ones", "one", "constant"})
RECURRENT = frozenset({"LSTM", "GRU", "SimpleRNN"})


def no_activation(case: Case) -> Evidences:
    """Detect hidden layers all of which are linear (0.8, structure; 0.55 where the training data are fitted)."""
    hidden = case.facts.hidden_layers
    linear = all(layer.activation == "linear" and layer.kind not in RECURRENT for layer in hidden)
    if hidden and linear and not any(layer.kind in ACTIVATION_LAYERS for layer in case.facts.body):
        what = "No hidden layer has an activation: the network is a linear model"
        yield what, 0.55 if case.fits_training_data else 0.8, "structure"


def identical_initial_weights(case: Case) -> Evidences:
    """Detect an initializer that gives all weights the same value, or units with the same weights (0.95, structure)."""
    initializer = str(case.settings.get("initializer"))
    if CONSTANT_INITIALIZERS & set(initializer.lower().split(",")):
        what = f"All weights of a layer start at the same value ({initializer}), so its units stay nearly identical"
        yield what, 0.95, "structure"
    same = next((layer for layer in case.facts.model.layers if layer.alike), None)
    if same is not None:
        units = f"The {same.units or same.filters} units of a {same.kind} layer have the same weights"
        yield f"{units}, as they do when these start at one value: they learn the same", 0.95, "structure"


def frozen_layers(case: Case) -> Evidences:
    """Detect a network of few layers of which hidden ones are not trained (0.75, structure).

    Not embeddings, and not the many layers of a network that was trained before.
    """
    frozen = [layer for layer in case.facts.hidden_layers if layer.frozen and layer.kind in LAYERS_WITH_UNITS]
    if frozen and len(case.facts.model.layers) <= SHALLOW:
        what = f"{counted(len(frozen), 'hidden layer')} ({frozen[0].kind}) frozen: the weights stay as they began"
        yield what, 0.75, "structure"


def saturating_activations(case: Case) -> Evidences:
    """Detect hidden activations through which hardly any gradient passes.

    Two or more hidden sigmoids or softmaxes (0.75, structure); half of a layer's activations in the flat part (0.75,
    curves); a single hidden sigmoid (0.45, structure).
    """
    flat = _with_flat_ends(case.facts)
    worst = max((layer.saturated for layer in flat), default=0.0)
    names = " and ".join(sorted({layer.activation for layer in flat}))
    small_slopes = sum(layer.activation in SMALL_SLOPE for layer in flat)
    if small_slopes >= DEEP:
        yield f"{small_slopes} hidden layers use {names}, through which gradients vanish", 0.75, "structure"
    if worst >= FLAT:
        yield f"{worst:.0%} of a hidden layer's activations are saturated ({names})", 0.75, "curves"
    if small_slopes:
        yield f"A hidden layer with {names} learns slowly", 0.45, "structure"


def _with_flat_ends(facts: Facts) -> list[LayerFacts]:
    layers = [layer for layer in facts.hidden_layers if layer.kind not in RECURRENT]
    return [layer for layer in layers if layer.activation in FLAT_ENDS]


def constant_predictions(case: Case) -> Evidences:
    """Detect a network that always predicts one class.

    For 98 % of its own training rows (0.8, curves); else, its accuracy is about one class's share (0.6, curves).
    """
    counts, predicted = case.facts.labels.counts, case.facts.training.predicted
    if len(counts) < 2 or not sum(counts):  # noqa: PLR2004  one class is no choice
        return
    shares = [count / sum(counts) for count in counts]
    if not sum(predicted) or max(shares) >= ALWAYS - NEAR:
        yield from _no_better_than_one_class(case.value if case.scale.is_accuracy else None, shares)
    elif max(predicted) >= ALWAYS * sum(predicted):
        share = max(predicted) / sum(predicted)
        yield f"The model predicts the same class for {share:.0%} of its training rows", 0.8, "curves"


def _no_better_than_one_class(value: float | None, shares: Sequence[float]) -> Evidences:
    if value is not None and value <= max(shares) + NEAR and min(abs(value - share) for share in shares) <= NEAR:
        what = f"The model is no better than always predicting one class: {value:.0%} is about that class's share"
        yield what, 0.6, "curves"


def dead_units(case: Case) -> Evidences:
    """Detect a hidden layer of which 90 % (or 50 %) of the units are 0 for every row (0.8 or 0.6, curves)."""
    worst = max((layer.dead for layer in case.facts.hidden_layers), default=0.0)
    if worst >= MANY_DEAD:
        what = f"{worst:.0%} of a hidden layer's units are dead: they output 0 for every row"
        yield what, 0.8 if worst >= MOST_DEAD else 0.6, "curves"


def batch_norm_averages_lag(case: Case) -> Evidences:
    """Detect batch normalization whose moving averages still hold 5 % of their initial values (0.85, structure).

    Only where the accuracy in training exceeds that of the trained network on the same rows by 10 points.
    """
    if averages_lag(case):
        initial, updates = f"{initial_averages(case):.0%} of their initial values", counted(case.updates, "update")
        both = f"{case.accuracies[-1]:.0%} in training, {case.training_score:.0%} in evaluation on the same rows"
        what = f"Batch normalization's moving averages lag: they still hold {initial} after {updates}"
        yield f"{what}; accuracy is {both}", 0.85, "structure"


def faster_averages(case: Case) -> Remedies:
    """Let the moving averages follow faster, or the training take longer."""
    yield from offer(case, "momentum", 0.9, 0.8, within=Real(0.5, 0.95, log=False))
    yield from train_longer(case)


change_activation = in_turn(
    offering("activation", "relu", "elu"), offering("initializer", "he_normal"), offering("batch_norm", None)
)


def revive_dead_units(case: Case) -> Remedies:
    """Revive units whose output is constant: a high learning rate kills them, and narrow layers die easily."""
    rate = case.learning_rate or usual_rate(case)
    yield from [*lower_learning_rate(case)][:2] if rate_is_high(case) else use_adam(case)
    yield from widen_bottleneck(case)
    yield from offer(case, "initializer", "he_normal")
    yield from offer(case, "batch_norm", None)
    yield from offer(case, "activation", "elu")
    yield from set_rate(case, 10 * rate, rate / 10)


RULES = (
    Rule(no_activation, change_activation),
    Rule(identical_initial_weights, offering("initializer", "glorot_uniform", "he_normal"), of=is_network, stays=True),
    Rule(frozen_layers, of=is_network),
    Rule(saturating_activations, change_activation, fits=False),
    Rule(constant_predictions, revive_dead_units, of=is_network),
    Rule(batch_norm_averages_lag, faster_averages, of=is_network),
    Rule(dead_units, revive_dead_units, fits=False, stays=True),
)

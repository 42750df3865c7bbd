"""What may be wrong between the labels and the output of the network: output layer, loss, rare classes."""

import re

from services.tweaker.diagnosis.case import Case
from services.tweaker.diagnosis.facts import ACTIVATION_LAYERS, OUTPUT_LAYERS, Facts, Labels
from services.tweaker.rules.rule import Evidences, Remedies, Rule, offer, offering
from trainyard.words import counted

PAIR = 2
AMOUNT_LOSSES = frozenset(
    {"mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_logarithmic_error"}
    | {"huber", "log_cosh"}
)
MULTICLASS_LOSSES = frozenset({"categorical_crossentropy", "sparse_categorical_crossentropy"})
CLASS_LOSSES = MULTICLASS_LOSSES | {"binary_crossentropy"}
NO_PROBABILITIES = frozenset(
    {"relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "softplus", "softsign", "exponential"}
)
"""Activations whose outputs are no probabilities; of the author's own that is not known."""
ENDS = ACTIVATION_LAYERS.union(OUTPUT_LAYERS)
IMBALANCED = 4.0
BALANCED_METRICS = re.compile(r"balanced_accuracy|f1|recall|auc")
"""Metrics for which a rare class counts as much as a frequent one, or is all that counts."""
CLASS_METRICS = re.compile(r"acc|precision|kappa|mcc|jaccard|" + BALANCED_METRICS.pattern)
"""Metrics of predictions that are classes."""
ONE_HOT = "one-hot"
IN_ORDER = frozenset({"Sequential", "Functional"})
"""Models whose layers stand in the order in which data pass through them."""


def wrong_output_layer(case: Case) -> Evidences:
    """Detect an output layer that cannot represent every class.

    Softmax over one unit, fewer units than classes, labels beyond the last unit (0.95, structure); an activation that
    gives no probabilities (0.9); none with a loss that expects them (0.8); sigmoids for exclusive classes, which Keras
    trains as a softmax, so that nothing is tried (0.3). It objects where the output is always 1, or has fewer units
    than one-hot labels have columns.
    """
    units = case.facts.model.output.units
    if units == 1 and activation_of(case.facts) == "softmax":
        yield "A softmax over a single unit always outputs 1", 0.95, "structure"
    yield from _too_few_units(case.facts.labels, units)
    yield from _wrong_activation(case.facts, units)


def _wrong_activation(facts: Facts, units: int) -> Evidences:
    activation = activation_of(facts)
    if activation in NO_PROBABILITIES:
        yield f"The output layer ends in {activation}, which gives no class probabilities", 0.9, "structure"
    if activation == "linear" and facts.model.loss in CLASS_LOSSES and not facts.model.from_logits:
        yield f"The output layer has no activation, but {facts.model.loss} expects probabilities", 0.8, "structure"
    if activation == "sigmoid" and units > PAIR and facts.model.loss in MULTICLASS_LOSSES:
        what = f"The {units} sigmoid outputs are not probabilities of exclusive classes, but {facts.model.loss}"
        yield f"{what} trains them as a softmax, so the predicted classes would not change", 0.3, "structure"


def _too_few_units(labels: Labels, units: int) -> Evidences:
    needed = labels.classes if labels.classes > PAIR or labels.encoding == ONE_HOT else 1
    if units < needed:
        yield f"The output layer has {counted(units, 'unit')} for {labels.classes} classes", 0.95, "structure"
    if units > 1 and labels.encoding != ONE_HOT and labels.highest is not None and labels.highest >= units:
        what = f"The labels go up to {labels.highest:g}, but {units} output units cover only 0 to {units - 1}"
        yield what, 0.95, "structure"


def wrong_loss(case: Case) -> Evidences:
    """Detect a multiclass loss on one unit (0.95, structure), regression (0.75), or a binary loss on softmax (0.7)."""
    units, loss, classes = case.facts.model.output.units, case.facts.model.loss, case.facts.labels.classes
    if units == 1 and loss in MULTICLASS_LOSSES:
        yield f"The loss {loss} is constant for a single output unit", 0.95, "structure"
    if loss in AMOUNT_LOSSES:
        yield f"The loss {loss} is for regression, but there are {classes} classes", 0.75, "structure"
    if loss == "binary_crossentropy" and units > 1 and activation_of(case.facts) == "softmax":
        yield f"The loss {loss} treats {units} classes as independent, but exactly one is correct", 0.7, "structure"


def class_imbalance(case: Case) -> Evidences:
    """Detect a largest class with 4 times the rows of the smallest, where classes are not weighted yet.

    Where the metric counts classes alike, as balanced accuracy, F1, recall and AUC do (0.75, structure); where the
    rarest is never predicted (0.6, curves); else (0.25, structure).
    """
    counts, predicted = case.facts.labels.counts, case.facts.training.predicted
    fewest, most = min(counts, default=0), max(counts, default=0)
    if not fewest or most < IMBALANCED * fewest or case.facts.training.class_weight:
        return
    what = f"The classes are imbalanced: from {fewest} to {most} rows"
    if BALANCED_METRICS.search(case.metric):
        yield f"{what}, and {case.metric} weights them equally", 0.75, "structure"
    if len(predicted) == len(counts) and not predicted[counts.index(fewest)]:
        yield f"{what}, and the rarest is never predicted", 0.6, "curves"
    yield what, 0.25, "structure"


def double_softmax(case: Case) -> Evidences:
    """Detect PyTorch's `CrossEntropyLoss` on a network that ends in softmax or sigmoid (0.8, structure)."""
    model, activation = case.facts.model, activation_of(case.facts)
    if model.library == "torch" and model.loss == "cross_entropy_loss" and activation in {"softmax", "sigmoid"}:
        yield f"CrossEntropyLoss expects logits, but the network ends in a {activation}", 0.8, "structure"


def fit_output(case: Case) -> Remedies:
    """Fit output layer and loss to the labels, unless Keras trains the very same network already."""
    labels, model = case.facts.labels, case.facts.model
    few = next(_too_few_units(labels, model.output.units), None) is not None
    if activation_of(case.facts) == "sigmoid" and model.loss in MULTICLASS_LOSSES and not few:
        return
    units = max(labels.classes, round(labels.highest or 0) + 1)
    if labels.encoding == ONE_HOT:
        yield from offer(case, "output", f"softmax:{labels.classes}:categorical_crossentropy")
    elif units == PAIR and case.facts.model.output.units <= 1:
        yield from offer(case, "output", "sigmoid:1:binary_crossentropy")
    else:
        yield from offer(case, "output", f"softmax:{units}:sparse_categorical_crossentropy")


def _is_classifier(case: Case) -> bool:
    """Return whether it is a Keras network that predicts classes, as far as its output layer is known.

    Whole numbers may be amounts too: metric, loss or encoding have to be those of classes.
    """
    labels, model, loss = case.facts.labels, case.facts.model, case.facts.model.loss
    classifies = CLASS_METRICS.search(case.metric) or loss in CLASS_LOSSES or labels.encoding == ONE_HOT
    return bool(classifies) and labels.classes >= PAIR and model.library == "keras" and model.output.units > 0


def _ends_in_its_output(case: Case) -> bool:
    """Return whether the last layer certainly is the output layer: a model that is a class may call it earlier."""
    return case.facts.model.kind in IN_ORDER


def _means_nothing(case: Case) -> bool:
    """Return whether the output is compared with what it is no prediction of, whatever the metric.

    Keras compares a single unit with each column of one-hot labels, most of which are 0.
    """
    units, labels = case.facts.model.output.units, case.facts.labels
    always_one = units == 1 and activation_of(case.facts) == "softmax"
    return _ends_in_its_output(case) and (always_one or (labels.encoding == ONE_HOT and units < labels.classes))


RULES = (
    Rule(wrong_output_layer, fit_output, of=_is_classifier, objects=_means_nothing, stays=True),
    Rule(wrong_loss, fit_output, of=_is_classifier, objects=_ends_in_its_output, stays=True),
    Rule(double_softmax, offering("output", None), stays=True),
    Rule(class_imbalance, offering("class_weight", None)),
)


def activation_of(facts: Facts) -> str:
    """Return the activation function that makes the network's output; "" where it is unknown."""
    ends = [
        "softmax" if layer.kind == "Softmax" else layer.activation for layer in facts.model.layers if layer.kind in ENDS
    ]
    return (facts.model.output.activation or (ends[-1] if ends else "")).lower()

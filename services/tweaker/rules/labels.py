"""What may be wrong between the labels and the output of the network: output layer, loss, rare classes."""

from __future__ import annotations

import re

from services.tweaker.diagnosis.case import Case
from services.tweaker.diagnosis.facts import ACTIVATION_LAYERS, OUTPUT_LAYERS, Facts
from services.tweaker.rules.rule import Evidence, Remedies, Rule, offer, offering, plural

PAIR = 2
REGRESSION_LOSSES = frozenset(
    {"mse", "mean_squared_error", "mae", "mean_absolute_error", "mape", "msle", "huber", "log_cosh", "logcosh"}
)
MULTICLASS_LOSSES = frozenset({"categorical_crossentropy", "sparse_categorical_crossentropy"})
CLASS_LOSSES = MULTICLASS_LOSSES | {"binary_crossentropy"}
OUTPUT_ACTIVATIONS = frozenset({"sigmoid", "softmax", "linear"})
IMBALANCED = 4.0
BALANCED_METRICS = frozenset({"balanced_accuracy", "f1", "recall", "roc_auc", "auc"})
"""Metrics for which a rare class counts as much as a frequent one, or is all that counts."""


def wrong_output_layer(case: Case) -> Evidence | None:
    """Detect an output layer that cannot name every class.

    Softmax over one unit, fewer units than classes, labels beyond the last unit (0.95, structure); an activation that
    gives no probabilities (0.9); none with a loss that expects them (0.8); sigmoids for exclusive classes (0.7).
    """
    units = _units(case.facts)
    if not _is_classifier(case) or units is None:
        return None
    return _wrong_units(case.facts, units) or _wrong_activation(case.facts, units)


def _wrong_units(facts: Facts, units: int) -> Evidence | None:
    labels = facts.labels
    if units == 1 and _activation(facts) == "softmax":
        return "A softmax over a single unit always outputs 1", 0.95, "structure"
    if units < labels.classes and not (units == 1 and labels.classes == PAIR):
        return f"The output layer has {plural(units, 'unit')} for {labels.classes} classes", 0.95, "structure"
    if units > 1 and labels.encoding != "one-hot" and labels.highest is not None and labels.highest >= units:
        what = f"The labels go up to {labels.highest:g}, but {units} output units cover only 0 to {units - 1}"
        return what, 0.95, "structure"
    return None


def _wrong_activation(facts: Facts, units: int) -> Evidence | None:
    activation = _activation(facts)
    if activation is not None and activation not in OUTPUT_ACTIVATIONS:
        return f"The output layer ends in {activation}, which gives no class probabilities", 0.9, "structure"
    if activation == "linear" and facts.model.loss in CLASS_LOSSES:
        return f"The output layer has no activation, but {facts.model.loss} expects probabilities", 0.8, "structure"
    if activation == "sigmoid" and units > PAIR and _loss(facts) in MULTICLASS_LOSSES:
        return f"Sigmoid outputs treat {units} classes as independent, but exactly one is correct", 0.7, "structure"
    return None


def wrong_loss(case: Case) -> Evidence | None:
    """Detect a loss that does not fit the classes.

    A multiclass loss for one unit (0.95, structure); a regression loss (0.75); binary cross-entropy over a softmax
    (0.7).
    """
    units, loss = _units(case.facts), _loss(case.facts)
    if not _is_classifier(case) or units is None:
        return None
    if units == 1 and loss in MULTICLASS_LOSSES:
        return f"The loss {loss} is constant for a single output unit", 0.95, "structure"
    if loss in REGRESSION_LOSSES:
        return (
            f"The loss {loss} is for regression, but there are {case.facts.labels.classes} classes",
            0.75,
            "structure",
        )
    if loss == "binary_crossentropy" and units > 1 and _activation(case.facts) == "softmax":
        what = f"The loss {loss} judges {units} classes independently, but exactly one is correct"
        return what, 0.7, "structure"
    return None


def class_imbalance(case: Case) -> Evidence | None:
    """Detect a largest class with 4 times the rows of the smallest, where classes are not weighted yet.

    Where the metric counts classes alike, as balanced accuracy, F1, recall and AUC do (0.75, structure); where the
    rarest is never predicted (0.6, curves); else (0.25, structure).
    """
    counts, predicted = case.facts.labels.counts, case.facts.training.predicted
    fewest, most = min(counts, default=0), max(counts, default=0)
    if len(counts) < PAIR or case.facts.training.class_weight or not fewest or most < IMBALANCED * fewest:
        return None
    what = f"The classes are imbalanced: from {fewest} to {most} rows"
    if case.metric in BALANCED_METRICS:
        return f"{what}, and {case.metric} weights them equally", 0.75, "structure"
    if len(predicted) == len(counts) and not predicted[counts.index(fewest)]:
        return f"{what}, and the rarest is never predicted", 0.6, "curves"
    return what, 0.25, "structure"


def double_softmax(case: Case) -> Evidence | None:
    """Detect PyTorch's `CrossEntropyLoss` on a network that ends in softmax or sigmoid (0.8, structure)."""
    model, activation = case.facts.model, _activation(case.facts)
    if model.library != "torch" or model.loss != "CrossEntropyLoss" or activation not in {"softmax", "sigmoid"}:
        return None
    return f"CrossEntropyLoss expects logits, but the network ends in a {activation}", 0.8, "structure"


def fit_output(case: Case) -> Remedies:
    """Fit output layer and loss to the labels."""
    labels = case.facts.labels
    units = max(labels.classes, round(labels.highest or 0) + 1)
    if labels.encoding == "one-hot":
        yield from offer(case, "output", f"softmax:{labels.classes}:categorical_crossentropy")
    elif units == PAIR and case.facts.model.output.units in (1, None):
        yield from offer(case, "output", "sigmoid:1:binary_crossentropy")
    else:
        yield from offer(case, "output", f"softmax:{units}:sparse_categorical_crossentropy")


RULES = (
    Rule(wrong_output_layer, fit_output),
    Rule(wrong_loss, fit_output),
    Rule(double_softmax, offering("output", None)),
    Rule(class_imbalance, offering("class_weight", None)),
)


def _is_classifier(case: Case) -> bool:
    """Return whether it is a Keras network that predicts classes."""
    return case.value is not None and case.facts.model.library == "keras" and case.facts.labels.classes >= PAIR


def _units(facts: Facts) -> int | None:
    """Return the output layer's units."""
    dense = [layer for layer in facts.model.layers if layer.kind in OUTPUT_LAYERS]
    return facts.model.output.units or (dense[-1].units if dense else None)


def _activation(facts: Facts) -> str | None:
    """Return the activation at the very end."""
    if facts.model.output.activation:
        return facts.model.output.activation.lower()
    ends = [layer for layer in facts.model.layers if layer.kind in {*OUTPUT_LAYERS, *ACTIVATION_LAYERS}]
    if not ends:
        return None
    own = "softmax" if ends[-1].kind == "Softmax" else ends[-1].activation
    return own.lower() if own else None


def _loss(facts: Facts) -> str:
    """Return the loss's name as a function's: a class's words are joined by underscores."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", facts.model.loss or "").lower()

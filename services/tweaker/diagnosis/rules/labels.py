"""What is wrong between the labels and what the network answers: its output layer, its loss, rare classes."""

from __future__ import annotations

import re

from services.tweaker.diagnosis.facts import Facts
from services.tweaker.diagnosis.finding import Case, Finding
from services.tweaker.diagnosis.rules.kinds import BENDS, OUTPUTS, count

PAIR = 2
OF_NUMBERS = frozenset(
    {"mse", "mean_squared_error", "mae", "mean_absolute_error", "mape", "msle", "huber", "log_cosh", "logcosh"}
)
OF_CLASSES = frozenset({"categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy"})
OF_MANY = frozenset({"categorical_crossentropy", "sparse_categorical_crossentropy"})
SHARES = frozenset({"sigmoid", "softmax", "linear"})
RARE = 4.0
BALANCED = frozenset({"balanced_accuracy", "f1", "recall", "roc_auc", "auc"})
"""Metrics for which a rare class counts as much as a frequent one, or is all that counts."""


def wrong_output(case: Case) -> Finding | None:
    """Say that the output layer cannot name every class."""
    units = _units(case.facts)
    if not _names_classes(case) or units is None:
        return None
    return _wrong_units(case.facts, units) or _wrong_bend(case.facts, units)


def _wrong_units(facts: Facts, units: int) -> Finding | None:
    """Say that there are fewer units than classes, or none for some label."""
    labels = facts.labels
    if units == 1 and _bend(facts) == "softmax":
        return _output("A softmax over a single unit answers 1 whatever it is given", 0.95)
    if units < labels.classes and not (units == 1 and labels.classes == PAIR):
        return _output(f"The output layer has {count(units, 'unit')} for {labels.classes} classes", 0.95)
    if units > 1 and labels.encoding != "one-hot" and labels.highest is not None and labels.highest >= units:
        return _output(f"The labels go up to {labels.highest:g}, and {units} output units end at {units - 1}", 0.95)
    return None


def _wrong_bend(facts: Facts, units: int) -> Finding | None:
    """Say that what the units answer are no shares of classes."""
    bend = _bend(facts)
    if bend is not None and bend not in SHARES:
        return _output(f"The output layer ends in {bend}, which gives no shares of classes", 0.9)
    if bend == "linear" and facts.model.loss in OF_CLASSES:
        return _output(f"The output layer has no activation, and {facts.model.loss} expects shares", 0.8)
    if bend == "sigmoid" and units > PAIR and _loss(facts) in OF_MANY:
        return _output(f"A sigmoid lets {units} classes be true at the same time, where one is", 0.7)
    return None


def wrong_loss(case: Case) -> Finding | None:
    """Say that the loss is not one for these classes."""
    units, loss = _units(case.facts), _loss(case.facts)
    if not _names_classes(case) or units is None:
        return None
    if units == 1 and loss in OF_MANY:
        return _output(f"The loss {loss} of a single output unit is always the same", 0.95, "wrong_loss")
    if loss in OF_NUMBERS:
        what = f"The loss {loss} is one for amounts, and these are {case.facts.labels.classes} classes"
        return _output(what, 0.75, "wrong_loss")
    if loss == "binary_crossentropy" and units > 1 and _bend(case.facts) == "softmax":
        what = f"The loss {loss} looks at each of {units} classes by itself, where exactly one is right"
        return _output(what, 0.7, "wrong_loss")
    return None


def imbalance(case: Case) -> Finding | None:
    """Say that rare classes hardly count."""
    counts, predicted = case.facts.labels.counts, case.facts.training.predicted
    if len(counts) < PAIR or case.facts.training.class_weight or not min(counts) or max(counts) < RARE * min(counts):
        return None
    what = f"The classes are unbalanced: from {min(counts)} to {max(counts)} rows"
    if case.metric in BALANCED:
        return Finding("imbalance", f"{what}, and {case.metric} counts them alike", 0.75, "structure")
    if len(predicted) == len(counts) and not predicted[counts.index(min(counts))]:
        return Finding("imbalance", f"{what}, and the rarest is never the answer", 0.6, "curves")
    return Finding("imbalance", what, 0.25, "structure")


def double_softmax(case: Case) -> Finding | None:
    """Say that the loss of PyTorch that makes shares itself is given shares."""
    model = case.facts.model
    if model.library != "torch" or model.loss != "CrossEntropyLoss" or _bend(case.facts) not in {"softmax", "sigmoid"}:
        return None
    what = f"CrossEntropyLoss makes shares itself, and the network ends in a {_bend(case.facts)} already"
    return Finding("double_softmax", what, 0.8, "structure")


def _output(what: str, confidence: float, name: str = "wrong_output") -> Finding:
    return Finding(name, what, confidence, "structure")


def _names_classes(case: Case) -> bool:
    """Tell whether a Keras network is to name classes."""
    return case.value is not None and case.facts.model.library == "keras" and case.facts.labels.classes >= PAIR


def _units(facts: Facts) -> int | None:
    """Return the output layer's units."""
    dense = [layer for layer in facts.model.layers if layer.kind in OUTPUTS]
    return facts.model.output.units or (dense[-1].units if dense else None)


def _bend(facts: Facts) -> str | None:
    """Return the activation at the very end."""
    if facts.model.output.activation:
        return facts.model.output.activation.lower()
    ends = [layer for layer in facts.model.layers if layer.kind in {*OUTPUTS, *BENDS}]
    if not ends:
        return None
    own = "softmax" if ends[-1].kind == "Softmax" else ends[-1].activation
    return own.lower() if own else None


def _loss(facts: Facts) -> str:
    """Return the loss's name as a function's: a class's words are joined by underscores."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", facts.model.loss or "").lower()

"""What may be wrong between labels that are amounts and a network's output: its range, its width, the loss."""

import math
from collections.abc import Mapping

from services.tweaker.diagnosis.case import Case
from services.tweaker.diagnosis.facts import Labels
from services.tweaker.rules.labels import AMOUNT_LOSSES, CLASS_LOSSES, CLASS_METRICS, PAIR, activation_of
from services.tweaker.rules.rule import Evidences, Remedies, Rule, offer
from trainyard.words import counted, number

UNIT, EVERYTHING = (0.0, 1.0), (-math.inf, math.inf)
TAKEN: Mapping[str, tuple[float, float]] = {
    "sigmoid": UNIT, "hard_sigmoid": UNIT, "softmax": UNIT, "tanh": (-1.0, 1.0), "softsign": (-1.0, 1.0),
    "relu": (0.0, math.inf), "relu6": (0.0, 6.0), "softplus": (0.0, math.inf), "exponential": (0.0, math.inf),
}  # fmt: skip
"""Between which values each activation function lies, by its definition; all others take any."""
KNOWN_LOSSES = AMOUNT_LOSSES | CLASS_LOSSES
ROUNDING = 1e-3
NAMES = {"relu": "ReLU", "relu6": "ReLU6"}
SLACK = 0.01
"""The share of the labels' range that may lie beyond what the output takes: a few outliers are no fault of it."""


def unreachable_labels(case: Case) -> Evidences:
    """Detect an output that cannot take the values of labels that are amounts.

    They lie beyond what the activation function takes (0.95, structure); a softmax's outputs always sum to 1 (0.9).
    """
    activation, labels = activation_of(case.facts), case.facts.labels
    lowest, highest = labels.lowest or 0.0, labels.highest or 0.0
    least, most = TAKEN.get(activation, EVERYTHING)
    slack = SLACK * (highest - lowest)
    name, reach = NAMES.get(activation, activation), f"labels {_range(labels)}"
    if activation == "softmax":
        yield f"A softmax's outputs sum to 1 in each row, so they cannot fit {reach}", 0.9, "structure"
    elif lowest < least - slack or highest > most + slack:
        bound = f"between {least:g} and {most:g}" if most < math.inf else "never negative"
        yield f"The {name} output is {bound}, so it cannot reach {reach}", 0.95, "structure"


def class_loss_on_amounts(case: Case) -> Evidences:
    """Detect a loss for classes on labels that are amounts (0.9, structure)."""
    labels, loss = case.facts.labels, case.facts.model.loss
    if loss in CLASS_LOSSES:
        yield f"The loss {loss} is for classes, but the labels are amounts {_range(labels)}", 0.9, "structure"


def wrong_output_width(case: Case) -> Evidences:
    """Detect an output with fewer numbers a row than the labels have (0.9, structure), or with more (0.75)."""
    output, labels = case.facts.model.output, case.facts.labels
    if output.width and labels.width and output.width != labels.width:
        what = f"The network outputs {counted(output.width, 'number')} a row, but the labels have {labels.width}"
        yield what, 0.9 if output.width < labels.width else 0.75, "structure"


def labels_are_no_classes(case: Case) -> Evidences:
    """Detect labels that are none of the classes that the loss expects, as where they were divided by 255 too.

    As few different fractions as there are classes (0.85, data); negative numbers, or several classes a row (0.8,
    data).
    """
    labels, loss = case.facts.labels, case.facts.model.loss
    if _are_scaled_classes(case):
        what = f"The labels are {labels.distinct} different numbers {_range(labels)}, like classes that were scaled"
        yield f"{what}: {loss} expects {_expected(loss)}", 0.85, "data"
    if loss in CLASS_LOSSES and labels.encoding == "integer" and (labels.lowest or 0.0) < 0:
        yield f"The labels go {_range(labels)}, but {loss} expects {_expected(loss)}", 0.8, "data"
    if loss == "categorical_crossentropy" and labels.encoding == "multi-label":
        yield f"Rows have several or no classes (multi-label), but {loss} expects exactly one each", 0.8, "data"


def _expected(loss: str) -> str:
    return "whole numbers from 0" if loss.startswith("sparse") else "0 or 1"


def _range(labels: Labels) -> str:
    return f"from {number(labels.lowest or 0.0)} to {number(labels.highest or 0.0)}"


def linear_output(case: Case) -> Remedies:
    """Give amounts a linear output of their width, and keep a loss that is for amounts; in PyTorch the former only."""
    output, labels = case.facts.model.output, case.facts.labels
    if case.facts.model.library == "torch":
        yield from offer(case, "output", "linear")
        return
    keeps_loss = case.facts.model.loss in AMOUNT_LOSSES
    loss = str(case.settings.get("output")).split(":")[-1] if keeps_loss else "mean_squared_error"
    units = labels.width if labels.width and output.width == output.units else output.units
    yield from offer(case, "output", f"linear:{units}:{loss}")


def _predicts_amounts(case: Case) -> bool:
    """Return whether it is a network for labels that are amounts, as far as its output layer and its loss are known.

    Whole numbers may be classes too: loss and metric have to be those of amounts. Between 0 and 1 any number is a
    probability for binary cross-entropy, as the pixels of an autoencoder are. A loss of the author's own may mean
    anything by the outputs.
    """
    labels, output, loss = case.facts.labels, case.facts.model.output, case.facts.model.loss
    if not output.units or labels.lowest is None or loss not in KNOWN_LOSSES or _are_scaled_classes(case):
        return False
    if labels.encoding == "integer":
        return loss in AMOUNT_LOSSES and not CLASS_METRICS.search(case.metric)
    is_probability = labels.lowest >= 0 and (labels.highest or 0.0) <= 1 and loss == "binary_crossentropy"
    return labels.encoding == "continuous" and not is_probability


def _are_scaled_classes(case: Case) -> bool:
    """Return whether continuous labels are as few different numbers as the classes that the output is for.

    Where two of them sum to 1, they are 0 and 1 that were smoothed.
    """
    labels, units = case.facts.labels, case.facts.model.output.units
    smoothed = math.isclose((labels.lowest or 0.0) + (labels.highest or 0.0), 1.0, abs_tol=ROUNDING)
    if labels.encoding != "continuous" or case.facts.model.loss not in CLASS_LOSSES or smoothed:
        return False
    return labels.distinct == PAIR or (labels.width == 1 < units and labels.distinct <= units)


RULES = (
    Rule(unreachable_labels, linear_output, of=_predicts_amounts, stays=True),
    Rule(class_loss_on_amounts, linear_output, of=_predicts_amounts, stays=True),
    Rule(wrong_output_width, linear_output, of=_predicts_amounts, stays=True),
    Rule(labels_are_no_classes),
)

"""Values of any metric as scores, of which more is better and 1 is perfect, so that rules need one set of bounds."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.tweaker.diagnosis.facts import Facts
from trainyard.trial import Measurement

ACCURACIES = ("accuracy", "acc", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy")
SCORES = re.compile(r"acc|f1|precision|recall|auc|kappa|mcc|jaccard|^r2$|explained_variance|^d2_")
"""Metrics that are scores themselves."""
NEGATED = "neg_"
LOSS = "loss"
NAMES: Mapping[str, str] = {
    "mean_squared_error": "mse", "root_mean_squared_error": "rmse", "mean_absolute_error": "mae",
    "median_absolute_error": "medae", "log_loss": "logloss",
    **dict.fromkeys(("categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy"), "logloss"),
}  # fmt: skip
"""The short names of errors, as the probe has them, by those of scorers and losses."""
WORDS: Mapping[str, str] = {
    "r2": "an R²", "explained_variance": "an explained variance", "f1": "an F1 score", "roc_auc": "an AUC",
    "mcc": "an MCC", "mae": "a mean absolute error", "medae": "a median absolute error", "mse": "a mean squared error",
    "rmse": "a root mean squared error", "logloss": "a log loss",
}  # fmt: skip
AMOUNTS = frozenset({"r2", "explained_variance", "mae", "medae", "mse", "rmse"})
LARGE = 100
"""From here on a value has no decimals."""


@dataclass(frozen=True)
class Scale:
    """How values of a metric become scores.

    Those of errors are on the scale of R²: 0 is what the best constant prediction gets.

    Attributes:
        metric: Its short name.
        constant: The error of the best constant prediction; 0 for a metric whose values are scores themselves.
        power: To which an error in the unit of the labels is raised, as squares are what R² compares.
    """

    metric: str = "accuracy"
    constant: float = 0.0
    power: int = 1

    @property
    def is_accuracy(self) -> bool:
        """Whether a score is the share of rows that are right."""
        return self.metric in ACCURACIES

    @property
    def is_of_amounts(self) -> bool:
        """Whether the metric is one of predictions that are amounts, not classes."""
        return self.metric in AMOUNTS

    def score(self, value: float) -> float:
        """Return the score that a value of the metric is; an error counts without its sign."""
        return 1 - (abs(value) / self.constant) ** self.power if self.constant else value

    def value(self, score: float) -> float:
        """Return the value of the metric that has this score."""
        return self.constant * max(1 - score, 0.0) ** (1 / self.power) if self.constant else score

    def figure(self, score: float) -> str:
        """Write the value that has this score: an accuracy in percent."""
        return f"{score:.1%}" if self.is_accuracy else _written(self.value(score))

    def named(self, score: float) -> str:
        """Write the value with its metric: "an R² of 0.41"; an accuracy is known by its percent."""
        name = WORDS.get(self.metric) or f"a {self.metric.replace('_', ' ')}"
        return self.figure(score) if self.is_accuracy else f"{name} of {self.figure(score)}"

    def distance(self, score: float, other: float) -> str:
        """Write how far two scores are apart, in the unit of the metric."""
        return f"{abs(score - other):.1%}" if self.is_accuracy else _written(abs(self.value(score) - self.value(other)))


def scale_of(measured: Measurement, facts: Facts) -> Scale | None:
    """Return how the values of a metric become scores; None where that is not known.

    An error becomes one where it is known how far the labels that it was measured on are spread.
    """
    plain = facts.model.loss if measured.metric == LOSS else measured.metric.removeprefix(NEGATED)
    name = NAMES.get(plain, plain)
    if name in CONSTANTS:
        constant, power = CONSTANTS[name]
        return Scale(name, constant(facts), power) if constant(facts) else None
    return Scale(name) if SCORES.search(name) and measured.direction == "maximize" else None


def _spread(facts: Facts) -> float:
    return facts.measured.std or facts.labels.std or 0.0


def _deviation(facts: Facts) -> float:
    return facts.measured.deviation or _spread(facts)


def _entropy(facts: Facts) -> float:
    """Return the log loss of always predicting the shares of the classes."""
    counts = [count for count in facts.labels.counts if count]
    return -sum(count / sum(counts) * math.log(count / sum(counts)) for count in counts)


CONSTANTS: Mapping[str, tuple[Callable[[Facts], float], int]] = {
    "mse": (lambda facts: _spread(facts) ** 2, 1),
    "rmse": (_spread, 2),
    "mae": (_deviation, 2),
    "medae": (_deviation, 2),
    "logloss": (_entropy, 1),
}
"""What errors come to at best without any input, and the power that makes them comparable with R²."""


def _written(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= LARGE else f"{value:.3g}"

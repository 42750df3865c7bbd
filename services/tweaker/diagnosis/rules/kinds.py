"""What kind of model a case is about, and what all rules ask of it."""

from __future__ import annotations

import math

from services.tweaker.diagnosis.facts import Facts, LayerFacts
from services.tweaker.diagnosis.finding import Case

NETWORKS = frozenset({"keras", "torch"})
BOOSTING = ("GradientBoosting", "XGB", "LGBM", "CatBoost", "Booster")
FORESTS = ("RandomForest", "ExtraTrees", "Bagging")
TREES = ("DecisionTree", "ExtraTreeClassifier", "ExtraTreeRegressor")
LINEAR = ("LogisticRegression", "Perceptron", "Ridge", "SGD", "LinearSVC", "LinearDiscriminant", "PassiveAggressive")
SIMPLE = ("GaussianNB", "BernoulliNB", "MultinomialNB", "ComplementNB", "NearestCentroid", "DummyClassifier")
VECTORS = ("SVC", "NuSVC", "SVR")
OUTPUTS = ("Dense", "Linear")
WITH_UNITS = ("Dense", "Linear", "Conv1D", "Conv2D", "Conv3D", "SeparableConv2D", "LSTM", "GRU", "SimpleRNN")
BENDS = frozenset({"Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "ThresholdedReLU"})
"""Layers that are nothing but an activation."""

GOOD = 0.85
"""The share of right answers that is asked for where the threshold is not known."""
NEARLY_ALL = 0.99
"""The same where the threshold is about another metric, which rare classes may decide."""
USUAL_BATCH = 32


def is_network(case: Case) -> bool:
    """Tell whether it is trained in epochs; of an unknown library by its curve or code."""
    library = case.facts.model.library
    return library in NETWORKS or (not library and (bool(case.losses) or "epochs" in case.settings))


def estimator(facts: Facts) -> str:
    """Return the class that decides: the last step where it is a pipeline."""
    steps = facts.model.layers if facts.model.kind == "Pipeline" else ()
    return steps[-1].kind if steps else facts.model.kind


def is_one_of(facts: Facts, beginnings: tuple[str, ...]) -> bool:
    """Tell whether the class that decides begins with one of these."""
    return facts.model.library not in NETWORKS and estimator(facts).startswith(beginnings)


def body(facts: Facts) -> tuple[LayerFacts, ...]:
    """Return the layers of a network before its output layer; none where that is not seen."""
    layers = facts.model.layers
    ends = [index for index, layer in enumerate(layers) if layer.kind in OUTPUTS]
    return layers[: ends[-1]] if ends else ()


def hidden(facts: Facts) -> tuple[LayerFacts, ...]:
    """Return the layers with weights before the output layer."""
    return tuple(layer for layer in body(facts) if layer.kind in WITH_UNITS)


def on_training_data(case: Case) -> float | None:
    """Return the share of right answers on what it was trained on."""
    if case.facts.train_accuracy is not None:
        return case.facts.train_accuracy
    if case.data == "train" and case.value is not None:
        return case.value
    return case.accuracies[-1] if case.accuracies else None


def target(case: Case) -> float:
    """Return the share of right answers that is asked for."""
    asked = case.threshold
    return asked if asked is not None and case.value is not None and 0 < asked <= 1 else GOOD


def fits_its_data(case: Case) -> bool:
    """Tell whether it has learnt its training data as well as is asked for."""
    reached = on_training_data(case)
    asked = target(case) if case.value is not None else NEARLY_ALL
    return reached is not None and reached >= asked


def steps_an_epoch(case: Case) -> int | None:
    """Return how many batches an epoch has."""
    if case.facts.training.steps:
        return case.facts.training.steps
    rows, batch = case.facts.inputs.rows, batch_size(case)
    return math.ceil(rows / batch) if rows else None


def batch_size(case: Case) -> int:
    """Return how many rows a batch has."""
    written = case.settings.get("batch_size")
    known = case.facts.training.batch_size or (written if isinstance(written, int) else 0)
    return known if known > 0 else USUAL_BATCH


def chance(share: float, rows: int) -> float:
    """Return the standard error of a share of *rows* (of binomial counts)."""
    return math.sqrt(max(share * (1 - share), 1 / rows) / rows) if rows else 0.0


def count(number: int, what: str, several: str = "") -> str:
    """Write a number with its noun."""
    return f"{number} {what}" if number == 1 else f"{number} {several or f'{what}s'}"

"""Traits of a case that several rules look at: the kind of model, how well it fits, what the inputs are."""

from __future__ import annotations

import math
from collections.abc import Mapping

from services.tweaker.diagnosis.facts import Facts, LayerFacts
from services.tweaker.diagnosis.finding import Case

NETWORKS = frozenset({"keras", "torch"})
BOOSTING = ("GradientBoosting", "XGB", "LGBM", "CatBoost", "Booster")
BOOSTED = (*BOOSTING, "HistGradient")
FORESTS = ("RandomForest", "ExtraTrees", "Bagging")
TREES = ("DecisionTree", "ExtraTreeClassifier", "ExtraTreeRegressor")
OUTPUT_LAYERS = ("Dense", "Linear")
LAYERS_WITH_UNITS = (*OUTPUT_LAYERS, "Conv1D", "Conv2D", "Conv3D", "SeparableConv2D", "LSTM", "GRU", "SimpleRNN")
ACTIVATION_LAYERS = frozenset({"Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "ThresholdedReLU"})

USUAL_TARGET = 0.85
"""The accuracy that is asked for where the threshold is not known."""
NEARLY_ALL = 0.99
"""The same where the threshold is about another metric, which rare classes may decide."""
USUAL_BATCH = 32

PLAIN_DESCENT = "sgd"
USUAL_RATES: Mapping[str, float] = {"sgd": 0.01, "adagrad": 0.01, "adadelta": 1.0, "ftrl": 0.05, "adamax": 0.002}
"""The usual learning rate by optimizer; for those that are not named, USUAL_RATE."""
USUAL_RATE = 0.001

IMAGE_DIMENSIONS = 3
FEWEST_PIXELS = 64
BYTE_MAXIMUM = (200.0, 255.0)
"""Between these lies the largest value of images of bytes."""
FEWEST_COLUMNS, FULL_RANGE = 16, 0.75


def is_network(case: Case) -> bool:
    """Return whether the model is trained in epochs; of an unknown library, whether its curve or code suggests it."""
    library = case.facts.model.library
    return library in NETWORKS or (not library and (bool(case.losses) or "epochs" in case.settings))


def estimator(facts: Facts) -> str:
    """Return the class that decides: the last step of a pipeline."""
    steps = facts.model.layers if facts.model.kind == "Pipeline" else ()
    return steps[-1].kind if steps else facts.model.kind


def is_one_of(facts: Facts, prefixes: tuple[str, ...]) -> bool:
    """Return whether the estimator's class begins with one of the prefixes."""
    return facts.model.library not in NETWORKS and estimator(facts).startswith(prefixes)


def is_regression(case: Case) -> bool:
    """Return whether the model predicts numbers, not classes."""
    return case.facts.labels.encoding == "continuous" or estimator(case.facts).endswith("Regressor")


def task(case: Case) -> str:
    """Return what the model is there for, as the end of a sentence that says that it cannot."""
    return "fit the target values" if is_regression(case) else "separate the classes"


def body(facts: Facts) -> tuple[LayerFacts, ...]:
    """Return the layers of a network before its output layer; none where that is not known."""
    layers = facts.model.layers
    ends = [index for index, layer in enumerate(layers) if layer.kind in OUTPUT_LAYERS]
    return layers[: ends[-1]] if ends else ()


def hidden_layers(facts: Facts) -> tuple[LayerFacts, ...]:
    """Return the layers with weights before the output layer."""
    return tuple(layer for layer in body(facts) if layer.kind in LAYERS_WITH_UNITS)


def training_score(case: Case) -> float | None:
    """Return the accuracy on the training data."""
    if case.facts.train_accuracy is not None:
        return case.facts.train_accuracy
    if case.data == "train" and case.value is not None:
        return case.value
    return case.accuracies[-1] if case.accuracies else None


def overfit_gap(case: Case) -> float:
    """Return by how much the accuracy on the training data exceeds that on held-out data; 0 where one is unknown."""
    score = training_score(case)
    return score - case.value if score is not None and case.value is not None and case.data != "train" else 0.0


def target(case: Case) -> float:
    """Return the accuracy that is asked for."""
    threshold = case.threshold
    return threshold if threshold is not None and case.value is not None and 0 < threshold <= 1 else USUAL_TARGET


def fits_training_data(case: Case) -> bool:
    """Return whether the model fits its training data as well as is asked for."""
    score = training_score(case)
    return score is not None and score >= (target(case) if case.value is not None else NEARLY_ALL)


def steps_per_epoch(case: Case) -> int | None:
    """Return how many batches an epoch has."""
    if case.facts.training.steps:
        return case.facts.training.steps
    rows = case.facts.inputs.rows
    return math.ceil(rows / batch_size(case)) if rows else None


def batch_size(case: Case) -> int:
    """Return how many rows a batch has."""
    written = case.settings.get("batch_size")
    known = case.facts.training.batch_size or (written if isinstance(written, int) else 0)
    return known if known > 0 else USUAL_BATCH


def learning_rate(case: Case) -> float | None:
    """Return the learning rate: as written in the code, else as the probe saw it at the end.

    A larger one at the end is another default than today's: a script for an older Keras has the defaults of that.
    """
    written, at_end = case.settings.get("learning_rate"), case.facts.model.learning_rate
    if not isinstance(written, int | float):
        return at_end
    return max(float(written), at_end or 0.0)


def optimizer(case: Case) -> str:
    """Return the optimizer's class, or words in its place."""
    return case.facts.model.optimizer or str(case.settings.get("optimizer") or "the optimizer")


def descends_plainly(case: Case) -> bool:
    """Return whether the optimizer is plain gradient descent, which takes many more steps."""
    return optimizer(case).lower() == PLAIN_DESCENT


def is_image(facts: Facts) -> bool:
    """Return whether a row is an image, or the pixels of one in a line, with values from 0 to 255."""
    overall, shape = facts.inputs.overall, facts.inputs.shape
    if overall is None or overall.min < 0:
        return False
    in_bytes = BYTE_MAXIMUM[0] < overall.max <= BYTE_MAXIMUM[1]
    return len(shape) == IMAGE_DIMENSIONS or (in_bytes and math.prod(shape) >= FEWEST_PIXELS)


def has_one_unit(facts: Facts) -> bool:
    """Return whether all columns have the same unit, as the pixels of an image do, so that distances make sense."""
    inputs = facts.inputs
    if is_image(facts):
        return True
    if inputs.overall is None or inputs.overall.min < 0 or len(inputs.columns) < FEWEST_COLUMNS:
        return False
    full = [column for column in inputs.columns if column.max >= FULL_RANGE * inputs.overall.max]
    return len(full) >= len(inputs.columns) / 2


def has_vectorizer(facts: Facts) -> bool:
    """Return whether a step of the pipeline turns texts into columns."""
    return any("Vectorizer" in layer.kind for layer in facts.model.layers)


def standard_error(share: float, rows: int) -> float:
    """Return the standard error of a share of *rows* (of binomial counts)."""
    return math.sqrt(max(share * (1 - share), 1 / rows) / rows) if rows else 0.0


def plural(number: int, noun: str, several: str = "") -> str:
    """Return a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {several or f'{noun}s'}"

"""What is wrong with the inputs."""

from __future__ import annotations

import math

from services.tweaker.domain import curves
from services.tweaker.domain.facts import Facts, Spread
from services.tweaker.domain.finding import Case, Finding

SCALING_LAYERS = frozenset(
    {"Normalization", "BatchNormalization", "Rescaling", "StandardScaler", "MinMaxScaler", "RobustScaler"}
)
NOT_NUMBERS = frozenset({"Embedding", "TextVectorization", "StringLookup", "CategoryEncoding"})
MINDFUL = (
    "KNeighbors", "RadiusNeighbors", "NearestCentroid", "SVC", "SVR", "LogisticRegression", "SGD", "Perceptron", "MLP",
    "Ridge", "Lasso", "ElasticNet", "PassiveAggressive", "Sequential", "Functional", "Model", "Pipeline",
)  # fmt: skip
"""How the classes begin or end that mind the scale of their inputs; trees, for one, do not."""
FAR = 10.0
UNLIKE = 100.0
"""From where on a mean or a spread, and the ratio of two spreads, are what is wrong; as the probe judges."""
PICTURE = 3
LEAST_POINTS = 64
NOT_LEARNED = 0.05


def not_scaled(case: Case) -> Finding | None:
    """Say that the inputs are too large, too small or too unlike each other."""
    facts = case.facts
    first = [layer.kind for layer in facts.model.layers]
    if SCALING_LAYERS & set(first[:2]) or NOT_NUMBERS & set(first) or not _minds(facts.model.kind):
        return None
    if facts.inputs.unscaled:
        return Finding("not_scaled", f"The inputs are not scaled: {_evidence(facts)}", 0.95, "data")
    if facts.inputs.unscaled is None and not case.scales and _learned_nothing(case):
        return Finding("not_scaled", "The loss hardly moves, and nothing in the code scales the inputs", 0.6, "data")
    return None


def is_picture(facts: Facts) -> bool:
    """Tell whether one row is a picture, or its points in a line, with values from 0 to 255."""
    overall = facts.inputs.overall
    if overall is None or overall.min < 0:
        return False
    return len(facts.inputs.shape) == PICTURE or (_is_byte(overall) and math.prod(facts.inputs.shape) >= LEAST_POINTS)


def _is_byte(overall: Spread) -> bool:
    return 200 < overall.max <= 255  # noqa: PLR2004  the brightest point of a picture of bytes


def _minds(kind: str) -> bool:
    """Tell whether a model of this class minds the scale; one of an unknown class may."""
    return not kind or any(kind.startswith(name) or kind.endswith(name) for name in MINDFUL)


def _evidence(facts: Facts) -> str:
    """Say how far the inputs reach."""
    overall, spreads = facts.inputs.overall, [column.std for column in facts.inputs.columns if column.std > 0]
    furthest = max((abs(column.mean) for column in facts.inputs.columns), default=0.0)
    if spreads and furthest > FAR and max(spreads) <= FAR and max(spreads) / min(spreads) <= UNLIKE:
        return f"their columns' means lie as far from 0 as {furthest:.4g}"
    if len(spreads) > 1:
        return f"their columns' spread goes from {min(spreads):.2g} to {max(spreads):.3g}"
    if overall is not None:
        return f"their values go from {overall.min:.3g} to {overall.max:.3g}"
    return "their columns differ widely"


def _learned_nothing(case: Case) -> bool:
    return bool(case.losses) and curves.drop(case.losses) < NOT_LEARNED

"""What is wrong with the inputs."""

from __future__ import annotations

import math

from services.tweaker.diagnosis import curves
from services.tweaker.diagnosis.facts import Facts, Inputs, Spread
from services.tweaker.diagnosis.finding import Case, Finding
from services.tweaker.diagnosis.rules.kinds import NETWORKS, VECTORS, count, estimator, fits_its_data, is_one_of

SCALING_LAYERS = frozenset(
    {
        "Normalization", "BatchNormalization", "Rescaling", "StandardScaler", "MinMaxScaler", "RobustScaler",
        "MaxAbsScaler", "QuantileTransformer", "PowerTransformer", "Normalizer", "LayerNormalization",
    }
)  # fmt: skip
NOT_NUMBERS = frozenset({"Embedding", "TextVectorization", "StringLookup", "CategoryEncoding"})
NEAREST = ("KNeighbors", "RadiusNeighbors", "NearestCentroid")
MINDFUL = (
    *NEAREST, "SVC", "SVR", "NuSVC", "LinearSVC", "LogisticRegression", "SGD", "Perceptron", "MLP",
    "Ridge", "Lasso", "ElasticNet", "PassiveAggressive", "Sequential", "Functional", "Model", "GaussianProcess",
)  # fmt: skip
"""How the classes begin or end that mind the scale of their inputs; trees, for one, do not."""
FAR = 10.0
UNLIKE = 100.0
"""From where on a mean or a spread, and the ratio of two spreads, are what is wrong; as the probe judges."""
UNEVEN = 5.0
"""From this ratio of two spreads on, distances are decided by some columns."""
PICTURE = 3
LEAST_POINTS = 64
POINTS = 16
REACHED = 0.75
NOT_LEARNED = 0.05
REDUCERS = frozenset({"PCA", "TruncatedSVD", "FastICA", "NMF"})
KEPT = 8
"""From this share of the columns on, one in so many, most of what they tell is kept."""


def not_scaled(case: Case) -> Finding | None:
    """Say that the inputs are too large, too small or too unlike each other."""
    facts = case.facts
    first = [layer.kind for layer in facts.model.layers]
    if SCALING_LAYERS & set(first[:2]) or NOT_NUMBERS & set(first) or not _minds(facts) or _takes_as_it_is(case):
        return None
    if facts.inputs.unscaled:
        return Finding("not_scaled", f"The inputs are not scaled: {_evidence(facts)}", 0.95, "data")
    if facts.inputs.unscaled is None and not case.scales and _learned_nothing(case):
        return Finding("not_scaled", "The loss hardly moves, and nothing in the code scales the inputs", 0.6, "data")
    if facts.inputs.unscaled is False and is_one_of(facts, (*NEAREST, *VECTORS)) and _uneven(facts.inputs):
        return Finding("not_scaled", f"Columns of large spread outvote the others: {_evidence(facts)}", 0.65, "data")
    return None


def missing_values(case: Case) -> Finding | None:
    """Say that some rows have no number where one is needed."""
    inputs = case.facts.inputs
    if not inputs.missing and not inputs.infinite:
        return None
    gaps = [f"{inputs.missing} rows with missing"] if inputs.missing else []
    gaps += [f"{inputs.infinite} rows with infinite"] if inputs.infinite else []
    what = f"The inputs have {' and '.join(gaps)} values, which training cannot use"
    return Finding("missing_values", what, 0.9 if case.facts.nan else 0.4, "data")


def few_components(case: Case) -> Finding | None:
    """Say that hardly anything of the inputs is kept for the estimator to go by."""
    kept, shape = case.settings.get("components"), case.facts.inputs.shape
    if not isinstance(kept, int) or fits_its_data(case):
        return None
    columns = shape[0] if len(shape) == 1 else 0
    if kept >= max(case.facts.labels.classes, columns / KEPT):
        return None
    of = f" of {count(columns, 'column')}" if columns else ""
    return Finding("few_components", f"Only {count(kept, 'component')}{of} are kept", 0.75, "structure")


def is_picture(facts: Facts) -> bool:
    """Tell whether one row is a picture, or its points in a line, with values from 0 to 255."""
    overall = facts.inputs.overall
    if overall is None or overall.min < 0:
        return False
    return len(facts.inputs.shape) == PICTURE or (_is_byte(overall) and math.prod(facts.inputs.shape) >= LEAST_POINTS)


def compares_as_it_is(facts: Facts) -> bool:
    """Tell whether all columns are of one unit, such as a picture's points, so that distances make sense."""
    return is_picture(facts) or _of_one_unit(facts.inputs)


def _is_byte(overall: Spread) -> bool:
    return 200 < overall.max <= 255  # noqa: PLR2004  the brightest point of a picture of bytes


def _minds(facts: Facts) -> bool:
    """Tell whether a model of this class minds the scale; one of an unknown class may."""
    kind = estimator(facts)
    return not kind or facts.model.library in NETWORKS or kind.startswith(MINDFUL) or kind.endswith(MINDFUL)


def _takes_as_it_is(case: Case) -> bool:
    """Tell whether columns of one unit, such as a picture's points, are compared by distances, which need no scale.

    A kernel has its gamma for that: where it can be turned, a wrong one is what is wrong. And what keeps the widest
    directions would find others, of points that hardly ever change.
    """
    facts = case.facts
    if not compares_as_it_is(facts):
        return False
    if REDUCERS & {layer.kind for layer in facts.model.layers}:
        return True
    own_scale = estimator(facts) == "SVC" and ("gamma" in case.settings or facts.model.param("gamma") == "scale")
    return is_one_of(facts, NEAREST) or own_scale


def _of_one_unit(inputs: Inputs) -> bool:
    """Tell whether most columns reach from 0 to about the same."""
    if inputs.overall is None or inputs.overall.min < 0 or len(inputs.columns) < POINTS:
        return False
    reaching = [column for column in inputs.columns if column.max >= REACHED * inputs.overall.max]
    return len(reaching) >= len(inputs.columns) / 2


def _uneven(inputs: Inputs) -> bool:
    """Tell whether one column's spread is a multiple of another's, where they are not of one unit."""
    spreads = [column.std for column in inputs.columns if column.std > 0]
    return len(spreads) > 1 and max(spreads) / min(spreads) >= UNEVEN and not _of_one_unit(inputs)


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

"""What may be wrong with the inputs."""

import math
from collections.abc import Sequence

from services.tweaker.diagnosis import curves
from services.tweaker.diagnosis.case import Case
from services.tweaker.diagnosis.facts import Facts, Inputs
from services.tweaker.rules.rule import Evidences, Remedies, Rule, offer
from trainyard.words import counted

SCALING_LAYERS = frozenset(
    {
        "Normalization", "BatchNormalization", "Rescaling", "StandardScaler", "MinMaxScaler", "RobustScaler",
        "MaxAbsScaler", "QuantileTransformer", "PowerTransformer", "Normalizer", "LayerNormalization",
        "Standardize", "BatchNorm1d", "BatchNorm2d",
    }
)  # fmt: skip
NOT_NUMBERS = frozenset({"Embedding", "TextVectorization", "StringLookup", "CategoryEncoding"})
NEAREST = ("KNeighbors", "RadiusNeighbors", "NearestCentroid")
SUPPORT_VECTORS = ("SVC", "NuSVC", "SVR")
SCALE_SENSITIVE = (
    *NEAREST, *SUPPORT_VECTORS, "LinearSVC", "LogisticRegression", "SGD", "Perceptron", "MLP",
    "Ridge", "Lasso", "ElasticNet", "PassiveAggressive", "Sequential", "Functional", "Model", "GaussianProcess",
)  # fmt: skip
"""How the classes begin or end that are sensitive to the scale of their inputs; trees, for one, are not."""
FAR, UNLIKE = 10.0, 100.0
"""Beyond these a mean or a standard deviation, and the ratio of two of these, are unscaled, as the probe judges too."""
UNEVEN = 5.0
"""From this ratio of two standard deviations on, some columns decide all distances."""
LEARNT_NOTHING = 0.05
REDUCERS = frozenset({"PCA", "TruncatedSVD", "FastICA", "NMF"})
LEAST_KEPT = 8
"""Of so many columns, one component keeps most of what they tell."""
COMPONENTS = 20
FEW_ROWS, MOST_ROWS = 50, 0.5


def unscaled_inputs(case: Case) -> Evidences:
    """Detect column means or standard deviations far from 1 or from each other that nothing scales (0.95, data).

    Not for trees, words, or pixels that nearest neighbours or an RBF kernel compares. Also, with nearest neighbours or
    support vectors, one column's standard deviation of 5 times another's (0.65, data); without facts, a loss that
    hardly falls where nothing in the code scales (0.6, data).
    """
    facts = case.facts
    if facts.inputs.unscaled:
        yield f"The inputs are not scaled: {_ranges(facts.inputs)}", 0.95, "data"
    if facts.inputs.unscaled is None and not case.scales and _learns_nothing(case.losses):
        yield "The loss hardly falls, and nothing in the code scales the inputs", 0.6, "data"
    if facts.inputs.unscaled is False and facts.is_one_of((*NEAREST, *SUPPORT_VECTORS)) and _is_uneven(facts):
        yield f"Columns with a large spread dominate the distances: {_ranges(facts.inputs)}", 0.65, "data"


def _learns_nothing(losses: Sequence[float]) -> bool:
    return bool(losses) and curves.drop(losses) < LEARNT_NOTHING


def missing_values(case: Case) -> Evidences:
    """Detect rows with missing or infinite values (0.4, data; 0.9 where they explain that the loss is NaN)."""
    inputs = case.facts.inputs
    numbers = {"missing": inputs.missing, "infinite": inputs.infinite}
    gaps = [f"{counted(rows, 'row')} with {kind} values" for kind, rows in numbers.items() if rows]
    if gaps:
        what = f"The inputs have {' and '.join(gaps)}, which training cannot use"
        yield what, 0.9 if case.facts.nan else 0.4, "data"


def too_few_components(case: Case) -> Evidences:
    """Detect a reduction to fewer components than classes, or than an eighth of the columns (0.75, structure)."""
    kept, shape = case.whole("components"), case.facts.inputs.shape
    columns = shape[0] if len(shape) == 1 else 0
    if kept is not None and kept < max(case.facts.labels.classes, columns / LEAST_KEPT):
        of = f" of {counted(columns, 'column')}" if columns else ""
        yield f"The dimensionality reduction keeps only {counted(kept, 'component')}{of}", 0.75, "structure"


def few_rows(case: Case) -> Evidences:
    """Detect fewer than 50 training rows, where the metric is measured on others (0.7, data)."""
    rows = case.facts.inputs.rows
    if 0 < rows < FEW_ROWS and case.data != "train":
        yield f"There are only {counted(rows, 'training row')}", 0.7, "data"


def repeated_rows(case: Case) -> Evidences:
    """Detect that at least half of the training rows repeat another one (0.7, data)."""
    share, rows = case.facts.inputs.repeated, case.facts.inputs.rows
    if share >= MOST_ROWS:
        yield f"{share:.0%} of the {rows} training rows repeat another one, which teaches nothing new", 0.7, "data"


def label_among_inputs(case: Case) -> Evidences:
    """Detect a column of the inputs that has one value for each class, as a copy of the label has (0.85, data)."""
    column = case.facts.inputs.label_column
    if column is not None:
        what = f"Column {column + 1} of the inputs has one value for each class: it is the label under another name"
        yield what, 0.85, "data"


def scale_inputs(case: Case) -> Remedies:
    """Divide an image by its largest value; standardize a table column by column."""
    overall = case.facts.inputs.overall
    divides = overall is not None and case.facts.is_image and case.facts.is_network
    yield from offer(case, "scale_inputs", overall.max if divides and overall is not None else None)


def more_components(case: Case) -> Remedies:
    """Keep twice or four times as many components; of a few components, twenty or forty."""
    kept, shape = case.whole("components"), case.facts.inputs.shape
    if kept is not None:
        columns = shape[0] if len(shape) == 1 and not case.facts.has_vectorizer else math.inf
        more = [min(columns, max(times * COMPONENTS, 2 * times * kept)) for times in (1, 2)]
        yield from offer(case, "components", *[int(number) for number in more if number > kept])


def feels_scale(kind: str) -> bool:
    """Return whether a model of this class is another one where its inputs are scaled."""
    return kind.startswith(SCALE_SENSITIVE) or kind.endswith(SCALE_SENSITIVE)


def needs_scaling(case: Case) -> bool:
    """Return whether a model of this class needs scaled inputs, and does not scale them itself.

    One of an unknown class may need them.
    """
    kind, kinds = case.facts.estimator, case.facts.kinds
    if SCALING_LAYERS.intersection(kinds[:2]) or NOT_NUMBERS.intersection(kinds):
        return False
    sensitive = not kind or case.facts.is_network or feels_scale(kind)
    return sensitive and not (case.facts.has_one_unit and _compares_one_unit(case))


RULES = (
    Rule(unscaled_inputs, scale_inputs, of=needs_scaling),
    Rule(missing_values),
    Rule(few_rows),
    Rule(repeated_rows),
    Rule(label_among_inputs),
    Rule(too_few_components, more_components, fits=False),
)


def _compares_one_unit(case: Case) -> bool:
    """Return whether the model needs no scaling of columns of one unit, as those do that compare distances.

    A kernel has its gamma for that, and where that can be changed, a wrong one is what is wrong. A reduction would keep
    other directions of pixels that hardly ever change.
    """
    facts = case.facts
    has_gamma = facts.estimator == "SVC" and ("gamma" in case.settings or facts.model.param("gamma") == "scale")
    return bool(REDUCERS.intersection(facts.kinds)) or has_gamma or facts.is_one_of(NEAREST)


def _is_uneven(facts: Facts) -> bool:
    spreads = _spreads(facts.inputs)
    return len(spreads) > 1 and max(spreads) / min(spreads) >= UNEVEN and not facts.has_one_unit


def _spreads(inputs: Inputs) -> list[float]:
    return [column.std for column in inputs.columns if column.std > 0]


def _ranges(inputs: Inputs) -> str:
    overall, spreads = inputs.overall, _spreads(inputs)
    furthest = max((abs(column.mean) for column in inputs.columns), default=0.0)
    if spreads and furthest > FAR and max(spreads) <= FAR and max(spreads) / min(spreads) <= UNLIKE:
        return f"column means are up to {furthest:.4g} away from 0"
    if len(spreads) > 1:
        return f"column standard deviations range from {min(spreads):.2g} to {max(spreads):.3g}"
    if overall is not None:
        return f"values range from {overall.min:.3g} to {overall.max:.3g}"
    return "columns differ widely in scale"

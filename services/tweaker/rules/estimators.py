"""What may be wrong with the settings of an estimator of scikit-learn; for trees see `trees`."""

import math
from collections.abc import Mapping

from services.tweaker.diagnosis.case import PLAIN_DESCENT, Case
from services.tweaker.diagnosis.screened import Reached
from services.tweaker.edits.estimator_knobs import CLASSIFIERS, REGRESSORS, SCALED, is_regressor
from services.tweaker.edits.space import Real, Whole
from services.tweaker.rules.inputs import NEAREST, SCALING_LAYERS, SUPPORT_VECTORS, scale_inputs
from services.tweaker.rules.rule import Evidences, Remedies, Rule, in_turn, is_one_of, offer, offering
from services.tweaker.rules.values import USUAL_RATE, USUAL_RATES
from trainyard.words import counted

BOOSTING = ("GradientBoosting", "XGB", "LGBM", "CatBoost", "Booster")
BOOSTED = (*BOOSTING, "HistGradient")
FORESTS = ("RandomForest", "ExtraTrees", "Bagging")
TREES = ("DecisionTree", "ExtraTreeClassifier", "ExtraTreeRegressor")
LINEAR = (
    "LogisticRegression", "Perceptron", "Ridge", "SGD", "LinearSV", "LinearDiscriminant", "PassiveAggressive",
    "LinearRegression", "Lasso", "ElasticNet", "Lars", "BayesianRidge", "ARDRegression", "HuberRegressor",
    "TheilSenRegressor", "QuantileRegressor", "OrthogonalMatchingPursuit", "TweedieRegressor", "PoissonRegressor",
    "GammaRegressor", "PLSRegression", "MultiTaskLasso", "MultiTaskElasticNet",
)  # fmt: skip
SIMPLE = ("GaussianNB", "BernoulliNB", "MultinomialNB", "ComplementNB", "NearestCentroid", "Dummy")
COUNTING = ("MultinomialNB", "ComplementNB", "BernoulliNB")
"""Naive Bayes of counts, to which alpha adds what was not seen."""
FEW_NEIGHBOURS, MANY_NEIGHBOURS = 2, 9
NEIGHBOURS_PER_ROOT = 1.5
"""So many times the root of the rows are too many neighbours."""
STRONG_C, WEAK_C = 0.02, 1000.0
SMALL_C, USUAL_C = 0.1, 3.0
"""Of the labels' standard deviation: a C of support vectors for numbers that is small, and the usual one.

Usual is what spans the labels (Cherkassky and Ma 2004, Practical selection of SVM parameters, Neural Networks 17).
"""
STRONG_ALPHA = {"MLP": 1.0, "SGD": 0.05, "Ridge": 100.0, "Perceptron": 0.05, **dict.fromkeys(COUNTING, 20.0)}
SPARSE = ("Lasso", "ElasticNet")
SHRINKING = 0.1
"""An alpha of lasso that silences columns whose correlation with the labels is less."""
FAR_GAMMA, FAR_RATE, HIGH_RATE = 10.0, 5.0, 20.0
"""So many times the usual, or less than it, is far from it."""
FEW_ITERATIONS, MOST_ITERATIONS = 50, 10_000
GAP = 0.04
MILDER = 30
"""How many times less than a strong penalty a mild one is."""
MANY_ROWS = 20_000
FOREST, BOOST, KERNEL, LINE, NEIGHBOURS = CLASSIFIERS
FAMILIES: Mapping[str, tuple[str, str]] = {
    "linear": (LINE, "Ridge"),
    "neighbours": (NEIGHBOURS, "KNeighborsRegressor"),
    "boosting": (BOOST, "HistGradientBoostingRegressor"),
}
"""By family that the probe screens, its class for classes and that for amounts."""
MEMBERS: Mapping[str, tuple[str, ...]] = {"linear": LINEAR, "neighbours": NEAREST, "boosting": BOOSTED}
"""By family, how the names of its classes begin."""


def too_few_neighbours(case: Case) -> Evidences:
    """Detect one or two neighbours (0.7, structure)."""
    neighbours = case.whole("neighbours")
    if neighbours is not None and neighbours <= FEW_NEIGHBOURS:
        yield f"Only {counted(neighbours, 'neighbour')}: the predictions follow every noisy row", 0.7, "structure"


def too_many_neighbours(case: Case) -> Evidences:
    """Detect more neighbours than 1.5 √rows, or than rows of the smallest class (0.75, structure)."""
    neighbours, rows = case.whole("neighbours") or 0, case.facts.inputs.rows
    smallest = min(case.facts.labels.counts, default=rows)
    if rows and neighbours >= MANY_NEIGHBOURS and neighbours > min(NEIGHBOURS_PER_ROOT * math.sqrt(rows), smallest):
        what = f"{neighbours} neighbours are too many for {rows} rows: distant rows outvote near ones"
        yield f"{what} (the smallest class has {counted(smallest, 'row')})", 0.75, "structure"


def not_converged(case: Case) -> Evidences:
    """Detect a solver that did not converge (0.8, curves; 0.4 where it fits), or at most 50 iterations (structure)."""
    most, fits, training = case.whole("iterations"), case.fits_training_data, case.facts.training
    few = most in range(1, FEW_ITERATIONS + 1)
    if training.converged is False or (few and not fits):
        after = training.iterations or most
        what = f"The solver stopped{f' after {after:g} iterations,' if after else ''} before it converged"
        yield what, 0.4 if fits else 0.8, "structure" if few else "curves"


def mlp_learning_rate_too_low(case: Case) -> Evidences:
    """Detect an MLP of scikit-learn with a fifth of the usual learning rate or less (0.75, structure)."""
    rate, usual = case.number("learning_rate"), _usual_mlp_rate(case)
    if rate is not None and rate <= usual / FAR_RATE:
        yield f"A learning rate of {rate:g} is far below the usual {usual:g}", 0.75, "structure"


def mlp_learning_rate_too_high(case: Case) -> Evidences:
    """Detect an MLP of scikit-learn with 20 times the usual learning rate or more (0.75, structure)."""
    rate, usual = case.number("learning_rate"), _usual_mlp_rate(case)
    if rate is not None and rate >= HIGH_RATE * usual:
        yield f"A learning rate of {rate:g} is far above the usual {usual:g}", 0.75, "structure"


def penalty_too_strong(case: Case) -> Evidences:
    """Detect a C of at most 0.02, or an alpha far above what is usual for the estimator and data (0.8, structure).

    Of support vectors for numbers, a C of at most a tenth of the labels' standard deviation (0.8, structure).
    """
    inverse, alpha, bound = case.number("C"), case.number("alpha"), _strong_alpha(case)
    spread = _spread_for_c(case)
    if spread and inverse is not None and inverse <= SMALL_C * spread:
        what = f"C = {inverse:g} regularizes too strongly for target values with a standard deviation of {spread:.3g}"
        yield what, 0.8, "structure"
    if inverse is not None and inverse <= STRONG_C and not spread:
        yield f"C = {inverse:g} regularizes too strongly", 0.8, "structure"
    if bound is not None and alpha is not None and alpha >= bound:
        yield f"alpha = {alpha:g} regularizes too strongly", 0.8, "structure"


def penalty_too_weak(case: Case) -> Evidences:
    """Detect a C of 1000 or more that overfits by 4 points (0.6, structure)."""
    inverse = case.number("C") or 0.0
    if inverse >= WEAK_C and case.overfit_gap >= GAP:
        yield f"C = {inverse:g} regularizes too weakly: the decision boundary follows single rows", 0.6, "structure"


def gamma_out_of_range(case: Case) -> Evidences:
    """Detect a gamma of 10 times what fits the inputs' variance (0.8, structure), or a tenth without a fit (0.75)."""
    usual, gamma = _usual_gamma(case), case.number("gamma")
    if usual is not None and case.settings.get("gamma") == "auto":
        gamma = 1 / case.facts.inputs.shape[0]
    if not gamma or usual is None:
        return
    if gamma >= FAR_GAMMA * usual:
        what = f"gamma = {gamma:.4g} is too large: each row influences only itself ({usual:.2g} would be usual)"
        yield what, 0.8, "structure"
    if gamma <= usual / FAR_GAMMA and not case.fits_training_data:
        what = f"gamma = {gamma:.4g} is too small: all rows look alike ({usual:.2g} would be usual)"
        yield what, 0.75, "structure"


def unsuitable_kernel(case: Case) -> Evidences:
    """Detect a kernel other than RBF (0.7, structure; 0.5 without a value on the training data; sigmoid 0.75)."""
    kernel, score = case.settings.get("kernel"), case.training_score
    if kernel == "sigmoid":
        yield "A sigmoid kernel rarely fits well", 0.75, "structure"
    if isinstance(kernel, str) and kernel != "rbf":
        known = f" ({case.scale.named(score)} on the training data)" if score is not None else ""
        yield f"A {kernel} kernel does not {case.task}{known}", 0.7 if known else 0.5, "structure"


def estimator_too_simple(case: Case) -> Evidences:
    """Detect an estimator that is below the threshold on its own training data, which it cannot fit (0.7, curves).

    By more than two standard errors; by more than one, 0.5. Linear and naive ones, and fewer than 9 nearest neighbours.
    """
    score, kind = case.training_score, case.facts.estimator
    if score is None or case.value is None or case.is_network or case.facts.training.converged is False:
        return
    if (case.whole("neighbours") or 0) >= MANY_NEIGHBOURS:
        return
    missing, error = case.target - score, case.error(score, case.facts.inputs.rows)
    if missing > error and not kind.startswith("SGDOneClass"):
        what = f"{kind} does no better than {case.scale.named(score)} on its own training data: it cannot {case.task}"
        yield what, 0.7 if missing > 2 * error else 0.5, "curves"


more_neighbours = in_turn(offering("neighbours", 5, 9, 15, within=Whole(3, 30)), offering("weights", "distance"))


def fewer_neighbours(case: Case) -> Remedies:
    """Use fewer, nearer neighbours."""
    usual = max(3, round(math.sqrt(case.facts.inputs.rows or 25) / 2) // 2 * 2 + 1)
    yield from offer(case, "neighbours", min(usual, 7), 5, 3, within=Whole(1, 15))
    yield from offer(case, "weights", "distance")


def more_iterations(case: Case) -> Remedies:
    """Let the solver converge, which takes fewer iterations on scaled inputs."""
    iterations = case.whole("iterations")
    if iterations is not None:
        more = max(1000, 10 * iterations)
        yield from offer(case, "iterations", min(more, MOST_ITERATIONS), within=Whole(more // 2, 2 * MOST_ITERATIONS))
    if case.facts.inputs.unscaled:
        yield from scale_inputs(case)
    yield from offer(case, "solver", "lbfgs")


def usual_mlp_learning_rate(case: Case) -> Remedies:
    """Use the usual learning rate of scikit-learn's MLP, or another solver."""
    usual = _usual_mlp_rate(case)
    yield from offer(case, "learning_rate", usual, 5 * usual, within=Real(usual / 3, 10 * usual))
    yield from offer(case, "solver", "adam", "lbfgs")


def weaker_penalty(case: Case) -> Remedies:
    """Regularize less."""
    bound, usual = _strong_alpha(case), float(f"{USUAL_C * (_spread_for_c(case) or 1 / USUAL_C):.1g}")
    yield from offer(case, "C", usual, 10 * usual, within=Real(0.3 * usual, 100 * usual))
    if bound is not None and case.facts.is_one_of((*COUNTING, "Ridge", *SPARSE)):
        first, second = (float(f"{bound / less:.1g}") for less in (MILDER, MILDER**2))
        yield from offer(case, "alpha", first, second, within=Real(second / MILDER, bound))
    else:
        yield from offer(case, "alpha", 0.0001, 0.001, within=Real(0.00001, 0.01))


stronger_penalty = in_turn(
    offering("C", 1.0, 0.1, within=Real(0.03, 30.0)), offering("alpha", 0.01, within=Real(0.001, 1.0))
)
larger_c = offering("C", 10.0, within=Real(0.3, 100.0))


def swap_estimator(case: Case) -> Remedies:
    """Use another estimator: of the other family that screened best, else what suits such inputs."""
    of_amounts = is_regressor(str(case.settings.get("swap_estimator")))
    usual = REGRESSORS if of_amounts else _suitable_classifiers(case)
    others = [each for each in screened_families(case) if each.family != own_family(case)]
    screened = [_substitute(case, each, FAMILIES[each.family][of_amounts]) for each in others[:1]]
    yield from offer(case, "swap_estimator", *[name for name in (*screened, *usual) if name != case.facts.estimator])


def screened_families(case: Case) -> tuple[Reached, ...]:
    """Return what each family reaches that was screened: a linear model first where none is better beyond noise."""
    found = case.screened.families if case.screened is not None else ()
    return tuple(sorted(found, key=lambda each: each.family != "linear" or each.value < found[0].value - each.error))


def _substitute(case: Case, screened: Reached, name: str) -> str:
    """Return an estimator as it was screened, with a scaler of its own where nothing else can give it one."""
    has_scaler = "scale_inputs" in case.settings or not SCALING_LAYERS.isdisjoint(case.facts.kinds)
    return f"{SCALED}{name}" if screened.standardized and not has_scaler else name


def own_family(case: Case) -> str:
    """Return which of the families that are screened the estimator belongs to; "" where to none."""
    return next((family for family, kinds in MEMBERS.items() if case.facts.is_one_of(kinds)), "")


def _suitable_classifiers(case: Case) -> tuple[str, ...]:
    """Return estimators for such inputs: forests take tables as they are, support vectors need even columns."""
    facts, inputs = case.facts, case.facts.inputs
    if inputs.sparse or facts.has_vectorizer:
        return KERNEL, LINE, FOREST
    if inputs.rows > MANY_ROWS:
        return BOOST, FOREST, KERNEL
    is_even = facts.has_one_unit or (inputs.unscaled is False and not facts.is_one_of((*TREES, *BOOSTING)))
    return (KERNEL, FOREST, BOOST) if is_even else (FOREST, BOOST, KERNEL)


RULES = (
    Rule(too_few_neighbours, more_neighbours),
    Rule(too_many_neighbours, fewer_neighbours),
    Rule(not_converged, more_iterations),
    Rule(mlp_learning_rate_too_low, usual_mlp_learning_rate, of=is_one_of("MLP"), fits=False),
    Rule(mlp_learning_rate_too_high, usual_mlp_learning_rate, of=is_one_of("MLP"), fits=False),
    Rule(penalty_too_strong, weaker_penalty, fits=False),
    Rule(penalty_too_weak, stronger_penalty),
    Rule(gamma_out_of_range, in_turn(offering("gamma", "scale"), larger_c), of=is_one_of(*SUPPORT_VECTORS)),
    Rule(unsuitable_kernel, in_turn(offering("kernel", "rbf"), larger_c, swap_estimator), fits=False),
    Rule(estimator_too_simple, swap_estimator, of=is_one_of(*LINEAR, *SIMPLE, *NEAREST)),
)


def _usual_mlp_rate(case: Case) -> float:
    return USUAL_RATES[PLAIN_DESCENT] if case.settings.get("solver") == "sgd" else USUAL_RATE


def _strong_alpha(case: Case) -> float | None:
    """Return the alpha from which the penalty dominates, for this estimator and these inputs.

    Ridge shrinks a column's coefficient by alpha against the sum of its squares, so that a column of small values is
    silenced by an alpha that is mild elsewhere. Lasso silences a column whose covariance with the labels is below
    alpha, and elastic nets do both.
    """
    inputs, labels = case.facts.inputs, case.facts.labels
    spreads = sorted(column.std for column in inputs.columns)
    usual = spreads[len(spreads) // 2] if spreads else 0.0
    if case.facts.is_one_of(("Ridge",)) and spreads and inputs.rows:
        return max(inputs.rows * usual**2, 1e-9)
    if case.facts.is_one_of(SPARSE) and usual and labels.std:
        silencing = SHRINKING * usual * labels.std
        return silencing if case.facts.is_one_of(("Lasso",)) else min(silencing, usual**2 / 2)
    return next((value for kind, value in STRONG_ALPHA.items() if case.facts.is_one_of((kind,))), None)


def _spread_for_c(case: Case) -> float:
    """Return the labels' standard deviation where C has their unit, as in support vectors for numbers; else 0."""
    return case.facts.labels.std or 0.0 if case.facts.is_one_of(("SVR", "LinearSVR")) else 0.0


def _usual_gamma(case: Case) -> float | None:
    """Return what gamma="scale" would be; of inputs that are still to be scaled, what it would be once they are."""
    shape, overall = case.facts.inputs.shape, case.facts.inputs.overall
    if len(shape) != 1 or not shape[0]:
        return None
    to_scale = case.facts.inputs.unscaled and "scale_inputs" in case.settings and not case.facts.has_one_unit
    variance = overall.std**2 if overall and overall.std and not to_scale else 1.0
    return 1 / (shape[0] * variance)

"""What is wrong with the settings of an estimator of scikit-learn, or of a library that behaves like it."""

from __future__ import annotations

from services.tweaker.diagnosis.finding import Case, Finding
from services.tweaker.diagnosis.rules.inputs import compares_as_it_is
from services.tweaker.diagnosis.rules.kinds import (
    BOOSTING,
    FORESTS,
    LINEAR,
    SIMPLE,
    TREES,
    VECTORS,
    chance,
    count,
    estimator,
    fits_its_data,
    is_network,
    is_one_of,
    on_training_data,
    target,
)
from services.tweaker.diagnosis.rules.rates import USUAL_RATE

FEW_TREES, FEW_ROUNDS = 20, 30
SLOW_BOOST = 0.03
SHALLOW = 2
LARGE_LEAF = 0.03
COARSE_LEAF, PART_OF_RAREST = 5, 0.1
"""Leaves of so many rows, which are such a part of the rarest class, may be what keeps trees from fitting."""
WEAK_C, STRONG_C = 0.02, 1000.0
FAR_GAMMA = 10.0
COUNTED = ("MultinomialNB", "ComplementNB", "BernoulliNB")
"""Naive Bayes of counts, to which alpha adds what was not seen."""
STRONG_ALPHA = {"MLP": 1.0, "SGD": 0.05, "Ridge": 100.0, "Perceptron": 0.05, **dict.fromkeys(COUNTED, 20.0)}
FEW_ITERATIONS = 50
PLAIN_RATE, FAR_RATE = 0.01, 5.0
"""What is usual for plain descent, and how many times less is far from the usual."""
GAP = 0.04


def not_converged(case: Case) -> Finding | None:
    """Say that the solver was stopped before it had finished."""
    written = case.settings.get("iterations")
    few = isinstance(written, int) and 0 < written <= FEW_ITERATIONS
    if case.facts.training.converged is not False and not (few and not fits_its_data(case)):
        return None
    after = case.facts.training.iterations or (written if isinstance(written, int) else None)
    what = f"The solver was stopped {f'after {after:g} iterations ' if after else ''}before it had finished"
    sure = 0.4 if fits_its_data(case) else 0.8
    return Finding("not_converged", what, sure, "structure" if few else "curves")


def slow_network(case: Case) -> Finding | None:
    """Say that a network of scikit-learn takes steps that lead nowhere."""
    rate = case.settings.get("learning_rate")
    if not is_one_of(case.facts, ("MLP",)) or not isinstance(rate, int | float) or fits_its_data(case):
        return None
    usual = PLAIN_RATE if case.settings.get("solver") == "sgd" else USUAL_RATE
    if rate > usual / FAR_RATE:
        return None
    return Finding("slow_network", f"A learning rate of {rate:g} is far below what is usual", 0.75, "structure")


def few_trees(case: Case) -> Finding | None:
    """Say that there are too few trees for their votes to be steady, or too few rounds to get anywhere."""
    trees = case.settings.get("estimators")
    if not isinstance(trees, int):
        return None
    if is_one_of(case.facts, BOOSTING) or estimator(case.facts).startswith("HistGradient"):
        return _few_rounds(case, trees)
    if trees >= FEW_TREES or not (is_one_of(case.facts, FORESTS) or not estimator(case.facts)):
        return None
    return Finding("few_trees", f"{count(trees, 'tree')} vote, so that single ones decide", 0.75, "structure")


def slow_boosting(case: Case) -> Finding | None:
    """Say that each round of boosting adds hardly anything."""
    rate = case.settings.get("learning_rate")
    if not is_one_of(case.facts, BOOSTING) and not estimator(case.facts).startswith("HistGradient"):
        return None
    if not isinstance(rate, int | float) or rate >= SLOW_BOOST or fits_its_data(case):
        return None
    what = f"At a learning rate of {rate:g}, each round of boosting adds hardly anything"
    return Finding("slow_boosting", what, 0.75, "structure")


def shallow(case: Case) -> Finding | None:
    """Say that trees may not grow deep enough to tell the classes apart."""
    depth, leaves = case.settings.get("depth"), case.settings.get("leaves")
    if fits_its_data(case) or not is_one_of(case.facts, (*TREES, *FORESTS, *BOOSTING, "HistGradient")):
        return None
    if isinstance(leaves, int) and leaves <= max(SHALLOW, case.facts.labels.classes):
        what = f"Trees of at most {leaves} leaves cannot {_do(case)}"
        return Finding("few_leaves", what, 0.75, "structure")
    boosted = is_one_of(case.facts, BOOSTING)
    if isinstance(depth, int) and depth >= 1 and depth <= (1 if boosted else SHALLOW):
        what = f"Trees that are {count(depth, 'level')} deep cannot {_do(case)}"
        return Finding("shallow", what, 0.8 if depth == 1 or not boosted else 0.6, "structure")
    if isinstance(depth, int) and not boosted and (reached := on_training_data(case)) is not None:
        what = f"Trees of {depth} levels reach {reached:.1%} on their own training data"
        return Finding("shallow", what, 0.7, "structure")
    return None


def large_leaves(case: Case) -> Finding | None:
    """Say that leaves hold so many rows that they mix the classes."""
    leaf, rows = case.settings.get("leaf"), case.facts.inputs.rows
    smallest = min((number for number in case.facts.labels.counts if number), default=rows)
    if not isinstance(leaf, int) or not rows or fits_its_data(case):
        return None
    if leaf >= max(LARGE_LEAF * rows, 2) or leaf >= smallest / 2:
        what = f"A leaf holds at least {leaf} of {rows} rows, which is too coarse to {_do(case)}"
        return Finding("large_leaves", what, 0.75, "structure")
    if leaf < max(COARSE_LEAF, PART_OF_RAREST * smallest) or not is_one_of(case.facts, (*TREES, *FORESTS)):
        return None
    what = f"A leaf holds at least {leaf} rows, where there are {smallest} {_rarest(case)}"
    return Finding("large_leaves", what, 0.6, "structure")


def overgrown(case: Case) -> Finding | None:
    """Say that trees have grown until they know each row, and do worse on others."""
    reached = on_training_data(case)
    if case.value is None or case.data == "train" or reached is None or reached - case.value < GAP:
        return None
    if not is_one_of(case.facts, (*TREES, *FORESTS, *BOOSTING, "HistGradient")) or not fits_its_data(case):
        return None
    who = "A single tree" if is_one_of(case.facts, TREES) else "The trees"
    what = f"{who} learnt the rows by heart: {reached:.1%} on the training data, {case.value:.1%} on others"
    return Finding("overgrown", what, 0.7 if is_one_of(case.facts, TREES) else 0.5, "curves")


def single_tree(case: Case) -> Finding | None:
    """Say that one tree is rarely as good as many."""
    if not is_one_of(case.facts, TREES):
        return None
    return Finding(
        "single_tree", "A single tree draws rough borders, which many trees together smooth", 0.5, "structure"
    )


def weak_or_strong(case: Case) -> Finding | None:
    """Say that the penalty on large weights, or its absence, decides more than the data."""
    inverse, alpha = case.settings.get("C"), case.settings.get("alpha")
    if isinstance(inverse, int | float) and inverse <= WEAK_C and not fits_its_data(case):
        what = f"C = {inverse:g} hardly lets the data speak: the penalty outweighs them"
        return Finding("penalty_too_strong", what, 0.8, "structure")
    if isinstance(inverse, int | float) and inverse >= STRONG_C and _knows_by_heart(case):
        what = f"C = {inverse:g} bends the borders around every single row"
        return Finding("penalty_too_weak", what, 0.6, "structure")
    bound = strong_alpha(case)
    if bound is not None and isinstance(alpha, int | float) and alpha >= bound and not fits_its_data(case):
        what = f"alpha = {alpha:g} hardly lets the data speak: the penalty outweighs them"
        return Finding("penalty_too_strong", what, 0.8, "structure")
    return None


def strong_alpha(case: Case) -> float | None:
    """Return from which alpha on the penalty is what decides, for this estimator and these inputs.

    Ridge shrinks what a column tells by alpha against the sum of its squares, so that one of small values is silenced
    by an alpha that is mild elsewhere.
    """
    inputs = case.facts.inputs
    spreads = sorted(column.std for column in inputs.columns)
    if is_one_of(case.facts, ("Ridge",)) and spreads and inputs.rows:
        return max(inputs.rows * spreads[len(spreads) // 2] ** 2, 1e-9)
    return next((value for kind, value in STRONG_ALPHA.items() if is_one_of(case.facts, (kind,))), None)


def odd_gamma(case: Case) -> Finding | None:
    """Say that a kernel reaches far too short, or far too wide, for the spread of these inputs."""
    gamma, usual = case.settings.get("gamma"), _usual_gamma(case)
    if gamma == "auto" and usual is not None:
        gamma = 1 / case.facts.inputs.shape[0]
    if not isinstance(gamma, int | float) or not gamma or usual is None or not is_one_of(case.facts, VECTORS):
        return None
    if gamma >= FAR_GAMMA * usual:
        what = f"gamma = {gamma:.4g} reaches so short that each row stands alone ({usual:.2g} would be usual)"
        return Finding("gamma_too_large", what, 0.8, "structure")
    if gamma <= usual / FAR_GAMMA and not fits_its_data(case):
        what = f"gamma = {gamma:.4g} reaches so wide that all rows look alike ({usual:.2g} would be usual)"
        return Finding("gamma_too_small", what, 0.75, "structure")
    return None


def odd_kernel(case: Case) -> Finding | None:
    """Say that the kernel cannot follow these data."""
    kernel = case.settings.get("kernel")
    if not isinstance(kernel, str) or kernel == "rbf" or fits_its_data(case):
        return None
    if kernel == "sigmoid":
        return Finding("odd_kernel", "A sigmoid kernel fits few data at all", 0.75, "structure")
    reached = on_training_data(case)
    known = f" ({reached:.1%} on the training data)" if reached is not None else ""
    what = f"A {kernel} kernel does not {_do(case)}{known}"
    return Finding("odd_kernel", what, 0.7 if reached is not None else 0.5, "structure")


def cannot_fit(case: Case) -> Finding | None:
    """Say that an estimator of this kind cannot follow these data, however it is set."""
    reached, kind = on_training_data(case), estimator(case.facts)
    if reached is None or case.value is None or is_network(case):
        return None
    if not is_one_of(case.facts, (*LINEAR, *SIMPLE)) or kind.startswith("SGDOneClass"):
        return None
    rows = case.facts.inputs.rows
    if reached >= target(case) - chance(reached, rows) or case.facts.training.converged is False:
        return None
    what = f"A {kind} reaches {reached:.1%} on its own training data: it cannot follow these classes' borders"
    return Finding("cannot_fit", what, 0.7 if reached < target(case) - 2 * chance(reached, rows) else 0.5, "curves")


def _do(case: Case) -> str:
    """Say what an estimator is there for: classes, or amounts."""
    return "follow these amounts" if _is_of_amounts(case) else "tell the classes apart"


def _rarest(case: Case) -> str:
    return "in all" if _is_of_amounts(case) else "of the rarest class"


def _is_of_amounts(case: Case) -> bool:
    return case.facts.labels.encoding == "continuous" or estimator(case.facts).endswith("Regressor")


def _few_rounds(case: Case, rounds: int) -> Finding | None:
    if rounds >= FEW_ROUNDS or fits_its_data(case):
        return None
    return Finding("few_trees", f"{count(rounds, 'round')} of boosting do not lead far", 0.75, "structure")


def _knows_by_heart(case: Case) -> bool:
    reached = on_training_data(case)
    return reached is not None and case.value is not None and case.data != "train" and reached - case.value >= GAP


def _usual_gamma(case: Case) -> float | None:
    """Return what gamma="scale" would be; of inputs that are still to be scaled, what it would be once they are."""
    shape, overall = case.facts.inputs.shape, case.facts.inputs.overall
    if len(shape) != 1 or not shape[0]:
        return None
    to_scale = case.facts.inputs.unscaled and "scale_inputs" in case.settings and not compares_as_it_is(case.facts)
    variance = overall.std**2 if overall and overall.std and not to_scale else 1.0
    return 1 / (shape[0] * variance)

"""Remedies for estimators of scikit-learn, and of libraries that behave like it."""

from __future__ import annotations

import math

from services.tweaker.diagnosis.finding import Case
from services.tweaker.diagnosis.rules.estimators import COUNTED, PLAIN_RATE, strong_alpha
from services.tweaker.diagnosis.rules.inputs import compares_as_it_is
from services.tweaker.diagnosis.rules.kinds import BOOSTING, TREES, estimator, fits_its_data, is_one_of
from services.tweaker.diagnosis.rules.rates import USUAL_RATE
from services.tweaker.edits.estimator_knobs import REGRESSORS, is_regressor
from services.tweaker.edits.space import Real, Whole
from services.tweaker.search.remedies.networks import bend, grow, scale
from services.tweaker.search.remedies.remedy import Remedies, offer

TREES_ENOUGH, ROUNDS_ENOUGH = 200, 300
MOST_ITERATIONS = 10_000
USUAL_BOOST = 0.1
MANY_ROWS = 20_000
COMPONENTS = 20
MILD = 30
"""How many times less than what decides is a mild penalty."""
FOREST, BOOST, VECTOR = "RandomForestClassifier", "HistGradientBoostingClassifier", "SVC"
LINE = "LogisticRegression"


def more_neighbours(case: Case) -> Remedies:
    """Let so many rows decide that no single one does."""
    yield from offer(case, "neighbours", 5, 9, 15, within=Whole(3, 30))
    yield from offer(case, "weights", "distance")


def fewer_neighbours(case: Case) -> Remedies:
    """Let those decide that are near."""
    usual = max(3, round(math.sqrt(case.facts.inputs.rows or 25) / 2) // 2 * 2 + 1)
    yield from offer(case, "neighbours", min(usual, 7), 5, 3, within=Whole(1, 15))
    yield from offer(case, "weights", "distance")


def iterate(case: Case) -> Remedies:
    """Let the solver finish; it comes to its end sooner on scaled inputs."""
    iterations = case.settings.get("iterations")
    if isinstance(iterations, int):
        more = max(1000, 10 * iterations)
        yield from offer(case, "iterations", min(more, MOST_ITERATIONS), within=Whole(more // 2, 2 * MOST_ITERATIONS))
    if case.facts.inputs.unscaled:
        yield from scale(case)
    yield from offer(case, "solver", "lbfgs")


def hurry(case: Case) -> Remedies:
    """Let a network of scikit-learn take usual steps, or choose them by another solver."""
    usual = PLAIN_RATE if case.settings.get("solver") == "sgd" else USUAL_RATE
    yield from offer(case, "learning_rate", usual, 5 * usual, within=Real(usual / 3, 10 * usual))
    yield from offer(case, "solver", "adam", "lbfgs")


def more_trees(case: Case) -> Remedies:
    """Let more trees vote, or go more rounds."""
    boosted = is_one_of(case.facts, BOOSTING) or estimator(case.facts).startswith("HistGradient")
    enough = ROUNDS_ENOUGH if boosted else TREES_ENOUGH
    yield from offer(case, "estimators", enough, within=Whole(50, 500))


def boost(case: Case) -> Remedies:
    """Take larger steps a round, and more of them."""
    yield from offer(case, "learning_rate", USUAL_BOOST, 0.3, within=Real(0.03, 0.3))
    yield from more_trees(case)


def deeper(case: Case) -> Remedies:
    """Let trees grow until they tell the classes apart."""
    if is_one_of(case.facts, BOOSTING):
        yield from offer(case, "depth", 4, 6, within=Whole(3, 8))
    else:
        yield from offer(case, "depth", None, within=Whole(4, 20))
        yield from offer(case, "depth", 10, within=Whole(4, 20))
    yield from swap(case)


def more_leaves(case: Case) -> Remedies:
    """Let trees have leaves enough for all classes."""
    yield from offer(case, "leaves", 64, within=Whole(16, 128))
    yield from deeper(case)


def smaller_leaves(case: Case) -> Remedies:
    """Let leaves be small enough to hold one class."""
    yield from offer(case, "leaf", 1, 3, within=Whole(1, 10))


def prune(case: Case) -> Remedies:
    """Against trees that know each row: many of them instead of one, or smaller ones."""
    if is_one_of(case.facts, TREES):
        yield from plant(case)
    else:
        yield from offer(case, "features", 0.3)
        yield from offer(case, "estimators", 300)
    yield from offer(case, "leaf", 3, 5, within=Whole(2, 20))
    yield from offer(case, "depth", 5, 8, within=Whole(3, 12))
    yield from swap(case)


def keep_more(case: Case) -> Remedies:
    """Keep twice as much of what the inputs tell, or four times; of few components twenty or forty."""
    components, shape = case.settings.get("components"), case.facts.inputs.shape
    if isinstance(components, int):
        known = len(shape) == 1 and not any("Vectorizer" in layer.kind for layer in case.facts.model.layers)
        columns = shape[0] if known else math.inf
        more = [
            min(columns, number) for number in (max(COMPONENTS, 2 * components), max(2 * COMPONENTS, 4 * components))
        ]
        yield from offer(case, "components", *[int(number) for number in more if number > components])


def loosen(case: Case) -> Remedies:
    """Let the data speak: a weaker penalty."""
    yield from offer(case, "C", 1.0, 10.0, within=Real(0.3, 100.0))
    bound = strong_alpha(case)
    if bound is not None and is_one_of(case.facts, (*COUNTED, "Ridge")):
        first, second = (float(f"{bound / less:.1g}") for less in (MILD, MILD**2))
        yield from offer(case, "alpha", first, second, within=Real(second / MILD, bound))
    else:
        yield from offer(case, "alpha", 0.0001, 0.001, within=Real(0.00001, 0.01))


def tighten(case: Case) -> Remedies:
    """Let single rows count less: a stronger penalty."""
    yield from offer(case, "C", 1.0, 0.1, within=Real(0.03, 30.0))
    yield from offer(case, "alpha", 0.01, within=Real(0.001, 1.0))


def usual_gamma(case: Case) -> Remedies:
    """Let the kernel reach as far as the inputs spread."""
    yield from offer(case, "gamma", "scale")
    yield from offer(case, "C", 10.0, within=Real(0.3, 100.0))


def bend_kernel(case: Case) -> Remedies:
    """Take the kernel that follows any border."""
    yield from offer(case, "kernel", "rbf")
    yield from offer(case, "C", 10.0, within=Real(0.3, 100.0))
    yield from swap(case)


def swap(case: Case) -> Remedies:
    """Take another estimator, the last resort: forests take tables as they are, support vectors need even columns."""
    points, is_tree = compares_as_it_is(case.facts), is_one_of(case.facts, (*TREES, *BOOSTING))
    even = points or (case.facts.inputs.unscaled is False and not is_tree)
    order: tuple[str, ...] = (VECTOR, FOREST, BOOST) if even else (FOREST, BOOST, VECTOR)
    if case.facts.inputs.rows > MANY_ROWS:
        order = (BOOST, FOREST, VECTOR)
    if case.facts.inputs.sparse or any("Vectorizer" in layer.kind for layer in case.facts.model.layers):
        order = (VECTOR, LINE, FOREST)
    if is_regressor(str(case.settings.get("swap_estimator"))):
        order = REGRESSORS
    yield from offer(case, "swap_estimator", *[name for name in order if name != estimator(case.facts)])


def plant(case: Case) -> Remedies:
    """Let many trees vote in the place of one; only then anything else."""
    if not is_regressor(str(case.settings.get("swap_estimator"))):
        yield from offer(case, "swap_estimator", FOREST)
    yield from swap(case)


def tune(case: Case) -> Remedies:
    """Go through what an estimator has, the settings that most often help first."""
    yield from keep_more(case)
    yield from more_neighbours(case)
    yield from fewer_neighbours(case)
    yield from offer(case, "C", 10.0, 100.0, within=Real(0.1, 1000.0))
    yield from offer(case, "gamma", "scale")
    yield from offer(case, "kernel", "rbf")
    if "hidden_units" in case.settings:
        yield from grow(case)
        yield from bend(case)
    yield from more_trees(case)
    if "depth" in case.settings:
        yield from prune(case) if fits_its_data(case) else deeper(case)
    yield from offer(case, "alpha", 0.001, 0.01)
    yield from offer(case, "smoothing", 1e-6, 1e-3)
    yield from iterate(case)
    yield from tighten(case)
    yield from swap(case)

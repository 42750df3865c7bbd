"""What may be wrong with trees, forests and boosting, of scikit-learn or of a library that behaves like it."""

from services.tweaker.diagnosis.case import Case
from services.tweaker.edits.estimator_knobs import is_regressor
from services.tweaker.edits.space import Real, Whole
from services.tweaker.rules.estimators import BOOSTED, BOOSTING, FOREST, FORESTS, GAP, TREES, swap_estimator
from services.tweaker.rules.rule import Evidences, Remedies, Rule, in_turn, is_one_of, offer, offering
from trainyard.words import counted

FEW_TREES, ENOUGH_TREES = 20, 200
FEW_ROUNDS, ENOUGH_ROUNDS = 30, 300
LOW_RATE, USUAL_RATE = 0.03, 0.1
SHALLOW = 2
LARGE_LEAF = 0.03
COARSE_LEAF, PART_OF_RAREST = 5, 0.1
"""Leaves of so many rows, which are such a part of the rarest class, may be what keeps trees from fitting."""


def too_few_trees(case: Case) -> Evidences:
    """Detect a forest of fewer than 20 trees, or fewer than 30 boosting rounds that do not fit (0.75, structure)."""
    trees = case.whole("estimators")
    if trees is None:
        return
    if case.facts.is_one_of(BOOSTED) and trees < FEW_ROUNDS and not case.fits_training_data:
        yield f"Only {counted(trees, 'boosting round')}: too few to fit the data", 0.75, "structure"
    if trees < FEW_TREES and (case.facts.is_one_of(FORESTS) or not case.facts.estimator):
        what = "averages" if case.is_regression else "votes"
        yield f"Only {counted(trees, 'tree')}: the forest's {what} are noisy", 0.75, "structure"


def boosting_learning_rate_too_low(case: Case) -> Evidences:
    """Detect a learning rate of boosting below 0.03 (0.75, structure)."""
    rate = case.number("learning_rate")
    if rate is not None and rate < LOW_RATE:
        yield f"At a learning rate of {rate:g}, each boosting round adds very little", 0.75, "structure"


def boosting_learning_rate_too_high(case: Case) -> Evidences:
    """Detect a learning rate of boosting above 1 (0.8, structure)."""
    rate = case.number("learning_rate")
    if rate is not None and rate > 1:
        yield f"At a learning rate of {rate:g}, each boosting round overshoots what it corrects", 0.8, "structure"


def trees_too_shallow(case: Case) -> Evidences:
    """Detect trees of at most 2 levels, boosted ones of 1 (0.8, structure), or unboosted ones of any limit (0.7)."""
    depth, boosted, score = case.whole("depth"), case.facts.is_one_of(BOOSTING), case.training_score
    if depth is None or any(too_few_leaves(case)):
        return
    if 1 <= depth <= (1 if boosted else SHALLOW):
        yield f"Trees of {counted(depth, 'level')} cannot {case.task}", 0.8, "structure"
    if not boosted and score is not None:
        what = (
            f"Trees of {counted(depth, 'level')} do no better than {case.scale.named(score)} on their own training data"
        )
        yield what, 0.7, "structure"


def too_few_leaves(case: Case) -> Evidences:
    """Detect trees with no more leaves than classes (0.75, structure)."""
    leaves = case.whole("leaves")
    if leaves is not None and leaves <= max(SHALLOW, case.facts.labels.classes):
        yield f"Trees of at most {leaves} leaves cannot {case.task}", 0.75, "structure"


def leaves_too_large(case: Case) -> Evidences:
    """Detect leaves of 3 % of the rows or half of the rarest class (0.75, structure), or a tenth of it (0.6)."""
    leaf, rows = case.whole("leaf"), case.facts.inputs.rows
    if leaf is None or not rows:
        return
    smallest = min(filter(None, case.facts.labels.counts), default=rows)
    if leaf >= max(LARGE_LEAF * rows, 2) or leaf >= smallest / 2:
        yield f"Leaves of at least {leaf} of {rows} rows are too coarse to {case.task}", 0.75, "structure"
    if leaf >= max(COARSE_LEAF, PART_OF_RAREST * smallest) and case.facts.is_one_of((*TREES, *FORESTS)):
        of = "in total" if case.is_regression else "of the rarest class"
        yield f"Leaves of at least {leaf} rows are coarse, with {counted(smallest, 'row')} {of}", 0.6, "structure"


def trees_overfit(case: Case) -> Evidences:
    """Detect trees that are worse on held-out data by 4 points (0.7 for a single tree, else 0.5, curves)."""
    single = case.facts.is_one_of(TREES)
    if case.overfit_gap >= GAP:
        what = f"{'The tree overfits' if single else 'The trees overfit'}: {case.on_both_data}"
        yield what, 0.7 if single else 0.5, "curves"


def single_tree(case: Case) -> Evidences:
    """Detect a decision tree by itself (0.5, structure)."""
    rough = "predicts in rough steps" if case.is_regression else "has rough decision boundaries"
    yield f"A single tree {rough}, which a forest smooths", 0.5, "structure"


def more_trees(case: Case) -> Remedies:
    """Use more trees or boosting rounds."""
    enough = ENOUGH_ROUNDS if case.facts.is_one_of(BOOSTED) else ENOUGH_TREES
    yield from offer(case, "estimators", enough, within=Whole(50, 500))


def deeper_trees(case: Case) -> Remedies:
    """Allow deeper trees."""
    if case.facts.is_one_of(BOOSTING):
        yield from offer(case, "depth", 4, 6, within=Whole(3, 8))
    else:
        yield from offer(case, "depth", None, 10, within=Whole(4, 20))
    yield from swap_estimator(case)


def smaller_trees(case: Case) -> Remedies:
    """Use a forest instead of one tree, or smaller trees."""
    if case.facts.is_one_of(TREES):
        yield from take_forest(case)
    else:
        yield from offer(case, "features", 0.3)
        yield from offer(case, "estimators", 300)
    yield from offer(case, "leaf", 3, 5, within=Whole(2, 20))
    yield from offer(case, "depth", 5, 8, within=Whole(3, 12))
    yield from swap_estimator(case)


def take_forest(case: Case) -> Remedies:
    """Use a forest instead of one tree, and other estimators only after that."""
    if not is_regressor(str(case.settings.get("swap_estimator"))):
        yield from offer(case, "swap_estimator", FOREST)
    yield from swap_estimator(case)


usual_boosting_learning_rate = offering("learning_rate", USUAL_RATE, 0.3, within=Real(0.03, 0.3))
ANY_TREES = is_one_of(*TREES, *FORESTS, *BOOSTED)
RULES = (
    Rule(too_few_trees, more_trees),
    Rule(
        boosting_learning_rate_too_low,
        in_turn(usual_boosting_learning_rate, more_trees),
        of=is_one_of(*BOOSTED),
        fits=False,
    ),
    Rule(boosting_learning_rate_too_high, usual_boosting_learning_rate, of=is_one_of(*BOOSTED)),
    Rule(trees_too_shallow, deeper_trees, of=ANY_TREES, fits=False),
    Rule(
        too_few_leaves,
        in_turn(offering("leaves", 64, within=Whole(16, 128)), deeper_trees),
        of=ANY_TREES,
        fits=False,
    ),
    Rule(leaves_too_large, offering("leaf", 1, 3, within=Whole(1, 10)), fits=False),
    Rule(trees_overfit, smaller_trees, of=ANY_TREES, fits=True),
    Rule(single_tree, take_forest, of=is_one_of(*TREES)),
)

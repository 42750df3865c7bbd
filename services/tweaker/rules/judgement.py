"""How far the measured value can be trusted, whether more is possible at all, and what is left to try."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import stdev

from services.tweaker.diagnosis.case import Case
from services.tweaker.diagnosis.history import REPEATS, changes, stalled
from services.tweaker.diagnosis.screened import BY_FOLDS, Screened
from services.tweaker.edits.space import Real
from services.tweaker.rules import activations, capacity, estimators, inputs, rates, training, trees
from services.tweaker.rules.rule import Evidences, Remedies, Rule, always, in_turn, offer, offering
from trainyard import evidence
from trainyard.trial import Setting
from trainyard.words import counted

LEAST_NOISE = 0.002
SHARED = 0.02
TRIED = 4
"""Trials that have to end below about what contradicting rows allow, before that is believed."""
PLATEAU, LONG_PLATEAU = 3, 8
KINDS = 6
"""Trials without a gain, and edits of different names, from which on no more seems possible."""
SWAP, SHORT_PLATEAU, FEW_KINDS = "swap_estimator", 6, 3
"""The same where two other estimators came no further either, which shows more than their settings do."""
WIDE = 3.0
FAR, LEAST_MISSING = 4.0, 0.05
"""All families have to miss the threshold by so many standard errors and by so much."""
RICHER = ("MLP", "GaussianProcess")
"""Models of which those that are screened say little."""
PAIR = 2


def measured_on_training_data(case: Case) -> Evidences:
    """Detect a metric that is measured on the training data only (0.3, data)."""
    if case.data == "train":
        yield "The metric is measured on the training data only, which rewards memorizing", 0.3, "data"


def one_class_evaluation(case: Case) -> Evidences:
    """Detect a metric that is measured on rows of one class only (0.95, data)."""
    measured = case.facts.measured
    if measured.classes == 1 and case.data != "folds":  # each fold may hold one, as where one row is left out
        rows = counted(measured.rows, "row") if measured.rows else "rows"
        yield f"The {case.metric} is measured on {rows} of one class only, which tells no classes apart", 0.95, "data"


def no_better_than_majority(case: Case) -> Evidences:
    """Detect an accuracy that always predicting one class would reach too, within noise (0.95, curves)."""
    value, measured = case.value, case.facts.measured
    if value is None or not case.scale.is_accuracy or not 0 < measured.majority < 1:
        return
    if value - measured.majority <= max(evidence.LEAST_NOISE, case.error(value, measured.rows)):
        constant = f"the {measured.majority:.1%} of always predicting the most frequent class"
        yield f"An accuracy of {value:.1%} is, within noise, no better than {constant}", 0.95, "curves"


def within_noise(case: Case) -> Evidences:
    """Detect a gap to the threshold that may be chance.

    Less than the standard deviation over seeds (0.6, curves), or than one standard error of the rows it is measured on
    (0.4, curves).
    """
    gap, value, rows, over_seeds = case.shortfall, case.value or 0.0, case.facts.measured.rows, _over_seeds(case)
    over_rows = case.error(value, rows)
    what = f"The gap of {case.scale.distance(value, value + gap)} to the threshold is within the"
    if 0 < gap <= over_seeds:
        yield f"{what} variation between seeds ({case.scale.distance(value, value - over_seeds)})", 0.6, "curves"
    if 0 < gap <= over_rows:
        noise = case.scale.distance(value, value - over_rows)
        yield f"{what} sampling error of {counted(rows, 'row')} ({noise})", 0.4, "curves"


def _over_seeds(case: Case) -> float:
    """Return how far trials of the very same code differ: the standard deviation of the code tried most often."""
    by_code: defaultdict[int | None, list[float]] = defaultdict(list)
    for trial in case.history:
        if (reached := case.reached(trial)) is not None:
            by_code[trial.of if trial.purpose in REPEATS else trial.trial].append(reached)
    values = max(by_code.values(), key=len, default=[])
    return stdev(values) if len(values) > PAIR else 0.0


def plateau(case: Case) -> Evidences:
    """Detect that at least the last three trials gained nothing beyond noise (0.59 to 0.68, curves)."""
    trials = stalled(case.history)
    if trials >= PLATEAU:
        confidence = round(min(0.68, 0.5 + 0.03 * trials), 2)
        yield f"The last {trials} trials gained nothing beyond noise", confidence, "curves"


def ceiling(case: Case) -> Evidences:
    """Detect data that seem to allow no more; from 0.9 on, the job ends and says so.

    Equal rows with different labels, after 4 trials near what they allow (0.92, data; before, or far below it, 0.6). Or
    8 trials in a row with 6 kinds of change gained nothing, where three standard errors are missing (0.9, curves). Or
    models of all families that were screened by folds miss the threshold by 4 standard errors and 5 points, and two
    trials, one of them with another estimator, came no further (0.92, data; before, 0.6).
    """
    if case.screened is not None:
        yield from _by_screening(case, case.screened)
    if case.value is not None and case.shortfall > 0:
        yield from _by_conflicts(case, case.value)
        yield from _by_trials(case, case.value)


def _by_conflicts(case: Case, value: float) -> Evidences:
    """Of each pair of equal rows with different labels, at most one is predicted correctly."""
    conflicts = case.facts.inputs.conflicts if case.scale.is_accuracy else 0.0
    most = 1 - conflicts / PAIR
    if conflicts and case.target > most:
        near = value >= most - max(SHARED, case.error(most, case.facts.measured.rows))
        what = f"{conflicts:.0%} of the rows are identical to one with another label: no model can get more than"
        yield f"{what} about {most:.0%} right", 0.92 if near and len(_changed(case)) >= TRIED else 0.6, "data"


def _by_trials(case: Case, value: float) -> Evidences:
    """Where many trials of all kinds end at the same value, it is the data's, not the settings'."""
    tried = _changed(case)
    kinds = {name for _, edits in tried for name in edits}
    long, many = _convincing(tried)
    if len(tried) < long or len(kinds) < many:
        return
    values = [reached for reached, _ in tried]
    best, before = max(values), max([*values[:-long], value])
    spread = max(case.error(best, case.facts.measured.rows), LEAST_NOISE)
    if best - before <= spread and value + case.shortfall - best > WIDE * spread:
        what = f"{long} trials with {len(kinds)} kinds of change did not get beyond {case.scale.named(best)}"
        yield f"{what}: the data seem to allow no more", 0.9, "curves"


def _by_screening(case: Case, screened: Screened) -> Evidences:
    """What no simple model comes near to is out of reach, once trials of the author's own shape have shown the same."""
    best = screened.models[0]
    missing = screened.target - best.value
    if not screened.is_broad or missing <= max(FAR * best.error, LEAST_MISSING * screened.unit):
        return
    tried = [trial for trial in case.history if trial.tweaks and trial.purpose not in REPEATS and trial.measurement]
    highest = max([screened.value, *(trial.measurement.rank() for trial in tried if trial.measurement is not None)])
    noise = max(best.error, *map(evidence.error_over_rows, case.history))
    swapped = any(SWAP in changes(trial) for trial in tried) and not case.facts.is_one_of(RICHER)
    is_sure = swapped and len(tried) >= PAIR and highest <= best.value + PAIR * noise < screened.target
    value, models = screened.written(best.value), f"{len(screened.models)} models of {len(screened.families)} families"
    what = f"The ceiling is about {value}: none of {models} exceeds {value} ± {PAIR * best.error:.2g}"
    yield f"{what} {BY_FOLDS}", 0.92 if is_sure else 0.6, "data"


def _changed(case: Case) -> list[tuple[float, dict[str, Setting]]]:
    trials = [trial for trial in case.history if trial.tweaks and trial.purpose not in REPEATS]
    return [(value, changes(trial)) for trial in trials if (value := case.reached(trial)) is not None]


def _convincing(tried: Sequence[tuple[float, Mapping[str, Setting]]]) -> tuple[int, int]:
    """Return how many trials, with how many kinds of change, have to gain nothing before that is believed."""
    swaps = {edits[SWAP] for _, edits in tried if SWAP in edits}
    return (SHORT_PLATEAU, FEW_KINDS) if len(swaps) >= PAIR else (LONG_PLATEAU, KINDS)


def no_cause(case: Case) -> Evidences:
    """Detect nothing in particular: always there, last (0.1, curves)."""
    where = "the curves and the data" if case.losses else "the data"
    yield f"No single cause shows in {where}", 0.1, "curves"


def change_structure(case: Case) -> Remedies:
    """Change what the model is, where its settings have not helped."""
    if case.is_network:
        yield from capacity.regularize(case) if case.fits_training_data else capacity.enlarge(case)
        yield from capacity.add_hidden_layer(case)
        yield from offer(case, "batch_norm", None)
        yield from capacity.more_filters(case)
    yield from estimators.swap_estimator(case)


def try_everything(case: Case) -> Remedies:
    """Go through what the code has, the edits that most often help first."""
    if case.is_network:
        yield from capacity.regularize(case) if case.fits_training_data else ()
        yield from TRY_ON_NETWORKS(case)
    yield from TRY_ON_ESTIMATORS(case)


def _larger_mlp(case: Case) -> Remedies:
    if "hidden_units" in case.settings:
        yield from in_turn(capacity.enlarge, activations.change_activation)(case)


def _other_trees(case: Case) -> Remedies:
    if "depth" in case.settings:
        yield from trees.smaller_trees(case) if case.fits_training_data else trees.deeper_trees(case)


TRY_ON_NETWORKS = in_turn(
    training.train_longer, rates.use_adam, capacity.enlarge, rates.lower_learning_rate, rates.raise_learning_rate,
    activations.change_activation, training.smaller_batches, capacity.regularize,
)  # fmt: skip
TRY_ON_ESTIMATORS = in_turn(
    inputs.more_components, estimators.more_neighbours, estimators.fewer_neighbours,
    offering("C", 10.0, 100.0, within=Real(0.1, 1000.0)), offering("gamma", "scale"), offering("kernel", "rbf"),
    _larger_mlp, trees.more_trees, _other_trees, offering("alpha", 0.001, 0.01), offering("smoothing", 1e-6, 1e-3),
    estimators.more_iterations, estimators.stronger_penalty, estimators.swap_estimator,
)  # fmt: skip
RULES = (
    Rule(measured_on_training_data),
    Rule(one_class_evaluation, objects=always),
    Rule(no_better_than_majority, objects=always),
    Rule(within_noise),
    Rule(plateau, change_structure),
    Rule(ceiling, estimators.swap_estimator),
    Rule(no_cause, try_everything),
)

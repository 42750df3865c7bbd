"""What the screening shows: whether another family of models or scaled columns reach more on the training rows."""

from services.tweaker.diagnosis.case import Case
from services.tweaker.diagnosis.screened import BY_FOLDS, Reached, Screened
from services.tweaker.rules.estimators import own_family, screened_families, swap_estimator
from services.tweaker.rules.inputs import needs_scaling, scale_inputs
from services.tweaker.rules.rule import Evidences, Rule

REACH = {
    "linear": "a linear model reaches",
    "neighbours": "nearest neighbours reach",
    "boosting": "histogram gradient boosting reaches",
}
CLEAR = 2.0
"""So many standard errors make a difference."""
TELLING = 0.8
"""An accuracy that always predicting one class reaches, above which that models reach no more shows little."""


def better_family(case: Case) -> Evidences:
    """Detect that a model of another family reaches clearly more by folds among the training rows (0.8 or 0.65).

    0.8 where it reaches the threshold. It waits for scaled inputs and for what is wrong with the estimator's settings
    (curves), unless its own family was screened too and misses the threshold with all that (structure).
    """
    screened, ranked, own = case.screened, screened_families(case), own_family(case)
    if screened is None or not ranked or ranked[0].family == own or screened.value >= screened.target:
        return
    best, same = ranked[0], next((each.value for each in ranked if each.family == own), screened.value)
    if best.value - max(same, screened.value) > CLEAR * best.error:
        enough = best.value >= screened.target - best.error
        is_beyond = own and same < screened.target - CLEAR * best.error
        yield _more(best, screened, case), 0.8 if enough else 0.65, "structure" if is_beyond else "curves"


def scale_matters(case: Case) -> Evidences:
    """Detect models that reach clearly more by folds on standardized columns than without (0.9, data).

    Of the estimator's own family, or of nearest neighbours, which compare distances as well.
    """
    if case.screened is None:
        return
    own = own_family(case)
    family = own if own in ("linear", "neighbours") else "neighbours"
    plain, scaled = (case.screened.of(family, standardized=each) for each in (False, True))
    if plain and scaled and scaled.value - plain.value > CLEAR * scaled.error:
        values = [case.screened.written(each.value) for each in (scaled, plain)]
        yield f"Scale matters: {REACH[family]} {values[0]} on standardized columns and {values[1]} without", 0.9, "data"


def unrelated_labels(case: Case) -> Evidences:
    """Detect labels that no screened model predicts better than a constant does, within two errors (0.85, data).

    The constant is the most frequent class, or the labels' mean.
    """
    counts, screened = case.facts.labels.counts, case.screened
    if screened is None or not screened.is_broad:
        return
    known = {"accuracy": max(counts, default=0) / max(1, sum(counts)), "r2": 0.0}
    constant, best = known.get(case.metric, 1.0), screened.models[0]
    if constant <= TELLING and best.value - constant <= CLEAR * best.error:
        values = f"the best of {len(screened.models)} models reaches {screened.written(best.value)}"
        what = f"The labels hardly depend on the inputs: {values} {BY_FOLDS}"
        yield f"{what}, a constant {screened.written(constant)}. Rows and labels may not belong together", 0.85, "data"


def _more(best: Reached, screened: Screened, case: Case) -> str:
    reach, value = REACH[best.family], screened.written(best.value)
    own = f"the {case.facts.estimator or 'model'} only {screened.written(screened.value)}"
    if best.family == "linear" and best.value >= screened.target:
        reach = f"A linear model is enough: {'ridge' if case.is_regression else 'logistic'} regression reaches"
    return f"{reach[0].upper()}{reach[1:]} {value} {BY_FOLDS}, {own}"


RULES = (
    Rule(scale_matters, scale_inputs, of=lambda case: not case.is_network and needs_scaling(case)),
    Rule(better_family, swap_estimator),
    Rule(unrelated_labels),
)

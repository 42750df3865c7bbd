"""Which edits are certain to fail, or to do nothing, without running them."""

import math
from collections.abc import Callable, Mapping
from itertools import takewhile

from services.tweaker.diagnosis.facts import Facts
from services.tweaker.edits.estimator_knobs import SCALED
from services.tweaker.rules.inputs import feels_scale
from services.tweaker.search.plan import Plan
from trainyard.trial import Setting

NEEDS_EVERY_VALUE = frozenset(
    {"SVC", "LogisticRegression", "KNeighborsClassifier", "MLPClassifier", "GaussianNB", "Ridge", "KNeighborsRegressor"}
)
"""Estimators that refuse a missing value."""
KEEPS_COLUMNS = frozenset(
    {"StandardScaler", "MinMaxScaler", "RobustScaler", "MaxAbsScaler", "Normalizer", "SimpleImputer"}
)
"""Steps after which there are as many columns as before."""
REDUCERS = frozenset({"PCA", "TruncatedSVD", "IncrementalPCA"})


def cannot_run(edit: str, setting: Setting, facts: Facts) -> str:
    """Return why an edit would fail, as a clause; "" where it may succeed."""
    return CHECKS[edit](setting, facts) if edit in CHECKS else ""


def without_idle(plan: Plan, facts: Facts) -> Plan:
    """Return the plan without scaling where nothing of it is felt by the estimator that another step swaps in."""
    swapped = [str(step.setting) for step in plan if step.edit == "swap_estimator"]
    idle = swapped and not feels_scale(swapped[-1]) and REDUCERS.isdisjoint(facts.kinds)
    return tuple(step for step in plan if not (idle and step.edit == "scale_inputs"))


def _neighbours(setting: Setting, facts: Facts) -> str:
    too_few = isinstance(setting, int) and 0 < facts.inputs.rows < setting
    return f"there are {facts.inputs.rows} rows, fewer than {setting} neighbours" if too_few else ""


def _components(setting: Setting, facts: Facts) -> str:
    """Compare with the columns where nothing before the reduction changes how many there are."""
    before, shape = len(list(takewhile(KEEPS_COLUMNS.__contains__, facts.kinds))), facts.inputs.shape
    known = REDUCERS.intersection(facts.kinds[before : before + 1]) and len(shape) == 1
    most = min(facts.inputs.rows or math.inf, shape[0] if known else math.inf)
    return f"no more than {most:g} components can be kept" if isinstance(setting, int) and setting > most else ""


def _estimator(setting: Setting, facts: Facts) -> str:
    missing = 0 if any("Imputer" in kind for kind in facts.kinds) else facts.inputs.missing
    cannot = str(setting).removeprefix(SCALED) in NEEDS_EVERY_VALUE and missing
    return f"{setting} cannot handle missing values, and {missing} rows have some" if cannot else ""


CHECKS: Mapping[str, Callable[[Setting, Facts], str]] = {
    "neighbours": _neighbours,
    "components": _components,
    "swap_estimator": _estimator,
}

"""What the scores of an estimator of scikit-learn are called, and whether they are negated."""

from __future__ import annotations

import sys

from trainprobe.foreign import Foreign

WHEN_TO_STOP = "loss"  # what boosting on histograms goes by to stop early, not what its score returns


def metric_of(model: Foreign, scoring: Foreign = None) -> str:
    """Return the name of the metric that *scoring* (a name or a function) or else the model's ``score`` returns."""
    scoring = getattr(model, "scoring", None) if scoring is None else scoring
    if isinstance(scoring, str) and scoring != WHEN_TO_STOP:
        return scoring
    if callable(scoring):
        return str(getattr(getattr(scoring, "_score_func", scoring), "__name__", "score"))
    if _is_a("classifier", model):
        return "accuracy"
    return "r2" if _is_a("regressor", model) else "score"


def _is_a(kind: str, model: Foreign) -> bool:
    base: Foreign = sys.modules.get("sklearn.base")
    if type(model).__name__.lower().endswith(kind):  # also where it only works like one of scikit-learn's
        return True
    return base is not None and bool(getattr(base, "is_" + kind)(model))


def sign_of(scoring: Foreign) -> int:
    """Return -1 where *scoring* negates the metric that it is named by, so that more is better; else 1."""
    return int(getattr(scoring, "_sign", 1))

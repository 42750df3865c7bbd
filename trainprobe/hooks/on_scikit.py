"""Watches scikit-learn's estimators: their training data, predictions and scores."""

from __future__ import annotations

import sys
import time
from functools import partial
from typing import Dict, Iterator

from trainprobe.data.kind import DataKind
from trainprobe.data.samples import rows_of
from trainprobe.facts.collect import describe_estimator_fit
from trainprobe.facts.model import library_of
from trainprobe.foreign import Foreign, as_number
from trainprobe.hooks.held_out import of_estimator
from trainprobe.hooks.observe import Call, observe
from trainprobe.patching.after_import import AfterImport
from trainprobe.patching.wrap import call_with, wrap
from trainprobe.watch import Watch

WHEN_TO_STOP = "loss"  # what boosting on histograms goes by to stop early, not what its score returns


def estimator_steps(watch: Watch) -> Dict[str, AfterImport]:
    """Return what to do after the import of scikit-learn's base classes, before any estimator is defined."""
    return {"sklearn.base": partial(_watch_estimators, watch)}


def metric_of(model: Foreign) -> str:
    """Return the name of the metric that the estimator's own ``score`` returns."""
    scoring = getattr(model, "scoring", None)
    if scoring not in (None, WHEN_TO_STOP) and not isinstance(scoring, (list, tuple, set, dict)):
        return name_of_scoring(scoring)
    if _is_a("classifier", model):
        return "accuracy"
    return "r2" if _is_a("regressor", model) else "score"


def _is_a(kind: str, model: Foreign) -> bool:
    base: Foreign = sys.modules.get("sklearn.base")
    if type(model).__name__.lower().endswith(kind):  # also where it only works like one of scikit-learn's
        return True
    return base is not None and bool(getattr(base, "is_" + kind)(model))


def name_of_scoring(scoring: Foreign) -> str:
    """Return the name of the metric of a scorer, which is a name or a function."""
    if isinstance(scoring, str):
        return scoring
    function = getattr(scoring, "_score_func", scoring)
    return str(getattr(function, "__name__", "score"))


def _refitted_by(search: Foreign) -> str:
    refit = getattr(search, "refit", None)
    return refit if isinstance(refit, str) else metric_of(search)


def _watch_estimators(watch: Watch, base: Foreign) -> None:
    own = vars(base.BaseEstimator).get("__init_subclass__")

    def on_subclass(cls: Foreign, **kwargs: Foreign) -> None:
        if own is None:  # its bases may have one, or not: it is as old as scikit-learn 1.3
            super(base.BaseEstimator, cls).__init_subclass__(**kwargs)
        else:
            own.__func__(cls, **kwargs)
        watch_methods(watch, cls)

    base.BaseEstimator.__init_subclass__ = classmethod(on_subclass)  # type: ignore[arg-type]
    for known in (base.ClassifierMixin, base.RegressorMixin, *_descendants(base.BaseEstimator)):
        watch_methods(watch, known)
    wrap(base.BaseEstimator, "__getstate__", observe(watch, "pickle", before=_pickled))


def _descendants(owner: Foreign) -> Iterator[Foreign]:
    """Yield all subclasses: a container that waits for work has imported some before the probe came."""
    for child in owner.__subclasses__():
        yield child
        yield from _descendants(child)


def watch_methods(watch: Watch, owner: Foreign) -> None:
    """Wrap the methods of a class that works like an estimator."""
    with watch.guard("watching " + owner.__name__):
        wrap(owner, "fit", observe(watch, "fit", before=_fit_begins, after=_fit_ends))
        wrap(owner, "score", observe(watch, "score", after=_scored, scope=watch.measuring))
        for name in ("predict", "predict_proba", "decision_function"):
            wrap(owner, name, observe(watch, "predict", after=_predicted, scope=watch.measuring))


def _fit_begins(call: Call) -> None:
    if hasattr(call.owner, "predict"):
        fit = call.watch.trace.add_fit("sklearn", call.owner, call.given.get("X"), call.given.get("y"))
        call.noted = fit, time.monotonic()
        if call.watch.holdout:
            kept = of_estimator(call.watch, call.given, metric_of(call.owner))
            call.instead = partial(call_with, call.function, kept)


def _fit_ends(call: Call, _fitted: Foreign) -> None:
    if call.noted is None:
        return
    (fit, began), model, trace = call.noted, call.owner, call.watch.trace
    fit.seconds, fit.finished = time.monotonic() - began, True
    best = as_number(getattr(model, "best_score_", None)) if hasattr(model, "cv_results_") else None
    if best is not None:
        source = "sklearn.{}.best_score_".format(type(model).__name__)
        trace.add_measurement(_refitted_by(model), best, DataKind.FOLDS, source, model)
    describe_estimator_fit(trace, fit, call.given.get("X"), call.given.get("y"))


def _predicted(call: Call, predictions: Foreign) -> None:
    data = call.watch.trace.kind_of(call.owner, call.given.get("X"))
    call.watch.trace.add_prediction(predictions, data, call.owner)


def _scored(call: Call, value: Foreign) -> None:
    trace, model, inputs, labels = call.watch.trace, call.owner, call.given.get("X"), call.given.get("y")
    data = trace.kind_of(model, inputs, labels)
    source = library_of(model) + ".score"
    trace.add_measurement(metric_of(model), float(value), data, source, model, rows_of(inputs) or 0)


def _pickled(call: Call) -> None:
    """Note that an estimator is pickled, as by joblib: the script keeps this model."""
    if hasattr(call.owner, "predict"):
        call.watch.trace.note_saved(call.owner)

"""Watches scikit-learn's estimators: what they were fitted with, what they predict and how they score."""

from __future__ import annotations

import sys
import time
from functools import partial
from typing import Dict, Iterator, Optional

from trainprobe.data.fits import Fit
from trainprobe.data.kind import DataKind
from trainprobe.data.samples import rows_of
from trainprobe.facts.collect import describe_estimator_fit
from trainprobe.facts.model import library_of
from trainprobe.foreign import Foreign
from trainprobe.hooks.held_out import of_estimator
from trainprobe.numeric import as_number
from trainprobe.patching.after_import import AfterImport
from trainprobe.patching.wrap import Function, arguments, called, wrap
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
    """Return the name of the metric of a scorer, given by name or as a function."""
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
    wrap(base.BaseEstimator, "__getstate__", partial(_pickle, watch))


def _descendants(owner: Foreign) -> Iterator[Foreign]:
    """Yield the classes that were there before the probe: a container that waits for work has imported them."""
    for child in owner.__subclasses__():
        yield child
        yield from _descendants(child)


def watch_methods(watch: Watch, owner: Foreign) -> None:
    """Wrap the methods of a class that works like an estimator."""
    with watch.guard("watching " + owner.__name__):
        wrap(owner, "fit", partial(_fit, watch))
        wrap(owner, "predict", partial(_predict, watch))
        wrap(owner, "score", partial(_score, watch))
        for name in ("predict_proba", "decision_function"):
            wrap(owner, name, partial(_predict, watch))


def _fit(watch: Watch, original: Function) -> Function:
    def fit(self: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.inside("fit") as outermost:
            given = arguments(original, (self, *args), kwargs)
            noted = _note_fit(watch, self, given) if outermost else None
            began = time.monotonic()
            less = _without_held_out(watch, given) if noted is not None and watch.holdout else None
            fitted = original(self, *args, **kwargs) if less is None else called(original, less)
            if noted is not None:
                noted.seconds = time.monotonic() - began
                _note_fitted(watch, noted, self, given)
            return fitted

    return fit


def _without_held_out(watch: Watch, given: Dict[str, Foreign]) -> Optional[Dict[str, Foreign]]:
    with watch.guard("holding rows out"):
        return of_estimator(watch, given, metric_of(given["self"]))
    return None


def _note_fit(watch: Watch, model: Foreign, given: Dict[str, Foreign]) -> Optional[Fit]:
    with watch.guard("fit"):
        if hasattr(model, "predict"):
            return watch.trace.fitted("sklearn", model, given.get("X"), given.get("y"))
    return None


def _note_fitted(watch: Watch, noted: Fit, model: Foreign, given: Dict[str, Foreign]) -> None:
    with watch.guard("the end of fit"):
        noted.finished = True
        best = as_number(getattr(model, "best_score_", None)) if hasattr(model, "cv_results_") else None
        if best is not None:
            source = "sklearn.{}.best_score_".format(type(model).__name__)
            watch.trace.measured(_refitted_by(model), best, DataKind.FOLDS, source, model)
        describe_estimator_fit(watch.trace, noted, given.get("X"), given.get("y"))


def _predict(watch: Watch, original: Function) -> Function:
    def predict(self: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.measuring("predict") as outermost:
            predicted = original(self, *args, **kwargs)
            if outermost:
                with watch.guard("predict"):
                    given = arguments(original, (self, *args), kwargs)
                    watch.trace.predicted(predicted, watch.trace.kind_of(self, given.get("X")), self)
            return predicted

    return predict


def _score(watch: Watch, original: Function) -> Function:
    def score(self: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.measuring("score") as outermost:
            value = original(self, *args, **kwargs)
            if outermost:
                with watch.guard("score"):
                    given = arguments(original, (self, *args), kwargs)
                    data = watch.trace.kind_of(self, given.get("X"), given.get("y"))
                    source, rows = library_of(self) + ".score", rows_of(given.get("X")) or 0
                    watch.trace.measured(metric_of(self), float(value), data, source, self, rows)
            return value

    return score


def _pickle(watch: Watch, original: Function) -> Function:
    """Note that an estimator is pickled, as by joblib: the script keeps this model."""

    def getstate(self: Foreign) -> Foreign:
        if watch.is_idle and hasattr(self, "predict"):
            with watch.guard("saving an estimator"):
                watch.trace.kept(self)
        with watch.inside("pickle"):
            return original(self)

    return getstate

"""Watches scikit-learn: what estimators were fitted with, and what was measured on which data."""

from __future__ import annotations

import sys
from functools import partial
from typing import Callable, Dict

from trainprobe.facts import describe_fit
from trainprobe.foreign import Foreign
from trainprobe.hooks.calls import arguments, wrap
from trainprobe.imports import AfterImport
from trainprobe.sources.variables import as_number
from trainprobe.watch import Watch

_COMPARE = ("accuracy_score", "balanced_accuracy_score", "f1_score", "precision_score", "recall_score")
_TABLES = ("classification_report", "confusion_matrix")
_REGRESSION = ("r2_score", "mean_absolute_error", "mean_squared_error")
_FOLDS = ("cross_val_score",)
_SILENT = ("learning_curve", "validation_curve", "cross_val_predict", "cross_validate")

Function = Callable[..., Foreign]


def scikit_steps(watch: Watch) -> Dict[str, AfterImport]:
    """Return what to do after the import of each module of scikit-learn that defines what is watched."""
    return {
        "sklearn.base": partial(_watch_estimators, watch),
        "sklearn.metrics._classification": partial(_watch_comparisons, watch),
        "sklearn.metrics._regression": partial(_watch_comparisons, watch),
        "sklearn.metrics._ranking": partial(_watch_comparisons, watch),
        "sklearn.model_selection._validation": partial(_watch_folds, watch),
    }


def _watch_estimators(watch: Watch, base: Foreign) -> None:
    original = base.BaseEstimator.__init_subclass__.__func__

    def on_subclass(cls: Foreign, **kwargs: Foreign) -> None:
        original(cls, **kwargs)
        with watch.guard("watching " + cls.__name__):
            wrap(cls, "fit", partial(_fit, watch))
            wrap(cls, "score", partial(_score, watch))

    base.BaseEstimator.__init_subclass__ = classmethod(on_subclass)
    for mixin in ("ClassifierMixin", "RegressorMixin"):
        wrap(getattr(base, mixin), "score", partial(_score, watch))


def _fit(watch: Watch, original: Function) -> Function:
    def fit(self: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.inside("fit") as outermost:
            given = arguments(original, (self,) + args, kwargs)
            noted = None
            if outermost and hasattr(self, "predict"):
                with watch.guard("fit"):
                    noted = watch.trace.fitted("sklearn", self, given.get("X"), given.get("y"))
            fitted = original(self, *args, **kwargs)
            if noted is not None:
                with watch.guard("fit"):
                    noted.finished = True
                    describe_fit(watch.trace, "sklearn", self, given.get("X"), given.get("y"))
                    _best_of_search(watch, self)
            return fitted

    return fit


def _best_of_search(watch: Watch, model: Foreign) -> None:
    best = as_number(getattr(model, "best_score_", None)) if hasattr(model, "cv_results_") else None
    if best is not None:
        watch.trace.measured(_metric_of(model), best, "folds", "sklearn.{}.best_score_".format(type(model).__name__))


def _score(watch: Watch, original: Function) -> Function:
    def score(self: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.inside("score") as outermost:
            value = original(self, *args, **kwargs)
            if outermost:
                with watch.guard("score"):
                    given = arguments(original, (self,) + args, kwargs)
                    data = watch.trace.data_for(self, given.get("X"), given.get("y"))
                    watch.trace.measured(_metric_of(self), float(value), data, "sklearn.score")
            return value

    return score


def _metric_of(model: Foreign) -> str:
    scoring = getattr(model, "scoring", None)
    if isinstance(scoring, str):
        return scoring
    base: Foreign = sys.modules["sklearn.base"]
    if base.is_classifier(model):
        return "accuracy"
    return "r2" if base.is_regressor(model) else "score"


def _watch_comparisons(watch: Watch, module: Foreign) -> None:
    for name in (*_COMPARE, *_REGRESSION, "roc_auc_score"):
        wrap(module, name, partial(_comparison, watch, name, None))
    for name in _TABLES:
        wrap(module, name, partial(_comparison, watch, name, module))


def _comparison(watch: Watch, name: str, module: Foreign, original: Function) -> Function:
    def compare(*args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.inside(name) as outermost:
            value = original(*args, **kwargs)
            if outermost:
                with watch.guard(name):
                    given = arguments(original, args, kwargs)
                    _note_comparison(watch, name, module, given, value)
            return value

    return compare


def _note_comparison(watch: Watch, name: str, module: Foreign, given: Dict[str, Foreign], value: Foreign) -> None:
    metric = name
    if module is not None:  # a report or a matrix holds the accuracy; the library itself works it out
        metric, value = "accuracy", module.accuracy_score(given["y_true"], given["y_pred"])
    number = as_number(value)
    if number is not None and given.get("normalize", True):
        data = watch.trace.data_for(None, None, given.get("y_true"))
        watch.trace.measured(metric, number, data, "sklearn." + name)


def _watch_folds(watch: Watch, module: Foreign) -> None:
    for name in _FOLDS:
        wrap(module, name, partial(_folds, watch, name))
    for name in _SILENT:
        wrap(module, name, partial(_silent, watch, name))


def _folds(watch: Watch, name: str, original: Function) -> Function:
    def validate(*args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.inside(name) as outermost:
            values = original(*args, **kwargs)
            if outermost:
                with watch.guard(name):
                    given = arguments(original, args, kwargs)
                    scoring = given.get("scoring")
                    metric = scoring if isinstance(scoring, str) else _metric_of(given["estimator"])
                    watch.trace.measured(metric, float(values.mean()), "folds", "sklearn." + name)
            return values

    return validate


def _silent(watch: Watch, name: str, original: Function) -> Function:
    def run(*args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.inside(name):
            return original(*args, **kwargs)

    return run

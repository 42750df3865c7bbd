"""Watches scikit-learn's functions that measure: comparisons of labels, and cross-validation."""

from __future__ import annotations

from functools import partial
from typing import Dict, Optional

from trainprobe.data.kind import DataKind
from trainprobe.data.samples import rows_of
from trainprobe.facts.collect import describe_estimator_on_folds
from trainprobe.foreign import Foreign
from trainprobe.hooks.on_scikit import metric_of, name_of_scoring
from trainprobe.numeric import as_number
from trainprobe.patching.after_import import AfterImport
from trainprobe.patching.wrap import Function, arguments, wrap
from trainprobe.watch import Watch

_MODULES = ("_classification", "_regression", "_ranking")
_MEASURE = (
    "accuracy_score",
    "balanced_accuracy_score",
    "f1_score",
    "precision_score",
    "recall_score",
    "roc_auc_score",
    "r2_score",
    "mean_absolute_error",
    "mean_squared_error",
    "root_mean_squared_error",
    "mean_absolute_percentage_error",
    "mean_squared_log_error",
    "median_absolute_error",
    "explained_variance_score",
    "average_precision_score",
    "log_loss",
    "matthews_corrcoef",
    "cohen_kappa_score",
    "jaccard_score",
    "fbeta_score",
    "top_k_accuracy_score",
)
_TABLES = ("classification_report", "confusion_matrix")
_SILENT = ("validation_curve", "permutation_test_score")


def metric_steps(watch: Watch) -> Dict[str, AfterImport]:
    """Return what to do after the import of each module that defines what is watched here."""
    steps: Dict[str, AfterImport] = {"sklearn.metrics." + name: partial(_watch_metrics, watch) for name in _MODULES}
    return {**steps, "sklearn.model_selection._validation": partial(_watch_validation, watch)}


def _watch_metrics(watch: Watch, module: Foreign) -> None:
    for name in _MEASURE:
        wrap(module, name, partial(_measure, watch, name, None))
    for name in _TABLES:
        wrap(module, name, partial(_measure, watch, name, module))


def _measure(watch: Watch, name: str, table_of: Optional[Foreign], original: Function) -> Function:
    def measure(*args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.measuring(name) as outermost:
            value = original(*args, **kwargs)
            if outermost:
                with watch.guard(name):
                    given = arguments(original, args, kwargs)
                    # a report or a matrix holds the accuracy; the library itself works it out
                    known = table_of.accuracy_score(given["y_true"], given["y_pred"]) if table_of else value
                    _note(watch, name, given, known, "accuracy" if table_of else name)
            return value

    return measure


def _note(watch: Watch, name: str, given: Dict[str, Foreign], value: Foreign, metric: str) -> None:
    number = as_number(value)
    if number is not None and given.get("normalize", True):
        compared = [given[key] for key in ("y_pred", "y_score", "y_proba", "y_true") if key in given]  # in any order
        data, model = watch.trace.prediction_of(*compared)
        watch.trace.measured(metric, number, data, "sklearn." + name, model, rows_of(given.get("y_true")) or 0)


def _watch_validation(watch: Watch, module: Foreign) -> None:
    wrap(module, "cross_val_score", partial(_folds, watch, "cross_val_score"))
    wrap(module, "cross_validate", partial(_folds, watch, "cross_validate"))
    wrap(module, "cross_val_predict", partial(_predicted_folds, watch))
    wrap(module, "learning_curve", partial(_learning_curve, watch))
    for name in _SILENT:
        wrap(module, name, partial(_silent, watch, name))


def _folds(watch: Watch, name: str, original: Function) -> Function:
    def validate(*args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.inside(name) as outermost:
            values = original(*args, **kwargs)
            if outermost:
                with watch.guard(name):
                    _note_folds(watch, name, arguments(original, args, kwargs), values)
            return values

    return validate


def _note_folds(watch: Watch, name: str, given: Dict[str, Foreign], values: Foreign) -> None:
    scoring = given.get("scoring")
    known = scoring is not None and not isinstance(scoring, (list, tuple, set, dict))
    metric = name_of_scoring(scoring) if known else metric_of(given["estimator"])
    scores = {metric: values}
    if isinstance(values, dict):
        named = {key[len("test_") :]: value for key, value in values.items() if key.startswith("test_")}
        scores = {metric if key == "score" else key: value for key, value in named.items()}
    for key, value in scores.items():
        rows = rows_of(given.get("X")) or 0
        watch.trace.measured(key, float(value.mean()), DataKind.FOLDS, "sklearn." + name, rows=rows)
    _describe(watch, given)


def _describe(watch: Watch, given: Dict[str, Foreign]) -> None:
    describe_estimator_on_folds(watch.trace, given["estimator"], given.get("X"), given.get("y"))


def _learning_curve(watch: Watch, original: Function) -> Function:
    def learning_curve(*args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.inside("learning_curve") as outermost:
            found = original(*args, **kwargs)
            if outermost:
                with watch.guard("learning_curve"):
                    given = arguments(original, args, kwargs)
                    scoring = given.get("scoring")
                    metric = metric_of(given["estimator"]) if scoring is None else name_of_scoring(scoring)
                    value = float(found[2][-1].mean())  # test scores at the largest size, by fold
                    watch.trace.measured_aside(metric, value, DataKind.FOLDS, "sklearn.learning_curve")
            return found

    return learning_curve


def _predicted_folds(watch: Watch, original: Function) -> Function:
    def predict(*args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.inside("cross_val_predict") as outermost:
            predicted = original(*args, **kwargs)
            if outermost:
                with watch.guard("cross_val_predict"):
                    watch.trace.predicted(predicted, DataKind.FOLDS)
                    _describe(watch, arguments(original, args, kwargs))
            return predicted

    return predict


def _silent(watch: Watch, name: str, original: Function) -> Function:
    # what these fit and score inside is not the script's own measurement
    def run(*args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.inside(name):
            return original(*args, **kwargs)

    return run

"""Watches scikit-learn's metrics and cross-validation."""

from __future__ import annotations

from functools import partial
from typing import Dict

from trainprobe.data.kind import DataKind
from trainprobe.data.samples import rows_of
from trainprobe.facts.collect import describe_estimator_on_folds
from trainprobe.foreign import Foreign, as_number
from trainprobe.hooks.observe import Call, observe
from trainprobe.hooks.on_scikit import metric_of, name_of_scoring
from trainprobe.patching.after_import import AfterImport
from trainprobe.patching.wrap import wrap
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
_SILENT = ("validation_curve", "permutation_test_score")  # what these fit and score is not the script's own measurement


def metric_steps(watch: Watch) -> Dict[str, AfterImport]:
    """Return what to do after the import of the modules that define them."""
    steps: Dict[str, AfterImport] = {"sklearn.metrics." + name: partial(_watch_metrics, watch) for name in _MODULES}
    return {**steps, "sklearn.model_selection._validation": partial(_watch_validation, watch)}


def _watch_metrics(watch: Watch, module: Foreign) -> None:
    for name in _MEASURE:
        wrap(module, name, observe(watch, name, after=partial(_measured, name), scope=watch.measuring))
    for name in _TABLES:
        wrap(module, name, observe(watch, name, after=partial(_tabulated, name, module), scope=watch.measuring))


def _measured(name: str, call: Call, value: Foreign, metric: str = "") -> None:
    number, given, trace = as_number(value), call.given, call.watch.trace
    if number is not None and given.get("normalize", True):
        compared = [given[key] for key in ("y_pred", "y_score", "y_proba", "y_true") if key in given]  # in any order
        data, model = trace.prediction_of(*compared)
        rows = rows_of(given.get("y_true")) or 0
        trace.add_measurement(metric or name, number, data, "sklearn." + name, model, rows)


def _tabulated(name: str, module: Foreign, call: Call, _table: Foreign) -> None:
    # a report or a matrix holds the accuracy; the library itself works it out
    _measured(name, call, module.accuracy_score(call.given["y_true"], call.given["y_pred"]), "accuracy")


def _watch_validation(watch: Watch, module: Foreign) -> None:
    for name in ("cross_val_score", "cross_validate"):
        wrap(module, name, observe(watch, name, after=partial(_scored_on_folds, name)))
    wrap(module, "cross_val_predict", observe(watch, "cross_val_predict", after=_predicted_on_folds))
    wrap(module, "learning_curve", observe(watch, "learning_curve", after=_learning_curve))
    for name in _SILENT:
        wrap(module, name, observe(watch, name))


def _scored_on_folds(name: str, call: Call, values: Foreign) -> None:
    scoring = call.given.get("scoring")
    known = scoring is not None and not isinstance(scoring, (list, tuple, set, dict))
    metric = name_of_scoring(scoring) if known else metric_of(call.given["estimator"])
    scores = {metric: values}
    if isinstance(values, dict):
        named = {key[len("test_") :]: value for key, value in values.items() if key.startswith("test_")}
        scores = {metric if key == "score" else key: value for key, value in named.items()}
    for key, value in scores.items():
        rows = rows_of(call.given.get("X")) or 0
        call.watch.trace.add_measurement(key, float(value.mean()), DataKind.FOLDS, "sklearn." + name, rows=rows)
    _describe(call)


def _predicted_on_folds(call: Call, predictions: Foreign) -> None:
    call.watch.trace.add_prediction(predictions, DataKind.FOLDS)
    _describe(call)


def _learning_curve(call: Call, curve: Foreign) -> None:
    scoring = call.given.get("scoring")
    metric = metric_of(call.given["estimator"]) if scoring is None else name_of_scoring(scoring)
    value = float(curve[2][-1].mean())  # test scores at the largest size, by fold
    call.watch.trace.add_fallback_measurement(metric, value, DataKind.FOLDS, "sklearn.learning_curve")


def _describe(call: Call) -> None:
    describe_estimator_on_folds(call.watch.trace, call.given["estimator"], call.given.get("X"), call.given.get("y"))

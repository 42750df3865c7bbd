"""Watches what scikit-learn measures on folds: cross-validations and searches, with the models that they fit."""

from __future__ import annotations

import math
import sys
import weakref
from functools import partial
from typing import Iterator, Mapping, Tuple

from trainprobe.data.evaluated import evaluated
from trainprobe.data.kind import DataKind
from trainprobe.data.samples import sample, sample_at
from trainprobe.data.scoring import OnFolds
from trainprobe.facts.collect import describe_estimator_on_folds
from trainprobe.foreign import Foreign, as_number, rounded
from trainprobe.hooks.observe import Call, observe
from trainprobe.hooks.score_names import metric_of, sign_of
from trainprobe.names import canonical
from trainprobe.patching.wrap import wrap
from trainprobe.watch import Watch

NEGATED = "neg_"
VALIDATIONS = ("cross_val_score", "cross_validate")


def watch_validation(watch: Watch, module: Foreign) -> None:
    """Watch the functions that cross-validate, and the folds that they fit."""
    for name in VALIDATIONS:
        wrap(module, name, observe(watch, name, after=partial(_scored_on_folds, name)))
    wrap(module, "_fit_and_score", observe(watch, "a fold", after=_fold_fitted, scope=watch.within(*VALIDATIONS)))
    wrap(module, "cross_val_predict", observe(watch, "cross_val_predict", after=_predicted_on_folds))
    wrap(module, "learning_curve", observe(watch, "learning_curve", after=_learning_curve))


def _fold_fitted(call: Call, _scores: Foreign) -> None:
    call.watch.trace.last_fold = call.given["estimator"], call.given["train"]


def _scored_on_folds(name: str, call: Call, values: Foreign) -> None:
    scoring, on = call.given.get("scoring"), evaluated(call.given.get("X"), call.given.get("y"))
    metric = metric_of(call.given["estimator"], scoring)
    scores, number = {metric: values}, call.watch.trace.number_of(call.given["estimator"])
    if isinstance(values, dict):
        scores = {key[len("test_") :]: value for key, value in values.items() if key.startswith("test_")}
        scores = {metric if key == "score" else key: value for key, value in scores.items()}
    for key, value in scores.items():
        for named, sign in _names(key, sign_of(scoring)):
            mean = sign * float(value.mean())
            call.watch.trace.add_measurement(named, mean, DataKind.FOLDS, "sklearn." + name, number, on)
    _describe(call)
    _keep_last_fold(call, {key: value for key, value in scores.items() if getattr(value, "ndim", 0) == 1})


def _keep_last_fold(call: Call, scores: Mapping[str, Foreign]) -> None:
    """Keep the model of the last fold, if this process fitted it, and how it is scored; *scores* are by metric."""
    trace, given, scoring = call.watch.trace, call.given, call.given.get("scoring")
    fitted, trace.last_fold = trace.last_fold, None
    if fitted is None:
        return
    model, rows = fitted
    part = sample_at(given.get("X"), given.get("y"), rows)
    trace.folds.append([])
    for metric, values in scores.items():
        scorer = sys.modules["sklearn.metrics"].check_scoring(given["estimator"], scoring=_one_of(scoring, metric))
        for named, sign in _names(metric, sign_of(scoring)):
            mean, how = sign * float(values.mean()), partial(_signed, sign, scorer)
            error = _error_of_mean(values.std(), len(values))
            trace.folds[-1].append(OnFolds(canonical(named), mean, how, lambda: model, part, error))


def _names(metric: str, sign: int) -> Iterator[Tuple[str, int]]:
    """Yield what scores are of and with which sign: where they are negated errors, also the errors that they are of."""
    yield metric, sign
    if metric.startswith(NEGATED):
        yield metric[len(NEGATED) :], -sign


def _one_of(scoring: Foreign, metric: str) -> Foreign:
    """Return how one *metric* is scored, where *scoring* may be several."""
    if isinstance(scoring, dict):
        return scoring[metric]
    return metric if isinstance(scoring, (list, tuple, set)) else scoring


def _signed(sign: int, scorer: Foreign, *asked: Foreign) -> Foreign:
    return sign * scorer(*asked)


def _predicted_on_folds(call: Call, predictions: Foreign) -> None:
    call.watch.trace.add_prediction(predictions, DataKind.FOLDS)
    _describe(call)


def _learning_curve(call: Call, curve: Foreign) -> None:
    metric = metric_of(call.given["estimator"], call.given.get("scoring"))
    value = float(curve[2][-1].mean())  # test scores at the largest size, by fold
    call.watch.trace.add_fallback_measurement(metric, value, DataKind.FOLDS, "sklearn.learning_curve")


def _describe(call: Call) -> None:
    describe_estimator_on_folds(call.watch.trace, call.given["estimator"], call.given.get("X"), call.given.get("y"))


def note_search(call: Call) -> None:
    """Record the best score of a search over folds, and how what it found scores on what it was fitted with."""
    model, trace, best = call.owner, call.watch.trace, as_number(getattr(call.owner, "best_score_", None))
    if best is None:
        return
    named = isinstance(getattr(model, "refit", None), str)
    metric, sign = model.refit if named else metric_of(model), sign_of(getattr(model, "scoring", None))
    on, part = evaluated(call.argument(1), call.argument(2)), sample(call.argument(1), call.argument(2))
    source = "sklearn.{}.best_score_".format(type(model).__name__)
    spread = model.cv_results_["std_test_" + (metric if named else "score")][model.best_index_]
    trace.folds.append([])
    for name, signed in _names(metric, sign):
        trace.add_measurement(name, signed * best, DataKind.FOLDS, source, trace.number_of(model), on)
        if part is not None:
            how, error = partial(_signed, signed, type(model).score), _error_of_mean(spread, model.n_splits_)
            trace.folds[-1].append(OnFolds(canonical(name), signed * best, how, weakref.ref(model), part, error))


def _error_of_mean(spread: float, folds: int) -> float:
    """Return the standard error of the mean over so many *folds* whose standard deviation is *spread*."""
    return rounded(spread / math.sqrt(max(1, folds - 1)))

"""Watches scikit-learn: the training data, predictions and scores of estimators, metrics, and cross-validation."""

from __future__ import annotations

import time
from functools import partial
from inspect import isfunction, signature
from typing import Iterator, Sequence, Tuple

from trainprobe.call_site import name_of
from trainprobe.data.evaluated import evaluated
from trainprobe.data.scoring import Scoring
from trainprobe.facts.collect import describe_estimator_fit
from trainprobe.facts.model import library_of
from trainprobe.foreign import Foreign, as_number
from trainprobe.hooks.held_out import of_estimator
from trainprobe.hooks.observe import Call, observe
from trainprobe.hooks.on_folds import note_search, watch_validation
from trainprobe.hooks.score_names import metric_of, sign_of
from trainprobe.names import canonical
from trainprobe.patching.imports import Steps, merged
from trainprobe.patching.wrap import call_with, wrap
from trainprobe.watch import Watch

_TRUE = ("y_true", "y1")  # what the first argument is called of a metric that compares it with the second
_TABLES = ("classification_report", "confusion_matrix")
_SILENT = {  # what these fit and score is not the script's own measurement
    "sklearn.model_selection._validation": ("validation_curve", "permutation_test_score"),
    "sklearn.inspection._permutation_importance": ("permutation_importance",),
    "sklearn.inspection._partial_dependence": ("partial_dependence",),
}


def scikit_steps(watch: Watch) -> Steps:
    """Return what to do after the import of scikit-learn's base classes, before any estimator is defined, and more."""
    metrics = ("classification", "regression", "ranking")
    return merged(
        {"sklearn.base": partial(_watch_estimators, watch), "sklearn.metrics._scorer": partial(_watch_scorers, watch)},
        {"sklearn.metrics._" + name: partial(_watch_metrics, watch) for name in metrics},
        {"sklearn.model_selection._split": partial(_watch_split, watch)},
        {"sklearn.model_selection._validation": partial(watch_validation, watch)},
        {module: partial(_silence, watch, names) for module, names in _SILENT.items()},
    )


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
    """Wrap the methods of a class that works like an estimator, each where it or a class that it inherits has it."""
    with watch.guard("watching " + owner.__name__):
        for base in owner.__mro__:
            wrap(base, "fit", observe(watch, "fit", before=_fit_begins, after=_fit_ends))
            wrap(base, "score", observe(watch, "score", after=_scored, scope=watch.measuring))
            for name in ("predict", "predict_proba", "decision_function"):
                wrap(base, name, observe(watch, "predict", after=_predicted, scope=watch.measuring))


def _fit_begins(call: Call) -> None:
    if hasattr(call.owner, "predict"):
        fit = call.watch.trace.add_fit("sklearn", call.owner, call.argument(1), call.argument(2))
        call.noted = fit, time.monotonic()
        if call.watch.holdout:
            kept = of_estimator(call.watch, call.given, metric_of(call.owner))
            call.instead = partial(call_with, call.function, kept)


def _fit_ends(call: Call, _fitted: Foreign) -> None:
    if call.noted is None:
        return
    (fit, began), model, trace = call.noted, call.owner, call.watch.trace
    fit.seconds, fit.finished = time.monotonic() - began, True
    if hasattr(model, "cv_results_"):
        note_search(call)
    describe_estimator_fit(trace, fit, call.argument(1), call.argument(2))


def _predicted(call: Call, predictions: Foreign) -> None:
    data = call.watch.trace.kind_of(call.owner, call.argument(1))
    call.watch.trace.add_prediction(predictions, data, call.owner)


def _scored(call: Call, value: Foreign) -> None:
    trace, model, inputs, labels = call.watch.trace, call.owner, call.argument(1), call.argument(2)
    data = trace.kind_of(model, inputs, labels)
    source, metric = library_of(model) + ".score", metric_of(model)
    trace.add_measurement(metric, float(value), data, source, trace.number_of(model), evaluated(inputs, labels))
    _keep(call, metric, float(value), (1, 2), trace.number_of(model))


def _keep(
    call: Call, metric: str, value: float, places: Tuple[int, int], number: int, *, compares: bool = False
) -> None:
    """Keep how *metric* of the model of this *number* was taken; the arguments at these *places* have its rows."""
    rowwise = [name for name in (*map(call.name, places), "sample_weight") if call.given.get(name) is not None]
    how = partial(call_with, call.function), call.given, tuple(rowwise), compares, number
    call.watch.trace.keep_scoring(Scoring(canonical(metric), value, *how))


def _pickled(call: Call) -> None:
    """Note that an estimator is pickled, as by joblib: the script keeps this model."""
    if hasattr(call.owner, "predict"):
        call.watch.trace.note_saved(call.owner)


def _watch_metrics(watch: Watch, module: Foreign) -> None:
    for name, function in list(vars(module).items()):
        if not name.startswith("_") and _compares(function):
            after = partial(_tabulated, name, module) if name in _TABLES else partial(_measured, name)
            wrap(module, name, observe(watch, name, after=after, scope=watch.measuring))


def _compares(function: Foreign) -> bool:
    return isfunction(function) and next(iter(signature(function).parameters), None) in _TRUE


def _measured(name: str, call: Call, value: Foreign, metric: str = "") -> None:
    measured, trace = as_number(value), call.watch.trace
    if measured is not None and call.given.get("normalize", True):
        data, number = trace.prediction_of(call.argument(0), call.argument(1))  # authors mix up their order
        true, predicted = _order(call)
        labels = call.argument(true)
        trace.add_measurement(metric or name, measured, data, "sklearn." + name, number, evaluated(labels, labels))
        _keep(call, metric or name, measured, (true, predicted), number, compares=True)


def _order(call: Call) -> Tuple[int, int]:
    """Return the places of true labels and predictions among a metric's arguments, which authors mix up."""
    first, second = call.argument(0), call.argument(1)
    is_swapped = call.watch.trace.was_predicted(first) or "pred" in name_of(first).lower()
    return (1, 0) if is_swapped and not call.watch.trace.was_predicted(second) else (0, 1)


def _tabulated(name: str, module: Foreign, call: Call, _table: Foreign) -> None:
    # a report or a matrix holds the accuracy; the library itself works it out
    _measured(name, call, module.accuracy_score(call.given["y_true"], call.given["y_pred"]), "accuracy")


def _watch_scorers(watch: Watch, module: Foreign) -> None:
    wrap(module._BaseScorer, "__call__", observe(watch, "scorer", after=_scored_by, scope=watch.measuring))  # noqa: SLF001 - it has no public base


def _scored_by(call: Call, value: Foreign) -> None:
    trace, scorer = call.watch.trace, call.owner
    model, inputs, labels = (call.argument(place) for place in (1, 2, 3))
    data, metric, number = trace.kind_of(model, inputs, labels), metric_of(model, scorer), trace.number_of(model)
    measured = sign_of(scorer) * float(value)
    trace.add_measurement(metric, measured, data, "sklearn.scorer", number, evaluated(inputs, labels))
    _keep(call, metric, measured, (2, 3), number)


def _silence(watch: Watch, names: Sequence[str], module: Foreign) -> None:
    for name in names:
        wrap(module, name, observe(watch, name))


def _watch_split(watch: Watch, module: Foreign) -> None:
    def split(call: Call, parts: Foreign) -> None:
        call.watch.trace.splits.add(parts[::2], parts[1::2])

    wrap(module, "train_test_split", observe(watch, "train_test_split", after=split))

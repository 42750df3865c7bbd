"""Watches the native interfaces of the boosting libraries."""

from __future__ import annotations

from functools import partial
from inspect import isclass
from typing import Callable, Dict, Iterator, List, Optional, Tuple

from trainprobe.data.evaluated import UNKNOWN_ROWS, Evaluated, evaluated
from trainprobe.data.fits import Curves
from trainprobe.data.kind import DataKind
from trainprobe.facts.collect import describe_data
from trainprobe.facts.model import plain
from trainprobe.foreign import Foreign
from trainprobe.hooks.observe import Call, observe
from trainprobe.hooks.on_scikit import watch_methods
from trainprobe.names import canonical
from trainprobe.patching.imports import AfterImport
from trainprobe.patching.wrap import wrap
from trainprobe.trace import Measurement, Trace
from trainprobe.watch import Watch

Sets = List[Tuple[Foreign, str]]  # data that is evaluated after each round, and its name
Results = Dict[str, Dict[str, Foreign]]  # by data and metric, one value a round


def boosting_steps(watch: Watch) -> Dict[str, AfterImport]:
    """Return what to do after the import of XGBoost, LightGBM and CatBoost."""
    return {
        "xgboost.core": partial(_watch_booster, watch),
        "xgboost.training": partial(_watch_functions, watch, "xgboost", _xgboost_begins, _xgboost_ends),
        "lightgbm.basic": partial(_watch_booster, watch),
        "lightgbm.engine": partial(_watch_functions, watch, "lightgbm", _lightgbm_begins, _lightgbm_ends),
        "catboost.core": partial(_watch_catboost, watch),
    }


def _watch_booster(watch: Watch, module: Foreign) -> None:
    for name in ("predict", "inplace_predict"):
        wrap(module.Booster, name, observe(watch, name, after=_predicted, scope=watch.measuring))


def _watch_functions(
    watch: Watch, library: str, begins: Callable[[Call], None], ends: Callable[[Call, Foreign], None], module: Foreign
) -> None:
    wrap(module, "train", observe(watch, library + ".train", before=begins, after=ends))
    wrap(module, "cv", observe(watch, library + ".cv", after=partial(_cross_validated, library + ".cv")))


def _watch_catboost(watch: Watch, module: Foreign) -> None:
    for owner in list(vars(module).values()):
        if isclass(owner) and issubclass(owner, module.CatBoost):
            watch_methods(watch, owner)
    wrap(module, "cv", observe(watch, "catboost.cv", after=partial(_cross_validated, "catboost.cv")))


def _xgboost_begins(call: Call) -> None:
    call.noted = call.given.get("evals_result")
    if call.given.get("evals") and call.noted is None:
        call.noted = call.kwargs["evals_result"] = {}


def _xgboost_ends(call: Call, booster: Foreign) -> None:
    if call.given:
        sets = list(call.given.get("evals") or ())
        _note(call, "xgboost.train", booster, call.given["dtrain"], sets)


def _lightgbm_begins(call: Call) -> None:
    call.noted = {}
    if _valid_sets(call):
        call.kwargs["callbacks"] = [*(call.kwargs.get("callbacks") or ()), _recording(call.noted)]


def _lightgbm_ends(call: Call, booster: Foreign) -> None:
    if call.given:
        sets = _valid_sets(call)
        names = call.given.get("valid_names") or ["valid_{}".format(number) for number in range(len(sets))]
        sets = [*zip(sets, names), (call.given["train_set"], "training")]  # noqa: B905 - Python 3.7 has no strict
        _note(call, "lightgbm.train", booster, call.given["train_set"], sets)


def _valid_sets(call: Call) -> List[Foreign]:
    sets = call.given.get("valid_sets") or ()
    return [] if hasattr(sets, "get_label") else list(sets)


def _recording(results: Results) -> Callable[[Foreign], None]:
    def record(environment: Foreign) -> None:
        for data, metric, value, *_ in environment.evaluation_result_list or ():
            results.setdefault(data, {}).setdefault(metric, []).append(float(value))

    record.order = 20  # type: ignore[attr-defined]  # as LightGBM's own recorder has it
    return record


def _curves(results: Results, sets: Sets, fitted: Foreign) -> Curves:
    """Return the curves over the rounds: plain names for the training data, with ``val_`` for other data."""
    curves: Curves = {}
    for data, name in sets:
        for metric, points in results.get(name, {}).items():
            curves[metric if data is fitted else "val_" + metric] = [float(point) for point in points]
    return curves


def _note(call: Call, source: str, booster: Foreign, data: Foreign, sets: Sets) -> None:
    trace, library = call.watch.trace, source.partition(".")[0]
    labels = data.get_label() if hasattr(data, "get_label") else None
    fit = trace.add_fit(library, booster, data, labels)
    fit.finished, fit.curves = True, _curves(call.noted or {}, sets, data)
    rounds = {name: call.given[name] for name in ("num_boost_round",) if name in call.given}
    settings = plain({**(call.given.get("params") or {}), **rounds})
    model = {"library": library, "class": type(booster).__name__, "params": settings}
    trace.facts, trace.samples = {**describe_data(data, labels), "model": model}, None
    held_out = [one for one, _ in sets if one is not data]
    _add_accuracies(trace, source, fit.curves, evaluated(held_out[-1] if held_out else None))


def _add_accuracies(trace: Trace, source: str, curves: Curves, held_out: Evaluated) -> None:
    for name, points in curves.items():
        if canonical(name) == "error" and points:  # the library reports the share of rows that are wrong
            is_held_out, what = name.startswith("val_"), f"1 - {name} of {source}"
            data, on = (DataKind.VALIDATION, held_out) if is_held_out else (DataKind.TRAIN, UNKNOWN_ROWS)
            one = Measurement("accuracy", 1.0 - points[-1], data, what, "history", trace.tick(), on=on)
            trace.measurements.append(one)


def _predicted(call: Call, predictions: Foreign) -> None:
    data = call.watch.trace.kind_of(call.owner, call.argument(1))
    call.watch.trace.add_prediction(predictions, data, call.owner)


def _cross_validated(source: str, call: Call, results: Foreign) -> None:
    on = evaluated(next((one for one in call.given.values() if hasattr(one, "get_label")), None))
    for metric, value in _means(results):
        call.watch.trace.add_measurement(metric, value, DataKind.FOLDS, source, on=on)
        if canonical(metric) == "error":
            what = f"1 - {metric} of {source}"
            call.watch.trace.add_measurement("accuracy", 1.0 - value, DataKind.FOLDS, what, on=on)


def _means(results: Foreign) -> Iterator[Tuple[str, float]]:
    """Yield the last means over the folds: ``test-error-mean`` of XGBoost, ``valid error-mean`` of LightGBM."""
    for name in list(results):
        parts = str(name).replace(" ", "-").split("-")
        metric: Optional[str] = "-".join(parts[1:-1]) if parts[0] in ("test", "valid") else None
        if metric and parts[-1] == "mean":
            yield metric, float(list(results[name])[-1])

"""Watches the boosting libraries where they are used without scikit-learn's classes."""

from __future__ import annotations

from functools import partial
from typing import Dict, Iterator, List, Optional, Tuple

from trainprobe.data.fits import Curves
from trainprobe.data.kind import DataKind
from trainprobe.facts.collect import describe_data
from trainprobe.facts.model import plain
from trainprobe.foreign import Foreign
from trainprobe.hooks.on_scikit import watch_methods
from trainprobe.names import canonical
from trainprobe.patching.after_import import AfterImport
from trainprobe.patching.wrap import Function, arguments, wrap
from trainprobe.trace import Measurement
from trainprobe.watch import Watch

Evaluated = List[Tuple[Foreign, str]]  # data that is evaluated after each round, and its name


def boosting_steps(watch: Watch) -> Dict[str, AfterImport]:
    """Return what to do after the import of XGBoost, LightGBM and CatBoost."""
    return {
        "xgboost.core": lambda module: wrap(module.Booster, "predict", partial(_predict, watch)),
        "xgboost.training": partial(_watch_xgboost, watch),
        "lightgbm.basic": lambda module: wrap(module.Booster, "predict", partial(_predict, watch)),
        "lightgbm.engine": partial(_watch_lightgbm, watch),
        "catboost.core": partial(_watch_catboost, watch),
    }


def _watch_xgboost(watch: Watch, module: Foreign) -> None:
    wrap(module, "train", partial(_train_xgboost, watch))
    wrap(module, "cv", partial(_cross_validate, watch, "xgboost.cv"))


def _watch_lightgbm(watch: Watch, module: Foreign) -> None:
    wrap(module, "train", partial(_train_lightgbm, watch))
    wrap(module, "cv", partial(_cross_validate, watch, "lightgbm.cv"))


def _watch_catboost(watch: Watch, module: Foreign) -> None:
    for name in ("CatBoost", "CatBoostClassifier", "CatBoostRegressor"):
        if hasattr(module, name):
            watch_methods(watch, getattr(module, name))


def _train_xgboost(watch: Watch, original: Function) -> Function:
    def train(*args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.inside("xgboost.train") as outermost:
            given = arguments(original, args, kwargs) if outermost else {}
            evaluated: Evaluated = list(given.get("evals") or ())
            told = given.get("evals_result")
            if evaluated and told is None:
                told = kwargs["evals_result"] = {}
            booster = original(*args, **kwargs)
            if given:
                with watch.guard("xgboost.train"):
                    curves = _curves(told or {}, evaluated, given["dtrain"])
                    _note(watch, "xgboost.train", booster, given, given["dtrain"], curves)
            return booster

    return train


def _train_lightgbm(watch: Watch, original: Function) -> Function:
    def train(*args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.inside("lightgbm.train") as outermost:
            given = arguments(original, args, kwargs) if outermost else {}
            sets = list(given.get("valid_sets") or ()) if not hasattr(given.get("valid_sets"), "get_label") else []
            names = given.get("valid_names") or ["valid_{}".format(number) for number in range(len(sets))]
            told: Dict[str, Dict[str, List[float]]] = {}
            if sets:
                kwargs["callbacks"] = [*(kwargs.get("callbacks") or ()), _recording(told)]
            booster = original(*args, **kwargs)
            if given:
                with watch.guard("lightgbm.train"):
                    evaluated: Evaluated = list(zip(sets, names))  # noqa: B905 - Python 3.7 has no strict
                    curves = _curves(told, [*evaluated, (given["train_set"], "training")], given["train_set"])
                    _note(watch, "lightgbm.train", booster, given, given["train_set"], curves)
            return booster

    return train


def _recording(told: Dict[str, Dict[str, List[float]]]) -> Function:
    def record(environment: Foreign) -> None:
        for data, metric, value, *_ in environment.evaluation_result_list or ():
            told.setdefault(data, {}).setdefault(metric, []).append(float(value))

    record.order = 20  # type: ignore[attr-defined]  # as LightGBM's own recorder has it
    return record


def _curves(told: Dict[str, Dict[str, Foreign]], evaluated: Evaluated, fitted: Foreign) -> Curves:
    """Return the curves of each round: as they are on the data that was fitted, with ``val_`` on other data."""
    curves: Curves = {}
    for data, name in evaluated:
        for metric, points in told.get(name, {}).items():
            curves[metric if data is fitted else "val_" + metric] = [float(point) for point in points]
    return curves


def _note(
    watch: Watch, source: str, booster: Foreign, given: Dict[str, Foreign], data: Foreign, curves: Curves
) -> None:
    library = source.partition(".")[0]
    labels = data.get_label() if hasattr(data, "get_label") else None
    fit = watch.trace.fitted(library, booster, data, labels)
    fit.finished, fit.curves = True, curves
    rounds = {"num_boost_round": given["num_boost_round"]} if "num_boost_round" in given else {}
    settings = plain({**(given.get("params") or {}), **rounds})
    model = {"library": library, "class": type(booster).__name__, "params": settings}
    watch.trace.facts, watch.trace.samples = {**describe_data(data, labels), "model": model}, None
    for name, points in curves.items():
        if canonical(name) == "error" and points:
            kind = DataKind.VALIDATION if name.startswith("val_") else DataKind.TRAIN
            _note_right(watch, 1.0 - points[-1], kind, "1 - {} of {}".format(name, source))


def _note_right(watch: Watch, value: float, data: DataKind, source: str) -> None:
    """Note the share of rows that are right, where the library tells the share that is wrong."""
    watch.trace.measurements.append(Measurement("accuracy", value, data, source, "history", watch.trace.tick()))


def _predict(watch: Watch, original: Function) -> Function:
    def predict(self: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.measuring("predict") as own:
            predicted = original(self, *args, **kwargs)
            if own and args:
                with watch.guard("predict of a booster"):
                    watch.trace.predicted(predicted, watch.trace.kind_of(self, args[0]), self)
            return predicted

    return predict


def _cross_validate(watch: Watch, source: str, original: Function) -> Function:
    def validate(*args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.inside(source) as outermost:
            told = original(*args, **kwargs)
            if outermost:
                with watch.guard(source):
                    for metric, value in _means(told):
                        watch.trace.measured(metric, value, DataKind.FOLDS, source)
                        if canonical(metric) == "error":
                            watch.trace.measured(
                                "accuracy", 1.0 - value, DataKind.FOLDS, "1 - {} of {}".format(metric, source)
                            )
            return told

    return validate


def _means(told: Foreign) -> Iterator[Tuple[str, float]]:
    """Yield metric and last mean over the folds: ``test-error-mean`` of XGBoost, ``valid error-mean`` of LightGBM."""
    for name in list(told):
        parts = str(name).replace(" ", "-").split("-")
        metric: Optional[str] = "-".join(parts[1:-1]) if parts[0] in ("test", "valid") else None
        if metric and parts[-1] == "mean":
            yield metric, float(list(told[name])[-1])

"""Arguments that XGBoost, LightGBM and scikit-learn removed, translated into today's where an equivalent exists."""

from __future__ import annotations

import inspect
import sys
from functools import partial
from typing import Callable, Dict, Iterable, Mapping, Optional, Tuple

from trainprobe.compat.shims import Shims
from trainprobe.foreign import Foreign
from trainprobe.patching.imports import AfterImport
from trainprobe.patching.wrap import Function, around, renamed, replace

_NAMES: Dict[str, Optional[str]] = {
    # what took the place of an argument; None where it changed nothing any more, or nothing is left for it to change
    "affinity": "metric",
    "algorithm": None,
    "base_estimator": "estimator",
    "iid": None,
    "min_impurity_split": None,
    "n_iter": "max_iter",
    "n_jobs": None,
    "n_values": None,
    "precompute_distances": None,
    "presort": None,
    "sparse": "sparse_output",
}
_VALUES: Dict[Tuple[str, object], object] = {
    ("class_weight", "auto"): "balanced",
    ("criterion", "mae"): "absolute_error",
    ("criterion", "mse"): "squared_error",
    ("gamma", "auto_deprecated"): "auto",
    ("loss", "deviance"): "log_loss",
    ("loss", "lad"): "absolute_error",
    ("loss", "log"): "log_loss",
    ("loss", "ls"): "squared_error",
    ("penalty", "none"): None,
}
_HARMLESS: Dict[str, Tuple[object, ...]] = {
    # arguments that are gone, and what they may say without asking for something that is gone with them
    "multi_class": ("auto", "multinomial", "warn"),
    "normalize": (False, "deprecated"),
}
_OWNERS = ("cluster", "ensemble", "linear_model", "model_selection", "neural_network", "preprocessing", "svm", "tree")
_FOLDS = ("KFold", "StratifiedKFold")
_DISPLAYS = {
    "plot_confusion_matrix": "ConfusionMatrixDisplay",
    "plot_precision_recall_curve": "PrecisionRecallDisplay",
    "plot_roc_curve": "RocCurveDisplay",
}
_OF_THE_MODEL = ("early_stopping_rounds", "eval_metric", "callbacks")  # that XGBoost's fit took until 2.1


def removed_argument_steps(shims: Shims) -> Dict[str, AfterImport]:
    """Return what to do after the import of these libraries; versions that take an argument get it unchanged."""
    with_callbacks, with_parameters = around(_with_callbacks, shims), around(_with_parameters, shims)
    return {
        "lightgbm.engine": partial(_in_functions, with_callbacks),
        "lightgbm.sklearn": partial(_in_fits, with_callbacks),
        "xgboost.sklearn": partial(_in_fits, with_parameters),
        **{"sklearn." + name: partial(_in_package, shims) for name in _OWNERS},
        "sklearn.metrics": partial(_in_metrics, shims),
    }


def _in_functions(make: Callable[[Function], Function], module: Foreign) -> None:
    for name in ("train", "cv"):
        replace(module, name, make)


def _in_fits(make: Callable[[Function], Function], module: Foreign) -> None:
    for owner in list(vars(module).values()):
        if inspect.isclass(owner) and owner.__module__ == module.__name__ and "fit" in vars(owner):
            replace(owner, "fit", make)


def _with_callbacks(shims: Shims, original: Function, *args: Foreign, **kwargs: Foreign) -> Foreign:
    """Let LightGBM stop early and log by the arguments of its versions before 4."""
    lightgbm: Foreign = sys.modules["lightgbm"]
    makers = {
        "early_stopping_rounds": lightgbm.early_stopping,
        "evals_result": lightgbm.record_evaluation,
        "verbose": lambda period: lightgbm.log_evaluation(int(period)),
        "verbose_eval": lambda period: lightgbm.log_evaluation(int(period)),
    }
    old = _pop_removed(original, kwargs, makers)
    shims.used_keywords("lightgbm " + original.__name__, old)
    added = [makers[name](value) for name, value in old.items() if value is not None and value is not False]
    if added:
        kwargs["callbacks"] = [*(kwargs.get("callbacks") or ()), *added]
    return original(*args, **kwargs)


def _with_parameters(shims: Shims, original: Function, model: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
    """Let ``fit`` of XGBoost's models take what has been an argument of the model since version 2.1."""
    old = _pop_removed(original, kwargs, _OF_THE_MODEL)
    shims.used_keywords("xgboost fit", old)
    if old:
        model.set_params(**{name: value for name, value in old.items() if value is not None})
    return original(model, *args, **kwargs)


def _pop_removed(function: Function, kwargs: Dict[str, Foreign], names: Iterable[str]) -> Dict[str, Foreign]:
    taken = inspect.signature(function).parameters
    return {name: kwargs.pop(name) for name in names if name in kwargs and name not in taken}


def _in_package(shims: Shims, package: Foreign) -> None:
    for owner in list(vars(package).values()):
        if not inspect.isclass(owner) or not inspect.isfunction(vars(owner).get("__init__")):
            continue
        if hasattr(owner, "get_params"):
            replace(owner, "__init__", around(_init_estimator, shims, owner))
        elif owner.__name__ in _FOLDS:
            replace(owner, "__init__", around(_init_folds, shims))


def _init_estimator(
    shims: Shims, owner: Foreign, original: Function, self: Foreign, *args: Foreign, **kwargs: Foreign
) -> None:
    taken = inspect.signature(original).parameters
    names = _names_today({name: value for name, value in kwargs.items() if name not in taken}, taken)
    shims.used_keywords(owner.__name__, [name for name in kwargs if name in names])
    if getattr(owner, "_parameter_constraints", None):  # of versions that refuse old values
        kwargs = {name: _value(owner, name, value) for name, value in kwargs.items()}
    original(self, *args, **renamed(kwargs, names))


def _names_today(removed: Dict[str, Foreign], taken: Mapping[str, Foreign]) -> Dict[str, Optional[str]]:
    """Return what took the place of *removed* arguments; None for those that ask for nothing."""
    harmless = dict.fromkeys(name for name, value in removed.items() if value in _HARMLESS.get(name, ()))
    return {**harmless, **{name: _NAMES[name] for name in removed if _NAMES.get(name, name) in (None, *taken)}}


def _init_folds(shims: Shims, original: Function, self: Foreign, *args: Foreign, **kwargs: Foreign) -> None:
    """Let folds that are not shuffled take a seed, as until scikit-learn 0.24; it has no effect."""
    shuffles = kwargs.get("shuffle") or len(args) > 1  # behind the number of folds
    if not shuffles and kwargs.pop("random_state", None) is not None:
        shims.used("KFold(random_state=) without shuffle")
    original(self, *args, **kwargs)


def _value(owner: Foreign, name: str, value: Foreign) -> Foreign:
    if not isinstance(value, str):
        return value
    if (name, value) == ("max_features", "auto"):  # all of them for regressors, as ever
        return "sqrt" if owner.__name__.endswith("Classifier") else None
    return _VALUES.get((name, value), value)


def _in_metrics(shims: Shims, metrics: Foreign) -> None:
    for name, display in _DISPLAYS.items():
        if not hasattr(metrics, name) and hasattr(metrics, display):
            setattr(metrics, name, getattr(metrics, display).from_estimator)
    if "squared" not in inspect.signature(metrics.mean_squared_error).parameters:
        replace(metrics, "mean_squared_error", around(_mean_squared_error, shims))


def _mean_squared_error(
    shims: Shims, original: Function, *args: Foreign, squared: bool = True, **kwargs: Foreign
) -> Foreign:
    error = original(*args, **kwargs)
    if squared:
        return error
    shims.used("mean_squared_error(squared=False)")
    return error**0.5

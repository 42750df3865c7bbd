"""Arguments that scikit-learn removed, translated where an equivalent exists."""

from __future__ import annotations

import inspect
from functools import partial
from typing import Dict, Optional, Tuple

from trainprobe.compat.shims import Shims
from trainprobe.foreign import Foreign
from trainprobe.patching.after_import import AfterImport
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


def scikit_argument_steps(shims: Shims) -> Dict[str, AfterImport]:
    """Return what to do after the import of scikit-learn's packages; a version that takes an argument gets it."""
    packages = {"sklearn." + name: partial(_in_package, shims) for name in _OWNERS}
    return {"sklearn.metrics": partial(_in_metrics, shims), **packages}


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
    removed = {name for name in kwargs if name not in taken}
    names = {name: _NAMES[name] for name in removed & set(_NAMES) if _NAMES[name] is None or _NAMES[name] in taken}
    harmless = [name for name in removed if kwargs[name] in _HARMLESS.get(name, ())]
    shims.used_keywords(owner.__name__, [name for name in kwargs if name in names or name in harmless])
    given = {name: value for name, value in kwargs.items() if name not in harmless}
    if getattr(owner, "_parameter_constraints", None):  # of versions that refuse old values
        given = {name: _value(owner, name, value) for name, value in given.items()}
    original(self, *args, **renamed(given, names))


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

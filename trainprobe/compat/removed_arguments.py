"""Arguments that scikit-learn, XGBoost and LightGBM no longer take, put into today's words where they are given."""

from __future__ import annotations

import inspect
import sys
from functools import partial
from typing import Dict

from trainprobe.foreign import Foreign
from trainprobe.patching.after_import import AfterImport
from trainprobe.patching.wrap import Function, replace

_OF_THE_MODEL = ("early_stopping_rounds", "eval_metric", "callbacks")  # that XGBoost's fit took until 2.1


def old_argument_steps() -> Dict[str, AfterImport]:
    """Return what to do after the import of these libraries; versions that take the arguments are left alone."""
    return {
        "lightgbm.engine": _in_lightgbm,
        "lightgbm.sklearn": partial(_in_fits, by_callbacks),
        "sklearn.model_selection": _in_selection,
        "xgboost.sklearn": partial(_in_fits, by_parameters),
    }


def _in_lightgbm(module: Foreign) -> None:
    for name in ("train", "cv"):
        replace(module, name, by_callbacks)


def _in_fits(make: Function, module: Foreign) -> None:
    for owner in list(vars(module).values()):
        if inspect.isclass(owner) and owner.__module__ == module.__name__ and "fit" in vars(owner):
            replace(owner, "fit", make)


def _in_selection(module: Foreign) -> None:
    for name in ("KFold", "StratifiedKFold"):
        replace(getattr(module, name), "__init__", without_unused_seed)


def by_callbacks(original: Function) -> Function:
    """Let LightGBM stop early, and tell how it does, by the arguments of its versions before 4."""
    taken = inspect.signature(original).parameters

    def call(*args: Foreign, **kwargs: Foreign) -> Foreign:
        lightgbm: Foreign = sys.modules["lightgbm"]
        makers = {
            "early_stopping_rounds": lightgbm.early_stopping,
            "evals_result": lightgbm.record_evaluation,
            "verbose": _telling,
            "verbose_eval": _telling,
        }
        old = {name: kwargs.pop(name) for name in makers if name in kwargs and name not in taken}
        added = [makers[name](value) for name, value in old.items() if value is not None and value is not False]
        if added:
            kwargs["callbacks"] = [*(kwargs.get("callbacks") or ()), *added]
        return original(*args, **kwargs)

    return call


def _telling(period: Foreign) -> Foreign:
    lightgbm: Foreign = sys.modules["lightgbm"]
    return lightgbm.log_evaluation(int(period))


def by_parameters(original: Function) -> Function:
    """Let ``fit`` of XGBoost's models be given what belongs to the model itself since version 2.1."""
    taken = inspect.signature(original).parameters

    def fit(self: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        old = {name: kwargs.pop(name) for name in _OF_THE_MODEL if name in kwargs and name not in taken}
        if old:
            self.set_params(**{name: value for name, value in old.items() if value is not None})
        return original(self, *args, **kwargs)

    return fit


def without_unused_seed(original: Function) -> Function:
    """Let folds that are not shuffled be given a seed, as they could until scikit-learn 0.24; it changes nothing."""

    def init(self: Foreign, *args: Foreign, **kwargs: Foreign) -> None:
        if not kwargs.get("shuffle") and len(args) < 2:  # noqa: PLR2004 - the second is shuffle
            kwargs.pop("random_state", None)
        original(self, *args, **kwargs)

    return init

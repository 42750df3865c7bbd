"""Arguments that XGBoost and LightGBM removed, translated into today's."""

from __future__ import annotations

import inspect
import sys
from functools import partial
from typing import Callable, Dict, Iterable

from trainprobe.compat.shims import Shims
from trainprobe.foreign import Foreign
from trainprobe.patching.after_import import AfterImport
from trainprobe.patching.wrap import Function, around, replace

_OF_THE_MODEL = ("early_stopping_rounds", "eval_metric", "callbacks")  # that XGBoost's fit took until 2.1


def boosting_argument_steps(shims: Shims) -> Dict[str, AfterImport]:
    """Return what to do after the import of these libraries; versions that take an argument get it unchanged."""
    with_callbacks, with_parameters = around(_with_callbacks, shims), around(_with_parameters, shims)
    return {
        "lightgbm.engine": partial(_in_functions, with_callbacks),
        "lightgbm.sklearn": partial(_in_fits, with_callbacks),
        "xgboost.sklearn": partial(_in_fits, with_parameters),
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

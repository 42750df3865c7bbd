"""Optimizers with ``lr`` and ``decay``, and with their default learning rates before Keras 2.4."""

from __future__ import annotations

from functools import partial
from typing import Dict, Tuple

from trainprobe.compat.shims import Shims
from trainprobe.foreign import Foreign
from trainprobe.patching.wrap import Function, replace, rewriting

#: The arguments of each, in the order of Keras 2.
ORDER: Dict[str, Tuple[str, ...]] = {
    "SGD": ("learning_rate", "momentum", "decay", "nesterov"),
    "RMSprop": ("learning_rate", "rho", "epsilon", "decay"),
    "Adagrad": ("learning_rate", "epsilon", "decay"),
    "Adadelta": ("learning_rate", "rho", "epsilon", "decay"),
    "Adam": ("learning_rate", "beta_1", "beta_2", "epsilon", "decay", "amsgrad"),
    "Adamax": ("learning_rate", "beta_1", "beta_2", "epsilon", "decay"),
    "Nadam": ("learning_rate", "beta_1", "beta_2", "epsilon", "schedule_decay"),
}
#: What ``keras`` took before version 2.4 where a script said nothing, as far as it is another value today.
DEFAULTS: Dict[str, Dict[str, float]] = {
    "Adadelta": {"learning_rate": 1.0},
    "Adagrad": {"learning_rate": 0.01, "initial_accumulator_value": 0.0},
    "Adamax": {"learning_rate": 0.002},
    "Nadam": {"learning_rate": 0.002},
}
_OLD = ("lr", "decay", "schedule_decay")


def install(shims: Shims, keras: Foreign) -> None:
    """Serve the optimizers that tf-keras keeps for scripts of Keras 2.10 and before."""
    kept = keras.optimizers.legacy
    for name in (*ORDER, "Ftrl", "Optimizer"):
        setattr(keras.optimizers, name, getattr(kept, name))
    for name in ORDER:
        replace(getattr(kept, name), "__init__", rewriting(partial(_as_before, shims, name)))
    replace(kept.Optimizer, "_create_all_weights", _noting_variables)
    private = keras.src.optimizers
    for name in ("deserialize", "get"):
        replace(private, name, rewriting(_of_the_kept))
        setattr(keras.optimizers, name, getattr(private, name))


def _as_before(shims: Shims, name: str, args: Foreign, kwargs: Dict[str, Foreign]) -> Foreign:
    shims.used_keywords(name, [word for word in _OLD if kwargs.get(word)])
    if not shims.standalone:
        return args, kwargs
    given = {**dict(zip(ORDER[name], args[1:])), **kwargs}  # noqa: B905 - Python 3.7 has no strict
    _set_defaults(shims, name, given)
    return args[:1], given


def _set_defaults(shims: Shims, name: str, kwargs: Dict[str, Foreign]) -> None:
    rate = [word for word in ("lr", "learning_rate") if word in kwargs]
    for word, value in DEFAULTS.get(name, {}).items():
        if word not in kwargs and not (word == "learning_rate" and rate):
            kwargs[word] = value
            shims.used("{}({}={})".format(name, word, value))


def _of_the_kept(args: Foreign, kwargs: Dict[str, Foreign]) -> Foreign:
    return args, {"use_legacy_optimizer": True, **kwargs}


def _noting_variables(original: Function) -> Function:
    """Keep the updated variables where newer optimizers have them, so that a checkpoint can be restored."""

    def create(self: Foreign, variables: Foreign) -> Foreign:
        self.__dict__["_trainable_variables"] = list(variables)
        return original(self, variables)

    return create

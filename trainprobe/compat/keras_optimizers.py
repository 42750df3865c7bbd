"""Optimizers as they were: with ``lr`` and ``decay``, and with the rates that they had before Keras 2.4."""

from __future__ import annotations

from functools import partial
from typing import Dict, Tuple

from trainprobe.compat.shims import Served
from trainprobe.foreign import Foreign
from trainprobe.patching.wrap import Function, replace

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


def apply(served: Served, keras: Foreign) -> None:
    """Serve the optimizers that tf-keras keeps for scripts of Keras 2.10 and before."""
    kept = keras.optimizers.legacy
    for name in (*ORDER, "Ftrl", "Optimizer"):
        setattr(keras.optimizers, name, getattr(kept, name))
    for name in ORDER:
        replace(getattr(kept, name), "__init__", partial(_as_before, served, name))
    replace(kept.Optimizer, "_create_all_weights", _noting_variables)
    private = keras.src.optimizers
    for name in ("deserialize", "get"):
        replace(private, name, _kept)
        setattr(keras.optimizers, name, getattr(private, name))


def _as_before(served: Served, name: str, original: Function) -> Function:
    def init(self: Foreign, *args: Foreign, **kwargs: Foreign) -> None:
        old = [word + "=" for word in _OLD if kwargs.get(word)]
        if old:
            served.used("{}({})".format(name, ", ".join(old)))
        if served.standalone:
            kwargs = {**dict(zip(ORDER[name], args)), **kwargs}  # noqa: B905 - Python 3.7 has no strict
            args = ()
            _set_defaults(served, name, kwargs)
        original(self, *args, **kwargs)

    return init


def _set_defaults(served: Served, name: str, kwargs: Dict[str, Foreign]) -> None:
    rate = [word for word in ("lr", "learning_rate") if word in kwargs]
    for word, value in DEFAULTS.get(name, {}).items():
        if word not in kwargs and not (word == "learning_rate" and rate):
            kwargs[word] = value
            served.used("{}({}={})".format(name, word, value))


def _kept(original: Function) -> Function:
    def call(*args: Foreign, **kwargs: Foreign) -> Foreign:
        kwargs.setdefault("use_legacy_optimizer", True)
        return original(*args, **kwargs)

    return call


def _noting_variables(original: Function) -> Function:
    """Keep the variables that are stepped where newer optimizers have them, so that a checkpoint can be put back."""

    def create(self: Foreign, variables: Foreign) -> Foreign:
        self.__dict__["_trainable_variables"] = list(variables)
        return original(self, variables)

    return create

"""Optimizers with ``lr`` and ``decay``, and with their default learning rates before Keras 2.4."""

from __future__ import annotations

from typing import Dict, Tuple

from trainprobe.compat.shims import Shims
from trainprobe.foreign import Foreign
from trainprobe.patching.wrap import Function, around, replace

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
OLD = ("lr", "decay", "schedule_decay")


def install(shims: Shims, keras: Foreign) -> None:
    """Serve the optimizers that tf-keras keeps for scripts of Keras 2.10 and before."""
    kept = keras.optimizers.legacy
    for name in (*ORDER, "Ftrl", "Optimizer"):
        setattr(keras.optimizers, name, getattr(kept, name))
    for name in ORDER:
        replace(getattr(kept, name), "__init__", around(_init, shims, name))
    replace(kept.Optimizer, "_create_all_weights", around(_noting_variables))
    private = keras.src.optimizers
    for name in ("deserialize", "get"):
        replace(private, name, around(_of_the_kept))
        setattr(keras.optimizers, name, getattr(private, name))


def _init(shims: Shims, label: str, original: Function, self: Foreign, *args: Foreign, **kwargs: Foreign) -> None:
    shims.used_keywords(label, [word for word in OLD if kwargs.get(word)])
    if shims.standalone:
        kwargs.update(zip(ORDER[label], args))  # noqa: B905 - Python 3.7 has no strict
        args = ()
        for word, value in DEFAULTS.get(label, {}).items():
            if word not in kwargs and not (word == "learning_rate" and "lr" in kwargs):
                kwargs[word] = value
                shims.used("{}({}={})".format(label, word, value))
    original(self, *args, **kwargs)


def _of_the_kept(original: Function, *args: Foreign, **kwargs: Foreign) -> Foreign:
    return original(*args, **{"use_legacy_optimizer": True, **kwargs})


def _noting_variables(original: Function, self: Foreign, variables: Foreign) -> Foreign:
    """Keep the updated variables where newer optimizers have them, so that a checkpoint can be restored."""
    self.__dict__["_trainable_variables"] = list(variables)
    return original(self, variables)

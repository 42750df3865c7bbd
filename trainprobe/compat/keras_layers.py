"""Layers and models with the arguments of Keras 1."""

from __future__ import annotations

from functools import partial
from typing import Dict, Sequence, Tuple

from trainprobe.compat.keras_keywords import AXES, LAYERS, MODEL, SIZES, Names, with_data_format
from trainprobe.compat.shims import Shims
from trainprobe.foreign import Foreign
from trainprobe.patching.wrap import renamed, replace, rewriting


def install(shims: Shims, keras: Foreign) -> None:
    """Let layers, models and the weights of custom layers take the old keywords."""
    for name, names in LAYERS.items():
        layer = getattr(keras.layers, name, None)
        if layer is not None:
            replace(layer, "__init__", rewriting(partial(_in_new_words, shims, name, names)))
    renaming = shims.renaming("Model", MODEL)
    replace(keras.Model, "__new__", renaming)
    replace(keras.Model, "__init__", renaming)
    replace(keras.src.engine.functional.Functional, "__init__", renaming)
    replace(keras.layers.Layer, "add_weight", rewriting(partial(_shape_first, shims)))


def additions(keras: Foreign) -> Dict[str, Dict[str, object]]:
    """Return the functions of Keras 1 that have no counterpart, by module."""

    def time_distributed_dense(output_dim: int, **kwargs: Foreign) -> Foreign:
        shape = {name: kwargs.pop(name) for name in ("input_dim", "input_length") if name in kwargs}
        around = {"input_shape": (shape.get("input_length"), shape["input_dim"])} if "input_dim" in shape else {}
        return keras.layers.TimeDistributed(keras.layers.Dense(output_dim, **kwargs), **around)

    def maxnorm(m: float = 2, axis: int = 0, **kwargs: Foreign) -> Foreign:
        return keras.constraints.MaxNorm(kwargs.get("max_value", m), axis)

    def relu6(x: Foreign) -> Foreign:
        return keras.activations.relu(x, max_value=6)

    return {
        "applications.mobilenet": {"relu6": relu6},
        "constraints": {"maxnorm": maxnorm},
        "layers": {"TimeDistributedDense": time_distributed_dense},
    }


def _in_new_words(shims: Shims, name: str, names: Names, args: Foreign, kwargs: Dict[str, Foreign]) -> Foreign:
    old = [word for word in kwargs if word in names or word in SIZES]
    shims.used_keywords(name, old)
    if old:
        kwargs = _sized(renamed(kwargs, names))
    return (args[0], *_together(shims, name, args[1:])), with_data_format(kwargs)


def _sized(given: Dict[str, Foreign]) -> Dict[str, Foreign]:
    sizes = tuple(given.pop(name) for name in SIZES if name in given)
    return {**given, "kernel_size": sizes} if sizes else given


def _together(shims: Shims, name: str, args: Sequence[Foreign]) -> Tuple[Foreign, ...]:
    """Join the sizes of a kernel, as in ``Convolution2D(32, 3, 3)``; in ``tensorflow.keras`` that had strides of 3."""
    axes = AXES.get(name, 0)
    sizes = tuple(args[1 : 1 + axes])
    if shims.standalone and len(sizes) == axes > 1 and all(isinstance(size, int) for size in sizes):
        shims.used("{}(filters, {})".format(name, ", ".join(["rows", "cols", "depth"][:axes])))
        return (args[0], sizes, *args[1 + axes :])
    return tuple(args)


def _shape_first(shims: Shims, args: Foreign, kwargs: Dict[str, Foreign]) -> Foreign:
    if len(args) == 1 or not isinstance(args[1], (tuple, list)):
        return args, kwargs
    shims.used("Layer.add_weight(shape, ...)")  # of Keras 1: shape, initializer, name
    named = zip(("shape", "initializer", "name"), args[1:])  # noqa: B905 - Python 3.7 has no strict
    return args[:1], {**dict(named), **kwargs}

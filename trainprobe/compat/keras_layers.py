"""Layers that are called as in Keras 1, and models made of them."""

from __future__ import annotations

from functools import partial
from typing import Dict, Sequence, Tuple

from trainprobe.compat import keras_keywords
from trainprobe.compat.shims import Served
from trainprobe.foreign import Foreign
from trainprobe.patching.wrap import Function, renamed, replace

_SHAPE = (tuple, list)


def apply(served: Served, keras: Foreign) -> None:
    """Let layers, models and custom layers' weights be made by the old keywords."""
    for name, names in keras_keywords.LAYERS.items():
        layer = getattr(keras.layers, name, None)
        if layer is not None:
            replace(layer, "__init__", partial(_made_by_old_keywords, served, name, names))
    replace(keras.Model, "__new__", partial(_renaming, served))
    replace(keras.Model, "__init__", partial(_renaming, served))
    replace(keras.src.engine.functional.Functional, "__init__", partial(_renaming, served))
    replace(keras.layers.Layer, "add_weight", partial(_shape_first, served))


def made(keras: Foreign) -> Dict[str, Dict[str, object]]:
    """Return the functions of Keras 1 that have no counterpart."""

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


def _made_by_old_keywords(served: Served, name: str, names: keras_keywords.Names, original: Function) -> Function:
    def init(self: Foreign, *args: Foreign, **kwargs: Foreign) -> None:
        old = [word + "=" for word in kwargs if word in names or word in keras_keywords.SIZES]
        if old:
            served.used("{}({})".format(name, ", ".join(old)))
            kwargs = _sized(renamed(kwargs, names))
        if kwargs.get("data_format") in keras_keywords.ORDERINGS:
            kwargs["data_format"] = keras_keywords.ORDERINGS[kwargs["data_format"]]
        original(self, *_together(served, name, args), **kwargs)

    return init


def _sized(given: Dict[str, Foreign]) -> Dict[str, Foreign]:
    sizes = tuple(given.pop(name) for name in keras_keywords.SIZES if name in given)
    return {**given, "kernel_size": sizes} if sizes else given


def _together(served: Served, name: str, args: Sequence[Foreign]) -> Tuple[Foreign, ...]:
    """Join the sizes of a kernel: ``Convolution2D(32, 3, 3)``, which in ``tensorflow.keras`` had steps of 3."""
    axes = keras_keywords.AXES.get(name, 0)
    sizes = tuple(args[1 : 1 + axes])
    if served.standalone and len(sizes) == axes > 1 and all(isinstance(size, int) for size in sizes):
        served.used("{}(filters, {})".format(name, ", ".join(["rows", "cols", "depth"][:axes])))
        return (args[0], sizes, *args[1 + axes :])
    return tuple(args)


def _renaming(served: Served, original: Function) -> Function:
    def call(self: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        if "input" in kwargs or "output" in kwargs:
            served.used("Model(input=, output=)")
            kwargs = renamed(kwargs, keras_keywords.MODEL)
        return original(self, *args, **kwargs)

    return call


def _shape_first(served: Served, original: Function) -> Function:
    def add_weight(self: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        if args and isinstance(args[0], _SHAPE):  # Keras 1: shape, initializer, name
            served.used("Layer.add_weight(shape, ...)")
            kwargs = {**dict(zip(("shape", "initializer", "name"), args)), **kwargs}  # noqa: B905 - Python 3.7
            args = ()
        return original(self, *args, **kwargs)

    return add_weight

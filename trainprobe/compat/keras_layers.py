"""Layers and models with the arguments of Keras 1, and its merging of branches."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Callable, Dict, Sequence

from trainprobe.compat.keras_tables import AXES, LAYERS, MODEL, ORDERINGS, SIZES, Names
from trainprobe.compat.shims import Shims
from trainprobe.foreign import Foreign
from trainprobe.patching.wrap import Function, around, renamed, replace

_MODES = {"sum": "add", "mul": "multiply", "ave": "average", "max": "maximum", "concat": "concatenate"}


def install(shims: Shims, keras: Foreign) -> None:
    """Let layers, models and the weights of custom layers take the old arguments."""
    for name, names in LAYERS.items():
        if hasattr(keras.layers, name):
            replace(getattr(keras.layers, name), "__init__", with_old_arguments(shims, name, names))
    with_old_inputs = with_old_arguments(shims, "Model", MODEL)
    replace(keras.Model, "__new__", with_old_inputs)
    replace(keras.Model, "__init__", with_old_inputs)
    replace(keras.src.engine.functional.Functional, "__init__", with_old_inputs)
    replace(keras.layers.Layer, "add_weight", around(_add_weight, shims))
    replace(keras.Sequential, "add", around(_add, shims, keras))


def with_old_arguments(shims: Shims, label: str, names: Names) -> Callable[[Function], Function]:
    """Return a maker for `replace`: the function then takes keywords by their old *names*, and old orders of axes."""
    return around(_translated, shims, label, names)


def _translated(
    shims: Shims, label: str, names: Names, original: Function, *args: Foreign, **kwargs: Foreign
) -> Foreign:
    old = [name for name in kwargs if name in names or name in SIZES]
    shims.used_keywords(label, old)
    if old:
        kwargs = _with_kernel_size(renamed(kwargs, names))
    ordering = str(kwargs.get("data_format"))
    if ordering in ORDERINGS:
        kwargs["data_format"] = ORDERINGS[ordering]
    return original(*_with_one_size(shims, label, args), **kwargs)


def _with_kernel_size(given: Dict[str, Foreign]) -> Dict[str, Foreign]:
    sizes = tuple(given.pop(size) for size in SIZES if size in given)
    return {**given, "kernel_size": sizes} if sizes else given


def _with_one_size(shims: Shims, label: str, args: Sequence[Foreign]) -> Sequence[Foreign]:
    """Join the sizes of a kernel, as in ``Convolution2D(32, 3, 3)``; in ``tensorflow.keras`` that had strides of 3."""
    axes = AXES.get(label, 0)
    sizes = tuple(args[2 : 2 + axes])  # behind the layer and the number of filters
    if shims.standalone and len(sizes) == axes > 1 and all(isinstance(size, int) for size in sizes):
        shims.used("{}(filters, {})".format(label, ", ".join(["rows", "cols", "depth"][:axes])))
        return (*args[:2], sizes, *args[2 + axes :])
    return args


def _add_weight(shims: Shims, original: Function, self: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
    if args and isinstance(args[0], (tuple, list)):
        shims.used("Layer.add_weight(shape, ...)")  # of Keras 1: shape, initializer, name
        named = dict(zip(("shape", "initializer", "name"), args))  # noqa: B905 - Python 3.7 has no strict
        args, kwargs = (), {**named, **kwargs}
    return original(self, *args, **kwargs)


def _add(shims: Shims, keras: Foreign, original: Function, self: Foreign, layer: Foreign) -> None:
    """Let a sequential model begin with merged branches."""
    if self.layers or not isinstance(layer, keras.Model) or len(getattr(layer, "inputs", None) or ()) <= 1:
        original(self, layer)
        return
    shims.used("Sequential.add(Merge)")
    inputs = [keras.Input(batch_shape=one.shape, dtype=one.dtype) for one in layer.inputs]
    self._maybe_create_attribute("_self_tracked_trackables", [])
    self.inputs, self.outputs = inputs, [layer(inputs)]
    self.built = self._has_explicit_input_shape = True
    self._init_graph_network(self.inputs, self.outputs)
    self._graph_initialized = True
    self._self_tracked_trackables.append(layer)
    self._handle_deferred_layer_dependencies([layer])


class MergeModule(ModuleType):
    """``keras.layers.merge``: in Keras 1 a function, later a module."""

    def __call__(self, inputs: Foreign, mode: Foreign = "sum", **kwargs: Foreign) -> Foreign:
        """Merge the branches *inputs*."""
        return _merged(inputs, mode, kwargs)

    def __getattr__(self, name: str) -> Foreign:
        return getattr(_keras().layers, name)


def _merge(layers: Foreign, mode: Foreign = "sum", **kwargs: Foreign) -> Foreign:
    """Return the layer ``Merge``, which is a model, since it has the inputs of the models that it merges."""
    inputs = [one for layer in layers for one in layer.inputs]
    return _keras().Model(inputs, _merged([layer.outputs[0] for layer in layers], mode, kwargs))


def _merged(inputs: Foreign, mode: Foreign, given: Dict[str, Foreign]) -> Foreign:
    layers, named = _keras().layers, {"name": given.get("name")}
    if callable(mode):
        return layers.Lambda(mode, **named)(inputs)
    if mode in ("dot", "cos"):
        axes = given.get("dot_axes", -1)
        return layers.Dot(axes=1 if axes == -1 else axes, normalize=mode == "cos", **named)(inputs)
    where = {"axis": given.get("concat_axis", -1)} if mode == "concat" else {}
    return getattr(layers, _MODES[mode])(inputs, **named, **where)


def _time_distributed_dense(output_dim: int, **kwargs: Foreign) -> Foreign:
    shape = {name: kwargs.pop(name) for name in ("input_dim", "input_length") if name in kwargs}
    around_it = {"input_shape": (shape.get("input_length"), shape["input_dim"])} if "input_dim" in shape else {}
    layers = _keras().layers
    return layers.TimeDistributed(layers.Dense(output_dim, **kwargs), **around_it)


def _maxnorm(m: float = 2, axis: int = 0, **kwargs: Foreign) -> Foreign:
    return _keras().constraints.MaxNorm(kwargs.get("max_value", m), axis)


def relu6(x: Foreign) -> Foreign:
    """Return the activation of MobileNet, which models are saved with under this name."""
    return _keras().activations.relu(x, max_value=6)


def _keras() -> Foreign:
    return sys.modules["tf_keras"]


#: What Keras 1 had without a counterpart today.
BUILT: Dict[str, object] = {
    "applications.mobilenet.relu6": relu6,
    "constraints.maxnorm": _maxnorm,
    "layers.Merge": _merge,
    "layers.TimeDistributedDense": _time_distributed_dense,
}

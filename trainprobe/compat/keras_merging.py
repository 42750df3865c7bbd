"""Merging of branches as in Keras 1: the function ``merge`` and the layer ``Merge``."""

from __future__ import annotations

from functools import partial
from types import ModuleType
from typing import Dict

from trainprobe.compat.shims import Shims
from trainprobe.foreign import Foreign
from trainprobe.patching.wrap import Function, replace

_MODES = {"sum": "add", "mul": "multiply", "ave": "average", "max": "maximum", "concat": "concatenate"}


def install(shims: Shims, keras: Foreign) -> None:
    """Let a sequential model begin with merged branches."""
    replace(keras.Sequential, "add", partial(_beginning_with_branches, shims, keras))


def additions(keras: Foreign) -> Dict[str, Dict[str, object]]:
    """Return the layer ``Merge``, which is a model, since it has the inputs of the models that it merges."""

    def merge(layers: Foreign, mode: Foreign = "sum", **kwargs: Foreign) -> Foreign:
        inputs = [one for layer in layers for one in layer.inputs]
        return keras.Model(inputs, _merged(keras, [layer.outputs[0] for layer in layers], mode, kwargs))

    return {"layers": {"Merge": merge}}


def merge_module(keras: Foreign) -> ModuleType:
    """Return ``keras.layers.merge``: in Keras 1 a function, later a module."""

    class Merge(ModuleType):
        def __call__(self, inputs: Foreign, mode: Foreign = "sum", **kwargs: Foreign) -> Foreign:
            return _merged(keras, inputs, mode, kwargs)

        def __getattr__(self, name: str) -> Foreign:
            return getattr(keras.layers, name)

    return Merge("tf_keras.layers.merge")


def _merged(keras: Foreign, inputs: Foreign, mode: Foreign, given: Dict[str, Foreign]) -> Foreign:
    if callable(mode):
        return keras.layers.Lambda(mode, name=given.get("name"))(inputs)
    if mode in ("dot", "cos"):
        axes = given.get("dot_axes", -1)
        return keras.layers.Dot(axes=1 if axes == -1 else axes, normalize=mode == "cos", name=given.get("name"))(inputs)
    join = getattr(keras.layers, _MODES[mode])
    where = {"axis": given.get("concat_axis", -1)} if mode == "concat" else {}
    return join(inputs, name=given.get("name"), **where)


def _beginning_with_branches(shims: Shims, keras: Foreign, original: Function) -> Function:
    def add(self: Foreign, layer: Foreign) -> None:
        several = isinstance(layer, keras.Model) and len(getattr(layer, "inputs", None) or ()) > 1
        if not several or self.layers:
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

    return add

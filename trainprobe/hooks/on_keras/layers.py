"""The layers of a Keras model: described for a checkpoint, and given another model's weights."""

from __future__ import annotations

from typing import Dict, List, Mapping

from trainprobe.foreign import Foreign
from trainprobe.hooks.on_keras.state import UnfitError
from trainprobe.training.checkpoint import Checkpoint
from trainprobe.training.net2net import Layer, mapped

SETTINGS = ("strides", "padding", "dilation_rate", "groups", "data_format", "use_bias", "axis", "target_shape")
FIRST = "channels_first"  # flattening then orders a map's values differently


def layers_of(model: Foreign) -> List[Dict[str, object]]:
    """Return what `inherit` needs to know of *model*'s layers, as JSON; weights by their position among all."""
    places = {id(variable): place for place, variable in enumerate(model.variables)}
    if not all(id(one) in places for layer in _layers(model) for one in layer.weights):
        return []
    return [{**_described(layer), "weights": [places[id(one)] for one in layer.weights]} for layer in _layers(model)]


def inherit(model: Foreign, checkpoint: Checkpoint, *, seed: int) -> str:
    """Give *model* the weights in *checkpoint* that fit, and return a sentence about them.

    Raises:
        UnfitError: none of them fits the model.
    """
    old = [_read(layer, checkpoint.arrays) for layer in checkpoint.state.plan.get("layers") or ()]  # type: ignore[attr-defined]
    layers = _layers(model)
    new = [_layer(_described(layer), [weight.numpy() for weight in layer.weights]) for layer in layers]
    found = mapped(old, new, seed=seed, is_chain=_is_chain(model))
    if not found.weights:
        raise UnfitError("none of its layers matches a layer of that trial")
    if any([array.shape for array in weights] != new[number].shapes for number, weights in found.weights.items()):
        raise UnfitError("the shapes of a layer differ")
    for number, weights in found.weights.items():
        for variable, array in zip(layers[number].weights, weights):  # noqa: B905 - Python 3.7 has no strict
            variable.assign(array)
    return str(found)


def _layers(model: Foreign) -> List[Foreign]:
    return [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]


def _described(layer: Foreign) -> Dict[str, object]:
    activation = getattr(layer, "activation", None)
    settings = [[name, str(getattr(layer, name))] for name in SETTINGS if hasattr(layer, name)]
    name = getattr(activation, "__name__", None) or (type(activation).__name__ if activation is not None else "linear")
    return {"class": type(layer).__name__, "activation": name, "settings": settings}


def _layer(described: Mapping[str, Foreign], weights: List[Foreign]) -> Layer:
    settings = tuple((name, value) for name, value in described["settings"])
    return Layer(described["class"], described["activation"], settings, tuple(weights))


def _read(described: Mapping[str, Foreign], arrays: Mapping[str, Foreign]) -> Layer:
    return _layer(described, [arrays["w{}".format(place)] for place in described["weights"]])


def _is_chain(model: Foreign) -> bool:
    """Return whether each layer reads the one before, and no other."""
    layers = _layers(model)
    if any(getattr(layer, "data_format", None) == FIRST or hasattr(layer, "layers") for layer in layers):
        return False
    if "Sequential" in [parent.__name__ for parent in type(model).__mro__]:
        return True
    try:
        return all(layers[at].input is layers[at - 1].output for at in range(1, len(layers)))
    except (AttributeError, ValueError, RuntimeError):  # a subclassed model does not tell
        return False

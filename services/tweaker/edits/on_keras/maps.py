"""The sizes of the maps that go through a network of convolutions, as far as they are written in the script."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import as_int, int_or_none
from services.tweaker.edits.on_keras.layers import Layer, Network
from services.tweaker.edits.on_keras.named import name_of
from services.tweaker.source import NotUnderstoodError, Script, argument, read

POOLINGS = frozenset({"MaxPooling2D", "MaxPool2D", "AveragePooling2D", "AvgPool2D"})
_CONVOLUTIONS = frozenset({"Conv2D", "Convolution2D", "SeparableConv2D"})
_KEEPING = frozenset(
    {"Activation", "ReLU", "LeakyReLU", "BatchNormalization", "Dropout", "SpatialDropout2D", "Rescaling"}
    | {"Normalization", "RandomFlip", "RandomTranslation", "RandomRotation", "RandomZoom", "Input", "InputLayer"}
)
_SHAPE = {"Input": 0}
_DIMENSIONS = 3


def shorter_side(script: Script, network: Network, end: Layer) -> int | None:
    """Return the shorter side of the map that comes to the layer *end*; None where that is not known."""
    side = _first_side(script, network)
    for layer in network.layers[: network.layers.index(end)]:
        if side is None or layer.repeated or layer.optional:
            return None
        if layer.kind in POOLINGS | _CONVOLUTIONS:
            try:
                side = side_after(script, layer, side)
            except NotUnderstoodError:
                return None
        elif layer.kind not in _KEEPING:
            return None
    return side


def side_after(script: Script, layer: Layer, side: int) -> int:
    """Return how long a side is after a convolution or a pooling.

    Raises:
        NotUnderstoodError: Its size is computed while the script runs.
    """
    pools = layer.kind in POOLINGS
    size = _number(script, layer, 2 if pools else None, ("pool_size", "kernel_size"), 0 if pools else 1)
    step = _number(script, layer, size if pools else 1, ("strides",), 1 if pools else 2)
    padding = argument(layer.call, "padding", position=2 if pools else 3)
    if padding is not None and name_of(script, padding) == "same":
        return -(-side // step)
    return (side - size) // step + 1


def _number(script: Script, layer: Layer, usual: int | None, names: tuple[str, ...], position: int) -> int:
    """Return the larger of the two numbers that an argument gives."""
    given = argument(layer.call, *names, position=position)
    if given is None or script.code(given) == "None":
        if usual is None:
            raise NotUnderstoodError(f"the size of {layer.kind} in line {script.line(layer.call)} was not found")
        return usual
    parts = [each.value for each in given.elements] if isinstance(given, cst.Tuple | cst.List) else []
    return max(as_int(read(script, part)) for part in parts or [given])


def _first_side(script: Script, network: Network) -> int | None:
    """Return the shorter side of the pictures, if their shape is written with the first layers."""
    shapes = (argument(layer.call, "shape", "input_shape", position=_SHAPE.get(layer.kind)) for layer in network.layers)
    shape = next((shape for shape in shapes if shape is not None), None)
    parts = shape.elements if isinstance(shape, cst.Tuple) else ()
    numbers = [number for part in parts if (number := int_or_none(script, part.value)) is not None]
    return min(numbers[:2]) if len(numbers) == len(parts) == _DIMENSIONS else None

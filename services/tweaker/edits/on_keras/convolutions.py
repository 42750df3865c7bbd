"""Change what comes of a network's convolutions: one more of them, or an average of each map instead of all of it.

Averaged maps need far fewer weights behind them: Lin et al. 2013, arXiv 1312.4400.
"""

from dataclasses import dataclass

import libcst as cst

from services.tweaker.edits.edit import as_int, int_or_none, site_edit
from services.tweaker.edits.knobs import CONV_LAYER, GLOBAL_POOLING
from services.tweaker.edits.on_keras.insertion import layer_class, put_before
from services.tweaker.edits.on_keras.layers import Layer
from services.tweaker.edits.on_keras.named import name_of
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument, read
from services.tweaker.source.arguments import with_keyword, without
from trainyard.trial import Setting

MOST = 6
SMALLEST = 2
"""A map is not made smaller than that on a side."""
AVERAGES = {"Conv1D": "GlobalAveragePooling1D", "Conv2D": "GlobalAveragePooling2D", "Conv3D": "GlobalAveragePooling3D"}
POOLINGS = frozenset({"MaxPooling2D", "MaxPool2D", "AveragePooling2D", "AvgPool2D"})
_COPIED = ("Conv2D", "Convolution2D")
_CONVOLUTIONS = frozenset({*_COPIED, "SeparableConv2D"})
_OWN = frozenset({"input_shape", "batch_input_shape", "name", "strides", "padding", "subsample", "border_mode"})
_ENDS = ("Flatten", "GlobalAveragePooling2D", "GlobalMaxPooling2D")
_KEEPING = frozenset(
    {"Activation", "ReLU", "LeakyReLU", "BatchNormalization", "Dropout", "SpatialDropout2D", "Rescaling"}
    | {"Normalization", "RandomFlip", "RandomTranslation", "RandomRotation", "RandomZoom", "Input", "InputLayer"}
)
"""Layers that keep the size of a map."""
_SHAPE = {"Input": 0}
_DIMENSIONS = 3


@dataclass(frozen=True)
class _Site:
    """The last convolution, the pooling after it, and the layer before which a further block fits."""

    last: Layer
    pooling: Layer | None
    end: Layer


def _find(script: Script) -> _Site:
    network = find_network(script)
    layers, convolutions, ends = network.layers, network.of_kind(_COPIED), network.of_kind(_ENDS)
    if not convolutions or not ends:
        raise NotUnderstoodError(
            "the network has no convolutions over images whose feature maps are flattened or averaged"
        )
    last, end = convolutions[-1], ends[0]
    if not last.once:
        raise NotUnderstoodError("the last convolution is created in a loop or depends on a condition")
    if len(convolutions) >= MOST:
        raise NotUnderstoodError(f"the network already has {len(convolutions)} convolutions")
    between = layers[layers.index(last) : layers.index(end)]
    return _Site(last, next((layer for layer in between if layer.kind in POOLINGS), None), end)


def _add(script: Script, changes: Changes, site: _Site, _: Setting) -> None:
    call, _taken = without(site.last.call, _OWN)
    put_before(script, changes, site.end, script.code(with_keyword(script, call, "padding", "same")))
    side = _shorter_side(script, site.end)
    if site.pooling is not None and side is not None and _side_after(script, site.pooling, side) >= SMALLEST:
        put_before(script, changes, site.end, script.code(without(site.pooling.call, frozenset({"name"}))[0]))


def _shorter_side(script: Script, end: Layer) -> int | None:
    """Return the shorter side of the map that comes to the layer *end*; None where that is not known."""
    layers = find_network(script).layers
    side = _first_side(script, layers)
    for layer in layers[: layers.index(end)]:
        if side is None or not layer.once or layer.kind not in POOLINGS | _CONVOLUTIONS | _KEEPING:
            return None
        try:
            side = side if layer.kind in _KEEPING else _side_after(script, layer, side)
        except NotUnderstoodError:
            return None
    return side


def _side_after(script: Script, layer: Layer, side: int) -> int:
    """Return how long a side is after a convolution or a pooling."""
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
    parts = [each.value for each in given.elements] if isinstance(given, cst.Tuple | cst.List) else [given]
    return max(as_int(read(script, part)) for part in parts)


def _first_side(script: Script, layers: tuple[Layer, ...]) -> int | None:
    """Return the shorter side of the images, if their shape is written with the first layers."""
    shapes = (argument(layer.call, "shape", "input_shape", position=_SHAPE.get(layer.kind)) for layer in layers)
    shape = next((shape for shape in shapes if shape is not None), None)
    parts = shape.elements if isinstance(shape, cst.Tuple) else ()
    numbers = [number for part in parts if (number := int_or_none(script, part.value)) is not None]
    return min(numbers[:2]) if len(numbers) == len(parts) == _DIMENSIONS else None


def _flatten(script: Script) -> tuple[Layer, str]:
    """Return the one layer that flattens maps, and what takes its place."""
    layers = find_network(script).layers
    flat = [layer for layer in layers if layer.kind == "Flatten"]
    before = layers[: layers.index(flat[0])] if len(flat) == 1 else ()
    averages = {AVERAGES[layer.kind] for layer in before if layer.kind in AVERAGES}
    if len(averages) != 1:
        raise NotUnderstoodError("the network does not flatten the feature maps of one kind of convolution")
    return flat[0], averages.pop()


def _average(script: Script, changes: Changes, site: tuple[Layer, str], _: Setting) -> None:
    layer, average = site
    changes.replaced[layer.call.func] = cst.parse_expression(layer_class(script, changes, average, layer))


CONV_LAYER_EDIT = site_edit(CONV_LAYER, _find, _add)
GLOBAL_POOLING_EDIT = site_edit(GLOBAL_POOLING, _flatten, _average)

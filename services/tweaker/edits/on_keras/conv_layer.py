"""Add a convolution like the last one, with the pooling after it where the map is large enough for that."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import Edit
from services.tweaker.edits.knobs import CONV_LAYER
from services.tweaker.edits.on_keras.layers import Layer, Network
from services.tweaker.edits.on_keras.maps import POOLINGS, side_after, sides
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.placing import put_before
from services.tweaker.source.arguments import with_keyword, without
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script
from trainyard.trial import Setting

MOST = 6
SMALLEST = 2
"""A map is not made smaller than that on a side."""
_OWN = frozenset({"input_shape", "batch_input_shape", "name", "strides", "padding", "subsample", "border_mode"})
_ENDS = ("Flatten", "GlobalAveragePooling2D", "GlobalMaxPooling2D")


def _block(script: Script) -> tuple[Network, Layer, Layer | None, Layer]:
    """Return the network, its last convolution, the pooling after that, and the layer before which a block fits."""
    network = find_network(script)
    found = [layer for layer in network.layers if layer.kind in {"Conv2D", "Convolution2D"}]
    ends = [layer for layer in network.layers if layer.kind in _ENDS]
    if not found or not ends:
        raise NotUnderstoodError("the network has no convolutions over pictures whose maps are flattened or averaged")
    if found[-1].repeated or found[-1].optional or len(found) >= MOST:
        raise NotUnderstoodError(f"the last of {len(found)} convolutions is not to be followed by one like it")
    between = network.layers[network.layers.index(found[-1]) : network.layers.index(ends[0])]
    pooling = [layer for layer in between if layer.kind in POOLINGS]
    return network, found[-1], pooling[0] if pooling else None, ends[0]


def _read(script: Script) -> Setting:
    """Find nothing to choose, where a convolution can be added."""
    _block(script)
    return None


def _apply(script: Script, _: Setting) -> Edited:
    changes = Changes()
    network, last, pooling, end = _block(script)
    call, _taken = without(last.call, _OWN)
    put_before(script, changes, end, _code(with_keyword(script, call, "padding", "same")))
    side = sides(script, network, end)
    if pooling is not None and side is not None and side_after(script, pooling, side) >= SMALLEST:
        put_before(script, changes, end, _code(without(pooling.call, frozenset({"name"}))[0]))
    return changes.applied_to(script)


def _code(call: cst.Call) -> str:
    return cst.Module([]).code_for_node(call)


EDIT = Edit(CONV_LAYER, _apply, _read)

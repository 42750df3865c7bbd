"""Average each map to one number instead of flattening it: far fewer weights to learn.

Lin et al. 2013, arXiv 1312.4400.
"""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import site_edit
from services.tweaker.edits.knobs import GLOBAL_POOLING
from services.tweaker.edits.on_keras.insertion import layer_class
from services.tweaker.edits.on_keras.layers import Layer
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.source import Changes, NotUnderstoodError, Script
from trainyard.trial import Setting

POOLING = {"Conv1D": "GlobalAveragePooling1D", "Conv2D": "GlobalAveragePooling2D", "Conv3D": "GlobalAveragePooling3D"}


def _flatten(script: Script) -> tuple[Layer, str]:
    """Return the one layer that flattens maps, and what takes its place."""
    layers = find_network(script).layers
    flat = [layer for layer in layers if layer.kind == "Flatten"]
    before = layers[: layers.index(flat[0])] if len(flat) == 1 else ()
    pooling = {POOLING[layer.kind] for layer in before if layer.kind in POOLING}
    if len(pooling) != 1:
        raise NotUnderstoodError("the network does not flatten the maps of one kind of convolution")
    return flat[0], pooling.pop()


def _pool(script: Script, changes: Changes, site: tuple[Layer, str], _: Setting) -> None:
    layer, pooling = site
    name = layer_class(script, changes, find_network(script), pooling, layer)
    changes.replaced[layer.call.func] = cst.parse_expression(name)


EDIT = site_edit(GLOBAL_POOLING, _flatten, _pool)

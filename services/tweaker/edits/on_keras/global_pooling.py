"""Average each map to one number instead of flattening it: far fewer weights to learn.

Lin et al. 2013, arXiv 1312.4400.
"""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import Edit
from services.tweaker.edits.knobs import GLOBAL_POOLING
from services.tweaker.edits.on_keras.layers import Layer, Network
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.placing import class_beside
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script
from trainyard.trial import Setting

POOLING = {"Conv1D": "GlobalAveragePooling1D", "Conv2D": "GlobalAveragePooling2D", "Conv3D": "GlobalAveragePooling3D"}


def _flat(network: Network) -> tuple[Layer, str]:
    """Return the one layer that flattens maps, and what takes its place."""
    flat = [layer for layer in network.layers if layer.kind == "Flatten"]
    before = [layer.kind for layer in network.layers[: network.layers.index(flat[0])]] if len(flat) == 1 else []
    kinds = {kind for kind in before if kind in POOLING}
    if len(kinds) != 1:
        raise NotUnderstoodError("the network flattens no maps of one kind of convolution")
    return flat[0], POOLING[kinds.pop()]


def _read(script: Script) -> Setting:
    """Find nothing to choose, where maps are flattened."""
    _flat(find_network(script))
    return None


def _apply(script: Script, _: Setting) -> Edited:
    changes, network = Changes(), find_network(script)
    layer, pooling = _flat(network)
    name = class_beside(script, changes, network, pooling, layer)
    changes.replaced[layer.call.func] = cst.parse_expression(name)
    return changes.applied_to(script)


EDIT = Edit(GLOBAL_POOLING, _apply, _read)

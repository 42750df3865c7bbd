"""Normalize activations after each hidden layer; deep networks learn faster so.

Ioffe and Szegedy 2015, arXiv 1502.03167.
"""

from __future__ import annotations

from services.tweaker.edits.edit import Edit
from services.tweaker.edits.knobs import BATCH_NORM
from services.tweaker.edits.on_keras.layers import Layer, Network
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.placing import class_beside, put_after
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script
from trainyard.trial import Setting

NORMALIZING = frozenset({"BatchNormalization", "LayerNormalization", "GroupNormalization"})


def _hidden(network: Network) -> list[Layer]:
    """Return the layers whose results are to be normalized.

    Raises:
        NotUnderstoodError: There are none, or some are normalized already.
    """
    hidden = [layer for layer in network.layers if layer in (*network.convolutions, *network.hidden)]
    if not hidden:
        raise NotUnderstoodError("the network has no hidden layer")
    later = network.layers[network.layers.index(hidden[0]) :]
    if any(layer.kind in NORMALIZING for layer in later):
        raise NotUnderstoodError("the network normalizes its activations already")
    return hidden


def _read(script: Script) -> Setting:
    """Find nothing to choose, where there is something to normalize."""
    _hidden(find_network(script))
    return None


def _apply(script: Script, _: Setting) -> Edited:
    changes, network = Changes(), find_network(script)
    for layer in _hidden(network):
        name = class_beside(script, changes, network, "BatchNormalization", layer)
        put_after(script, changes, layer, f"{name}()")
    return changes.applied_to(script)


EDIT = Edit(BATCH_NORM, _apply, _read)

"""Normalize activations after each hidden layer; deep networks learn faster so.

Ioffe and Szegedy 2015, arXiv 1502.03167.
"""

from __future__ import annotations

from services.tweaker.edits.edit import site_edit
from services.tweaker.edits.knobs import BATCH_NORM
from services.tweaker.edits.on_keras.insertion import layer_class, put_after
from services.tweaker.edits.on_keras.layers import Layer, Network
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.source import Changes, NotUnderstoodError, Script
from trainyard.trial import Setting

NORMALIZING = frozenset({"BatchNormalization", "LayerNormalization", "GroupNormalization"})


def _hidden(script: Script) -> tuple[Network, list[Layer]]:
    """Return the layers whose outputs are to be normalized."""
    network = find_network(script)
    hidden = [layer for layer in network.layers if layer in (*network.convolutions, *network.hidden)]
    if not hidden:
        raise NotUnderstoodError("the network has no hidden layer")
    later = network.layers[network.layers.index(hidden[0]) :]
    if any(layer.kind in NORMALIZING for layer in later):
        raise NotUnderstoodError("the network normalizes its activations already")
    return network, hidden


def _normalize(script: Script, changes: Changes, site: tuple[Network, list[Layer]], _: Setting) -> None:
    network, hidden = site
    for layer in hidden:
        name = layer_class(script, changes, network, "BatchNormalization", layer)
        put_after(script, changes, layer, f"{name}()")


EDIT = site_edit(BATCH_NORM, _hidden, _normalize)

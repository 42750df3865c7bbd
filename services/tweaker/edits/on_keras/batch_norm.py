"""Normalize activations after each hidden layer; deep networks learn faster so.

Ioffe and Szegedy 2015, arXiv 1502.03167.
"""

from services.tweaker.edits.edit import site_edit
from services.tweaker.edits.knobs import BATCH_NORM
from services.tweaker.edits.on_keras.insertion import layer_class, put_after
from services.tweaker.edits.on_keras.layers import Layer
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.source import Changes, NotUnderstoodError, Script
from trainyard.trial import Setting

NORMALIZING = frozenset({"BatchNormalization", "LayerNormalization", "GroupNormalization"})


def _hidden(script: Script) -> list[Layer]:
    network = find_network(script)
    hidden = [layer for layer in network.layers if layer in (*network.convolutions, *network.hidden)]
    if not hidden:
        raise NotUnderstoodError("the network has no hidden layer")
    if any(layer.kind in NORMALIZING for layer in network.layers[network.layers.index(hidden[0]) :]):
        raise NotUnderstoodError("the network already normalizes its activations")
    return hidden


def _normalize(script: Script, changes: Changes, hidden: list[Layer], _: Setting) -> None:
    for layer in hidden:
        put_after(script, changes, layer, f"{layer_class(script, changes, 'BatchNormalization', layer)}()")


EDIT = site_edit(BATCH_NORM, _hidden, _normalize)

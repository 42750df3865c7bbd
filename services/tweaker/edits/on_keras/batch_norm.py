"""Normalize activations after each hidden layer, where deep networks learn faster; or let its averages follow faster.

Ioffe and Szegedy 2015, arXiv 1502.03167.
"""

import libcst as cst

from services.tweaker.edits.edit import as_float, site_edit
from services.tweaker.edits.knobs import BATCH_NORM, MOMENTUM
from services.tweaker.edits.on_keras.insertion import layer_class, put_after
from services.tweaker.edits.on_keras.layers import Layer
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument, read, write
from services.tweaker.source.arguments import with_keyword
from trainyard.trial import Setting

DEFAULT = 0.99
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


def _momenta(script: Script) -> list[tuple[Layer, float]]:
    """Return the layers of batch normalization, each with its momentum."""
    layers = find_network(script).of_kind(frozenset({"BatchNormalization"}))
    if not layers:
        raise NotUnderstoodError("the network has no batch normalization")
    given = [(layer, _momentum(layer)) for layer in layers]
    return [(layer, DEFAULT if node is None else as_float(read(script, node))) for layer, node in given]


def _momentum(layer: Layer) -> cst.BaseExpression | None:
    return argument(layer.call, "momentum", position=1)


def _follow(script: Script, changes: Changes, layers: list[tuple[Layer, float]], setting: Setting) -> None:
    for layer, now in layers:
        node = _momentum(layer)
        if node is not None and now != setting:
            write(script, changes, node, as_float(setting))
        elif node is None:
            changes.replaced[layer.call] = with_keyword(script, layer.call, "momentum", as_float(setting))


EDIT = site_edit(BATCH_NORM, _hidden, _normalize)
MOMENTUM_EDIT = site_edit(MOMENTUM, _momenta, _follow, lambda _, layers: max(momentum for _, momentum in layers))

"""Change the activation of the hidden layers, or give them one: Dense layers without are together one linear layer."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import site_edit
from services.tweaker.edits.knobs import ACTIVATION
from services.tweaker.edits.on_keras.layers import ACTIVATIONS, RECURRENT, TRAINABLE, UNKNOWN, Layer
from services.tweaker.edits.on_keras.named import name_of, write_name
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument
from services.tweaker.source.arguments import with_keyword
from trainyard.trial import Setting

KNOWN = frozenset({"relu", "elu", "selu", "gelu", "tanh", "sigmoid", "leaky_relu", "swish"})
POOR = frozenset({"linear", "sigmoid", "tanh", "hard_sigmoid", "softmax", "softsign", "softplus", "exponential"})
MISSING = "linear"
_POSITION = {"Dense": 1}
_DECIDING = ACTIVATIONS | TRAINABLE | {UNKNOWN}
"""Layers that decide which activation is applied to the result of one before them."""

Activation = tuple[str, cst.BaseExpression | cst.Call]
"""An activation's name, and where it is given: the value, or the call of the layer that is given none."""


def activation_of(script: Script, layer: Layer) -> Activation | None:
    """Return the activation of a layer, given to it or by a layer behind it; None where that is not certain."""
    own = argument(layer.call, "activation", position=_POSITION.get(layer.kind))
    if own is not None and script.code(own) != "None":
        return name_of(script, own), own
    layers = find_network(script).layers
    behind = next((each for each in layers[layers.index(layer) + 1 :] if each.kind in _DECIDING), None)
    if behind is None or behind.kind in TRAINABLE:
        return MISSING, own or layer.call
    return _applied(script, behind)


def write_activation(script: Script, changes: Changes, now: Activation, name: str, but: Activation | None) -> None:
    """Write another activation, but not into a constant that also decides *but*."""
    place = now[1]
    if isinstance(place, cst.Call) and now[0] == MISSING:
        call = cst.ensure_type(changes.replaced.get(place, place), cst.Call)
        changes.replaced[place] = with_keyword(script, call, "activation", name)
    else:
        write_name(script, changes, place, name, unless_shared=but[1] if but is not None else None)


def _applied(script: Script, layer: Layer) -> Activation | None:
    node = argument(layer.call, "activation", position=0) if layer.kind == "Activation" else None
    return (name_of(script, node), node) if node is not None else None


def _hidden(script: Script) -> list[Activation]:
    """Return the activations of the hidden layers, each place once."""
    network = find_network(script)
    layers = [layer for layer in (*network.convolutions, *network.hidden) if layer.kind not in RECURRENT]
    found = [activation for layer in layers if (activation := activation_of(script, layer)) is not None]
    if not found:
        raise NotUnderstoodError("no activation of a hidden layer was found")
    return list({place: (name, place) for name, place in found if name}.values())


def _read(_: Script, activations: list[Activation]) -> Setting:
    return ",".join(dict.fromkeys(name for name, _ in activations))


def _change(script: Script, changes: Changes, activations: list[Activation], setting: Setting) -> None:
    """Write the activation: ReLU only in the place of those that learn slowly, any other one everywhere."""
    wanted = str(setting)
    if wanted not in KNOWN:
        raise NotUnderstoodError(f"the activation {wanted!r} is not known")
    others = [each for each in activations if each[0] != wanted and (wanted != "relu" or each[0] in POOR)]
    if not others:
        raise NotUnderstoodError(f"no hidden layer's activation would become {wanted}")
    output = activation_of(script, find_network(script).output)
    for each in others:
        write_activation(script, changes, each, wanted, but=output)


EDIT = site_edit(ACTIVATION, _hidden, _change, _read)

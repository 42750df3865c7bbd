"""Change the activation of the hidden layers, or give them one: Dense layers without are together one linear layer."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import site_edit
from services.tweaker.edits.knobs import ACTIVATION
from services.tweaker.edits.on_keras.layers import ACTIVATIONS, RECURRENT, TRAINABLE, UNKNOWN, Layer, Network
from services.tweaker.edits.on_keras.named import name_of, write_name
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument
from services.tweaker.source.arguments import with_keyword
from trainyard.trial import Setting

KNOWN = frozenset({"relu", "elu", "selu", "gelu", "tanh", "sigmoid", "leaky_relu", "swish"})
POOR = frozenset({"linear", "sigmoid", "tanh", "hard_sigmoid", "softmax", "softsign", "softplus", "exponential"})
MISSING = "linear"
_POSITION = {"Dense": 1}

Activation = tuple[str, cst.BaseExpression | cst.Call]
"""An activation's name, and where it is given: the value, or the call of the layer that is given none."""


def activation_of(script: Script, network: Network, layer: Layer) -> Activation | None:
    """Return the activation of a layer, given to it or by a layer behind it; None where that is not certain."""
    own = argument(layer.call, "activation", position=_POSITION.get(layer.kind))
    if own is not None and script.code(own) != "None":
        return name_of(script, own), own
    for later in network.layers[network.layers.index(layer) + 1 :]:
        if later.kind == "Activation":
            applied = argument(later.call, "activation", position=0)
            return (name_of(script, applied), applied) if applied is not None else None
        if later.kind in {*ACTIVATIONS, UNKNOWN}:
            return None
        if later.kind in TRAINABLE:
            break
    return MISSING, own if own is not None else layer.call


def _hidden(script: Script) -> list[Activation]:
    """Return the activations of the hidden layers, each place once."""
    network = find_network(script)
    layers = [layer for layer in (*network.convolutions, *network.hidden) if layer.kind not in RECURRENT]
    found = [activation for layer in layers if (activation := activation_of(script, network, layer)) is not None]
    if not found:
        raise NotUnderstoodError("no activation of a hidden layer was found")
    return list({place: (name, place) for name, place in found if name}.values())


def _read(_: Script, activations: list[Activation]) -> Setting:
    return ",".join(dict.fromkeys(name for name, _ in activations))


def _change(script: Script, changes: Changes, activations: list[Activation], setting: Setting) -> None:
    """Write the activation: ReLU only in the place of those that learn slowly, any other one everywhere."""
    network, wanted = find_network(script), str(setting)
    if wanted not in KNOWN:
        raise NotUnderstoodError(f"the activation {wanted!r} is not known")
    output = activation_of(script, network, network.output)
    for name, place in activations:
        if name == wanted or (wanted == "relu" and name not in POOR):
            continue
        if isinstance(place, cst.Call) and name == MISSING:
            changes.replaced[place] = with_keyword(script, place, "activation", wanted)
        else:
            write_name(script, changes, place, wanted, unless_shared=output[1] if output is not None else None)
    if not changes.replaced:
        raise NotUnderstoodError(f"no hidden layer's activation would become {wanted}")


EDIT = site_edit(ACTIVATION, _hidden, _change, _read)

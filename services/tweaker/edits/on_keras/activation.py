"""Change the activation of the hidden layers, or give them one: Dense layers without are together one linear layer."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import Edit
from services.tweaker.edits.knobs import ACTIVATION
from services.tweaker.edits.on_keras.layers import ACTIVATIONS, RECURRENT, UNKNOWN, WEIGHING, Layer, Network
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.spelling import name_of, write_name
from services.tweaker.source.arguments import with_keyword
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script, argument
from trainyard.trial import Setting

KNOWN = frozenset({"relu", "elu", "selu", "gelu", "tanh", "sigmoid", "leaky_relu", "swish"})
POOR = frozenset({"linear", "sigmoid", "tanh", "hard_sigmoid", "softmax", "softsign", "softplus", "exponential"})
MISSING = "linear"
_POSITION = {"Dense": 1}

Given = tuple[str, cst.BaseExpression | cst.Call]
"""The activation's name, and where it is given: the value, or the call of the layer that is not told any."""


def given_to(script: Script, network: Network, layer: Layer) -> Given | None:
    """Return which activation a layer has; None where that is not seen."""
    own = argument(layer.call, "activation", position=_POSITION.get(layer.kind))
    if own is not None and not _is_none(own.value):
        return name_of(script, own.value), own.value
    for later in network.layers[network.layers.index(layer) + 1 :]:
        if later.kind == "Activation":
            applied = argument(later.call, "activation", position=0)
            return (name_of(script, applied.value), applied.value) if applied is not None else None
        if later.kind in {*ACTIVATIONS, UNKNOWN}:
            return None
        if later.kind in WEIGHING:
            break
    return MISSING, own.value if own is not None else layer.call


def _is_none(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def _hidden(script: Script) -> list[Given]:
    """Return the activations of the hidden layers, each place once.

    Raises:
        NotUnderstoodError: None is seen.
    """
    network = find_network(script)
    layers = [layer for layer in (*network.convolutions, *network.hidden) if layer.kind not in RECURRENT]
    given = [found for layer in layers if (found := given_to(script, network, layer)) is not None]
    if not given:
        raise NotUnderstoodError("no hidden layer's activation is seen")
    return list({id(place): (name, place) for name, place in given if name}.values())


def _read(script: Script) -> Setting:
    """Return the names of the activations there are, each once."""
    return ",".join(dict.fromkeys(name for name, _ in _hidden(script)))


def _apply(script: Script, setting: Setting) -> Edited:
    """Write the activation: ReLU only in the place of those that learn slowly, any other one everywhere."""
    changes, network, wanted = Changes(), find_network(script), str(setting)
    if wanted not in KNOWN:
        raise NotUnderstoodError(f"{wanted!r} is no activation that is known")
    output = given_to(script, network, network.output)
    for name, place in _hidden(script):
        if name == wanted or (wanted == "relu" and name not in POOR):
            continue
        if isinstance(place, cst.Call) and name == MISSING:
            changes.replaced[place] = with_keyword(script, place, "activation", wanted)
        else:
            write_name(script, changes, place, wanted, kept=output[1] if output is not None else None)
    if not changes.replaced:
        raise NotUnderstoodError(f"no hidden layer's activation is to become {wanted}")
    return changes.applied_to(script)


EDIT = Edit(ACTIVATION, _apply, _read)

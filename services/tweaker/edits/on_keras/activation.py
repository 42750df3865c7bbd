"""Change the activation of the hidden layers, or start from weights that suit it.

Dense layers without one are together one linear layer. Initializers: He et al. 2015, arXiv 1502.01852; equal weights
never learn apart.
"""

import libcst as cst

from services.tweaker.edits.edit import site_edit
from services.tweaker.edits.knobs import ACTIVATION, INITIALIZER
from services.tweaker.edits.on_keras.layers import ACTIVATIONS, RECURRENT, TRAINABLE, UNKNOWN, Layer
from services.tweaker.edits.on_keras.named import name_of, write_name
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument
from services.tweaker.source.arguments import with_keyword
from trainyard.trial import Setting

KNOWN = frozenset({"relu", "elu", "selu", "gelu", "tanh", "sigmoid", "leaky_relu", "swish"})
POOR = frozenset({"linear", "sigmoid", "tanh", "hard_sigmoid", "softmax", "softsign", "softplus", "exponential"})
MISSING = "linear"
INITIALIZERS = ("kernel_initializer", "init")
GOOD_INITIALIZERS = frozenset(
    {"he_normal", "he_uniform", "glorot_normal", "glorot_uniform", "lecun_normal", "lecun_uniform"}
)
POOR_INITIALIZERS = frozenset(
    {"zeros", "zero", "ones", "one", "constant", "uniform", "random_uniform", "normal", "random_normal", "identity"}
)
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


def _poor_initializers(script: Script) -> list[cst.BaseExpression]:
    """Return the poor initializers as they are written."""
    given = [argument(layer.call, *INITIALIZERS) for layer in find_network(script).of_kind(TRAINABLE)]
    poor = [node for node in given if node is not None and name_of(script, node) in POOR_INITIALIZERS]
    if not poor:
        raise NotUnderstoodError("no layer has a poor initializer")
    return list(dict.fromkeys(poor))


def _read_initializers(script: Script, poor: list[cst.BaseExpression]) -> Setting:
    return ",".join(dict.fromkeys(name_of(script, node) for node in poor))


def _initialize(script: Script, changes: Changes, poor: list[cst.BaseExpression], setting: Setting) -> None:
    if setting not in GOOD_INITIALIZERS:
        raise NotUnderstoodError(f"the initializer {setting!r} is not known")
    for node in poor:
        write_name(script, changes, node, str(setting))


ACTIVATION_EDIT = site_edit(ACTIVATION, _hidden, _change, _read)
INITIALIZER_EDIT = site_edit(INITIALIZER, _poor_initializers, _initialize, _read_initializers)

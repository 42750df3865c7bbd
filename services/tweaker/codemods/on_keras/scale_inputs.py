"""Scale the inputs inside a Keras network, so that the saved model needs no scaler beside it."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m
from libcst.metadata import Assignment

from services.tweaker.codemods import imports
from services.tweaker.codemods.calls import without
from services.tweaker.codemods.edit import Edit
from services.tweaker.codemods.errors import NotUnderstoodError
from services.tweaker.codemods.knobs import SCALE_INPUTS
from services.tweaker.codemods.on_keras import placing
from services.tweaker.codemods.on_keras.networks import Layer, Network, find_network
from services.tweaker.codemods.rewrite import Changes, Edited, line
from services.tweaker.codemods.script import Script, argument
from trainyard.messages import Setting

SCALING = frozenset({"Normalization", "BatchNormalization", "Rescaling", "LayerNormalization"})
NOT_NUMBERS = frozenset({"Embedding", "TextVectorization", "StringLookup", "CategoryEncoding", "Hashing"})
QUICK = "momentum=0.9"
"""With the usual 0.99 a short training ends before the layer knows mean and spread."""
_SHAPES = frozenset({"input_shape", "input_dim", "batch_input_shape"})
_NAMES = ("normalization", "input_normalization", "normalization_of_inputs")


def scale(script: Script, largest: float | None = None) -> Edited:
    """Return the source with a scaling layer in front of the network.

    Args:
        script: The author's script.
        largest: The largest value of a picture's points: they are divided by it. Without it every column
            is brought to mean 0 and spread 1: by what `fit` is given if the network begins after it is known, else
            batch by batch.

    Raises:
        NotUnderstoodError: There is no network here, or it scales already, or it takes no numbers.
    """
    network = find_network(script)
    _check(network)
    changes = Changes()
    shape = _take_shape(script, changes, network)
    trained_on = None if largest is not None else _trained_on(script, network)
    if largest is not None:
        name = imports.sibling(script, changes, network.first.call.func, "Rescaling", network.first.place)
        text = f"{name}({', '.join([f'1. / {largest:g}', *shape])})"
    elif trained_on is not None:
        text = _adapted(script, changes, network, shape, trained_on)
    else:
        name = imports.sibling(script, changes, network.first.call.func, "BatchNormalization", network.first.place)
        text = f"{name}({', '.join([QUICK, *shape])})"
    _place(script, changes, network.first, text)
    return changes.applied_to(script)


def _check(network: Network) -> None:
    """Refuse what scales already, and what must not be scaled."""
    if network.first.kind in SCALING:
        raise NotUnderstoodError(f"the network begins with {network.first.kind} already")
    if network.kinds() & NOT_NUMBERS:
        raise NotUnderstoodError("the network takes words or categories, not measured numbers")


def _place(script: Script, changes: Changes, first: Layer, text: str) -> None:
    """Put the new layer in front."""
    if first.applied is not None:
        placing.apply_inside(script, changes, first, text)
    else:
        placing.put_before(script, changes, first, text)


def _take_shape(script: Script, changes: Changes, network: Network) -> list[str]:
    """Take the input's shape off the layer that comes second from now on; returns it as source."""
    call, taken = without(network.first.call, _SHAPES)
    if taken:
        changes.replaced[network.first.call] = call
    plain = [arg.with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=_NOTHING) for arg in taken]
    return [script.code(arg) for arg in plain]


def _adapted(script: Script, changes: Changes, network: Network, shape: list[str], trained_on: str) -> str:
    """Make a Normalization layer before the network begins and adapt it; returns its name."""
    layer = imports.sibling(script, changes, network.first.call.func, "Normalization", network.start)
    array = imports.numpy(script, changes, network.start)
    name = _free_name(script)
    made = line(f"{name} = {layer}({', '.join(shape)})", like=network.start)
    changes.put_before(network.start, [made, line(f"{name}.adapt({array}.asarray({trained_on}))")])
    return name


def _trained_on(script: Script, network: Network) -> str | None:
    """Return what the network is trained on, as source, if that is known where the network begins."""
    fits = [call for call in script.calls if m.matches(call.func, m.Attribute(attr=m.Name("fit")))]
    later = [call for call in fits if script.line(call) > script.line(network.start)]
    if len(later) != 1 or script.scope(later[0]) is not script.scope(network.start):
        return None
    given, labels = argument(later[0], "x", position=0), argument(later[0], "y", position=1)
    if given is None or labels is None or not _is_known(script, given.value, script.line(network.start)):
        return None
    return script.code(given.value)


def _is_known(script: Script, node: cst.BaseExpression, line_number: int) -> bool:
    """Tell whether *node* has its final value before that line: names, and parts of what names stand for."""
    if not m.matches(node, m.Name() | m.Subscript(value=m.Name())):
        return False
    names = {found.value for found in m.findall(node, m.Name()) if isinstance(found, cst.Name)}
    assigned = {name: list(script.scope(node)[name]) for name in names}
    return all(assigned.values()) and all(
        isinstance(each, Assignment) and script.line(each.node) < line_number
        for found in assigned.values()
        for each in found
    )


def _free_name(script: Script) -> str:
    """Return a name that the script does not use."""
    taken = {found.value for found in m.findall(script.module, m.Name()) if isinstance(found, cst.Name)}
    for name in _NAMES:
        if name not in taken:
            return name
    raise NotUnderstoodError("no name is free for a new layer")


_NOTHING = cst.SimpleWhitespace("")


def _apply(script: Script, largest: Setting) -> Edited:
    return scale(script, float(largest) if isinstance(largest, int | float) else None)


EDIT = Edit(SCALE_INPUTS, _apply)

"""Insert layers in front of a network, where what comes in goes first."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.assignments import only_value, possible_values
from services.tweaker.edits.on_keras.insertion import adding, apply_first, input_of, put_before, stored
from services.tweaker.edits.on_keras.layers import Layer, Network
from services.tweaker.source import Changes, NotUnderstoodError, Script, free_name, line

PREPARED = ("prepared", "prepared_inputs")


def put_in_front(script: Script, changes: Changes, network: Network, layer: Layer, *texts: str) -> None:
    """Put the layers that *texts* make, in this order, before one of the first layers.

    Raises:
        NotUnderstoodError: Where the network's input goes was not found.
    """
    alone = not layer.repeated and not layer.optional
    if layer.applied is None or isinstance(layer.place, cst.Element):
        for text in texts:
            if alone:
                put_before(script, changes, layer, text)
            else:
                _put_before_loop(script, changes, network, layer, text)
    elif layer.stored is None and (not alone or _takes_input(script, network, layer)):
        _put_on_input(script, changes, network, *texts)
    else:
        for text in texts:
            apply_first(script, changes, layer, stored(script, changes, layer, text))


def _takes_input(script: Script, network: Network, layer: Layer) -> bool:
    """Return whether *layer* is applied to the network's input itself."""
    inputs = [each.call for each in network.layers if each.kind == "Input"]
    return only_value(script, input_of(layer).value) in inputs


def _put_before_loop(script: Script, changes: Changes, network: Network, layer: Layer, text: str) -> None:
    """Add the layer that *text* makes before the loop or the condition in which *layer* is added."""
    body = script.block(network.start)
    around = [layer.place, *script.above(layer.place)] if layer.place is not None else []
    outer = next((node for node in around if script.parent(node) is body), None)
    if not isinstance(outer, cst.For | cst.If | cst.While):
        raise NotUnderstoodError(f"the first layer in line {script.line(layer.call)} is not added by a statement")
    changes.put_before(outer, [adding(script, layer, text)])


def _put_on_input(script: Script, changes: Changes, network: Network, *texts: str) -> None:
    """Apply the layers that *texts* make, in this order, to the network's one input, wherever that goes."""
    uses = _input_uses(script, network)
    result = script.code(uses[0])
    for text in texts:
        result = f"{text}({result})"
    if len(uses) > 1:
        name = free_name(script, changes, *PREPARED)
        statement = next(layer.place for layer in network.layers if layer.kind == "Input")
        if not isinstance(statement, cst.SimpleStatementLine):
            raise NotUnderstoodError("the network's input has no statement of its own")
        changes.put_after(statement, [line(f"{name} = {result}")])
        result = name
    for use in uses:
        changes.replaced[use] = cst.parse_expression(result)


def _input_uses(script: Script, network: Network) -> list[cst.Name]:
    """Return where the network's one input is passed to layers.

    Raises:
        NotUnderstoodError: There are several inputs, or it is not certain where the input goes.
    """
    name, call = _input(script, network)
    same = [each for each in m.findall(script.block(name), m.Name(name.value)) if isinstance(each, cst.Name)]
    passed = [each for each in same if _call_around(script, each) not in (None, network.call)]
    if not passed or any(possible_values(script, each) != [call] for each in passed):
        raise NotUnderstoodError(f"it is not certain where the input {name.value} goes")
    return sorted(passed, key=script.place)


def _input(script: Script, network: Network) -> tuple[cst.Name, cst.Call]:
    """Return the name of the network's one input, and the call that creates it."""
    inputs = [layer.call for layer in network.layers if layer.kind == "Input"]
    holder = script.parent(inputs[0]) if len(inputs) == 1 else None
    name = holder.targets[0].target if isinstance(holder, cst.Assign) else None
    if not isinstance(name, cst.Name):
        raise NotUnderstoodError("the network does not have one named input")
    return name, inputs[0]


def _call_around(script: Script, node: cst.CSTNode) -> cst.Call | None:
    """Return the call that takes the node as an argument, in a list or not."""
    outer = script.parent(node)
    while isinstance(outer, cst.Arg | cst.Element | cst.List):
        outer = script.parent(outer)
    return outer if isinstance(outer, cst.Call) else None

"""Add a hidden Dense layer before the output."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.edit import Edit, whole
from services.tweaker.edits.knobs import DENSE_LAYER
from services.tweaker.edits.on_keras.activation import KNOWN, given_to
from services.tweaker.edits.on_keras.initializer import NAMES as STARTS
from services.tweaker.edits.on_keras.initializer import POOR
from services.tweaker.edits.on_keras.layers import Layer, Network
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.placing import put_before, put_element_after
from services.tweaker.edits.on_keras.spelling import name_of
from services.tweaker.source.arguments import quote, with_keyword, without
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import elements, read, write
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script, argument
from trainyard.trial import Setting

MOST_HIDDEN = 4
UNITS = 64
WIDTH = ("units", "output_dim")
_ONE_LIST = m.Name() | m.List() | m.Call(func=m.Name("enumerate"))
OWN = frozenset({"input_shape", "input_dim", "batch_input_shape", "name"})
"""Arguments that the copy of a layer must not have."""


def _read(script: Script) -> Setting:
    """Find nothing to choose, where a layer can be put."""
    _room(script)
    return None


def _apply(script: Script, setting: Setting) -> Edited:
    network, changes = _room(script), Changes()
    units = None if setting is None else whole(setting)
    if network.hidden and _loop_goes_on(script, changes, network.hidden[-1], units):
        return changes.applied_to(script)
    text = _like_last(script, network, units) or _new(script, network.output, units or UNITS)
    put_before(script, changes, network.output, text)
    return changes.applied_to(script)


def _room(script: Script) -> Network:
    """Return the network, where it is not deep already."""
    network = find_network(script)
    if len(network.hidden) >= MOST_HIDDEN:
        raise NotUnderstoodError(f"the network has {len(network.hidden)} hidden Dense layers already")
    return network


def _loop_goes_on(script: Script, changes: Changes, last: Layer, units: int | None) -> bool:
    """Have the loop that makes such layers make one more of them."""
    loop = next((outer for outer in script.above(last.call) if isinstance(outer, cst.For)), None)
    given = argument(last.call, *WIDTH, position=0)
    if not last.repeated or loop is None or given is None:
        return False
    if (
        isinstance(given.value, cst.Name)
        and m.matches(loop.iter, _ONE_LIST)
        and _names(loop.target) >= {given.value.value}
    ):
        return _list_goes_on(script, changes, given.value, units)
    if units not in {None, _width(script, given.value)}:
        return False
    if not m.matches(loop.iter, m.Call(func=m.Name("range"), args=[m.Arg()])) or not isinstance(loop.iter, cst.Call):
        return False
    count = loop.iter.args[0].value
    write(script, changes, count, whole(read(script, count)) + 1)
    return True


def _names(target: cst.BaseExpression) -> set[str]:
    return {node.value for node in m.findall(target, m.Name()) if isinstance(node, cst.Name)}


def _list_goes_on(script: Script, changes: Changes, width: cst.Name, units: int | None) -> bool:
    """Put one more width into the list that the loop goes through."""
    try:
        last = elements(script, width)[-1]
    except (NotUnderstoodError, IndexError):
        return False
    holder = script.parent(last)
    if not isinstance(holder, cst.Element):
        return False
    put_element_after(script, changes, holder, script.code(last) if units is None else str(units))
    return True


def _width(script: Script, node: cst.BaseExpression) -> int | None:
    """Return how wide the layer is; None where that is worked out."""
    try:
        return whole(read(script, node))
    except NotUnderstoodError:
        return None


def _like_last(script: Script, network: Network, units: int | None) -> str | None:
    """Write the last hidden layer once more, without what is its own."""
    hidden = network.hidden
    if not hidden or hidden[-1].repeated:
        return None
    last = hidden[-1].call
    start = argument(last, *STARTS)
    poor = start is not None and name_of(script, start.value) in POOR
    call, _ = without(last, OWN | (frozenset(STARTS) if poor else frozenset()))
    given = argument(call, *WIDTH, position=0)
    if given is None:
        raise NotUnderstoodError(f"the units of line {script.line(last)} are not seen")
    if units is not None or _width(script, given.value) is None:
        call = _with(call, given.value, units or UNITS)
    own = argument(last, "activation", position=1)
    call = call if own is not None else with_keyword(script, call, "activation", _activation(script, network))
    return cst.Module([]).code_for_node(call)


def _activation(script: Script, network: Network) -> str:
    """Return the activation that the last hidden layer has from a layer behind it; ReLU where it has none."""
    found = given_to(script, network, network.hidden[-1])
    return found[0] if found is not None and found[0] in KNOWN else "relu"


def _with(call: cst.Call, old: cst.BaseExpression, units: int) -> cst.Call:
    return cst.ensure_type(call.deep_replace(old, cst.Integer(str(units))), cst.Call)


def _new(script: Script, output: Layer, units: int) -> str:
    mark = quote(script)
    return f"{script.code(output.call.func)}({units}, activation={mark}relu{mark})"


EDIT = Edit(DENSE_LAYER, _apply, _read)

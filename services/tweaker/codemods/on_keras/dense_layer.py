"""Add a hidden Dense layer before the output."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from services.tweaker.codemods.calls import quote, with_keyword, without
from services.tweaker.codemods.edit import Edit, whole
from services.tweaker.codemods.errors import NotUnderstoodError
from services.tweaker.codemods.knobs import DENSE_LAYER
from services.tweaker.codemods.literals import read, write
from services.tweaker.codemods.on_keras.activation import KNOWN, given_to
from services.tweaker.codemods.on_keras.initializer import NAMES as STARTS
from services.tweaker.codemods.on_keras.initializer import POOR
from services.tweaker.codemods.on_keras.layers import Layer, Network
from services.tweaker.codemods.on_keras.networks import find_network
from services.tweaker.codemods.on_keras.placing import put_before
from services.tweaker.codemods.on_keras.spelling import name_of
from services.tweaker.codemods.rewrite import Changes, Edited
from services.tweaker.codemods.script import Script, argument
from trainyard.messages import Setting

MOST_HIDDEN = 4
UNITS = 64
WIDTH = ("units", "output_dim")
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
    if not last.repeated or loop is None or given is None or units not in {None, read(script, given.value)}:
        return False
    if not m.matches(loop.iter, m.Call(func=m.Name("range"), args=[m.Arg()])) or not isinstance(loop.iter, cst.Call):
        return False
    count = loop.iter.args[0].value
    write(script, changes, count, whole(read(script, count)) + 1)
    return True


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
    read(script, given.value)
    call = call if units is None else _with(call, given.value, units)
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

"""Add a hidden Dense layer before the output."""

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.edit import as_int, int_or_none, site_edit
from services.tweaker.edits.knobs import DENSE_LAYER
from services.tweaker.edits.on_keras.activation import INITIALIZERS, KNOWN, POOR_INITIALIZERS, activation_of
from services.tweaker.edits.on_keras.insertion import put_before, put_element_after
from services.tweaker.edits.on_keras.layers import Layer, Network
from services.tweaker.edits.on_keras.named import name_of
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.units import listed_widths, width_argument
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument, read, write
from services.tweaker.source.arguments import quote, with_keyword, without
from trainyard.trial import Setting

MOST_HIDDEN = 4
UNITS = 64
OWN = frozenset({"input_shape", "input_dim", "batch_input_shape", "name"})
"""Arguments that the copy of a layer must not have."""
_ONE_LIST = m.Name() | m.List() | m.Call(func=m.Name("enumerate"))
_COUNTED = m.Call(func=m.Name("range"), args=[m.Arg()])


def _room(script: Script) -> Network:
    network = find_network(script)
    if len(network.hidden) >= MOST_HIDDEN:
        raise NotUnderstoodError(f"the network already has {len(network.hidden)} hidden Dense layers")
    return network


def _add(script: Script, changes: Changes, network: Network, setting: Setting) -> None:
    units = None if setting is None else as_int(setting)
    in_loop = bool(network.hidden) and network.hidden[-1].repeated
    if not in_loop or not _extend_loop(script, changes, network.hidden[-1], units):
        text = _like_last(script, network, units) or _new(script, network.output, units or UNITS)
        put_before(script, changes, network.output, text)


def _extend_loop(script: Script, changes: Changes, last: Layer, units: int | None) -> bool:
    """Let the loop that creates such layers create one more; return whether there is one."""
    loop = script.nearest(last.call, cst.For)
    width = width_argument(last)
    if loop is None or width is None:
        return False
    if isinstance(width, cst.Name) and m.matches(loop.iter, _ONE_LIST) and m.findall(loop.target, m.Name(width.value)):
        return _extend_list(script, changes, width, units)
    if units not in {None, int_or_none(script, width)} or not m.matches(loop.iter, _COUNTED):
        return False
    count = cst.ensure_type(loop.iter, cst.Call).args[0].value
    write(script, changes, count, as_int(read(script, count)) + 1)
    return True


def _extend_list(script: Script, changes: Changes, width: cst.Name, units: int | None) -> bool:
    """Put one more width into the list that the loop goes through."""
    listed = listed_widths(script, width)
    holder = script.parent(listed[-1]) if listed else None
    if isinstance(holder, cst.Element):
        put_element_after(script, changes, holder, script.code(listed[-1]) if units is None else str(units))
    return isinstance(holder, cst.Element)


def _like_last(script: Script, network: Network, units: int | None) -> str | None:
    """Return a copy of the last hidden layer without its own shape and name; None where there is none to copy."""
    if not network.hidden or network.hidden[-1].repeated:
        return None
    last = network.hidden[-1]
    width = width_argument(last)
    if width is None:
        raise NotUnderstoodError(f"the units in line {script.line(last.call)} were not found")
    call, _ = without(last.call, OWN | _poor_initializers(script, last.call))
    if units is not None or int_or_none(script, width) is None:
        call = cst.ensure_type(call.deep_replace(width, cst.Integer(str(units or UNITS))), cst.Call)
    if argument(last.call, "activation", position=1) is None:
        call = with_keyword(script, call, "activation", _activation(script, last))
    return script.code(call)


def _poor_initializers(script: Script, call: cst.Call) -> frozenset[str]:
    given = argument(call, *INITIALIZERS)
    return frozenset(INITIALIZERS if given is not None and name_of(script, given) in POOR_INITIALIZERS else ())


def _activation(script: Script, layer: Layer) -> str:
    """Return the activation that a layer gets from one behind it; ReLU where there is none."""
    found = activation_of(script, layer)
    return found[0] if found is not None and found[0] in KNOWN else "relu"


def _new(script: Script, output: Layer, units: int) -> str:
    mark = quote(script)
    return f"{script.code(output.call.func)}({units}, activation={mark}relu{mark})"


EDIT = site_edit(DENSE_LAYER, _room, _add)

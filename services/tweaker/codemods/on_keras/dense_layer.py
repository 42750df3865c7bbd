"""Add a hidden Dense layer before the output."""

from __future__ import annotations

import libcst as cst

from services.tweaker.codemods.calls import quote, without
from services.tweaker.codemods.edit import Edit, whole
from services.tweaker.codemods.errors import NotUnderstoodError
from services.tweaker.codemods.knobs import DENSE_LAYER
from services.tweaker.codemods.literals import literal_of, value_of
from services.tweaker.codemods.on_keras.networks import Layer, find_network
from services.tweaker.codemods.on_keras.placing import put_before
from services.tweaker.codemods.rewrite import Changes, Edited
from services.tweaker.codemods.script import Script, argument
from trainyard.messages import Setting

MOST_HIDDEN = 4
UNITS = 64
_OWN = frozenset({"input_shape", "input_dim", "batch_input_shape", "name"})


def _apply(script: Script, units: Setting) -> Edited:
    network, changes = find_network(script), Changes()
    if len(network.hidden) >= MOST_HIDDEN:
        raise NotUnderstoodError(f"the network has {len(network.hidden)} hidden Dense layers already")
    text = _like_last(script, network.hidden) or _new(script, network.output, UNITS if units is None else whole(units))
    put_before(script, changes, network.output, text)
    return changes.applied_to(script)


def _like_last(script: Script, hidden: tuple[Layer, ...]) -> str | None:
    """Write the last hidden layer once more, without what is its own."""
    if not hidden:
        return None
    call, _ = without(hidden[-1].call, _OWN)
    given = argument(call, "units", position=0)
    if given is None:
        raise NotUnderstoodError(f"the units of line {script.line(hidden[-1].call)} are not seen")
    value_of(literal_of(script, given.value))
    return cst.Module([]).code_for_node(call)


def _new(script: Script, output: Layer, units: int) -> str:
    mark = quote(script)
    return f"{script.code(output.call.func)}({units}, activation={mark}relu{mark})"


EDIT = Edit(DENSE_LAYER, _apply)

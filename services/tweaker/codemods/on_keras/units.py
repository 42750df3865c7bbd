"""Make narrow hidden Dense layers wider."""

from __future__ import annotations

import libcst as cst

from services.tweaker.codemods.edit import Edit, whole
from services.tweaker.codemods.errors import NotUnderstoodError
from services.tweaker.codemods.knobs import UNITS
from services.tweaker.codemods.literals import literal_of, place_of, value_of
from services.tweaker.codemods.on_keras.networks import find_network
from services.tweaker.codemods.rewrite import Changes, Edited
from services.tweaker.codemods.script import Script, argument
from trainyard.messages import Setting


def _places(script: Script) -> dict[cst.BaseExpression, int]:
    """Return where the units of the hidden layers are written, each place once, with their number."""
    given = [argument(layer.call, "units", position=0) for layer in find_network(script).hidden]
    values = [arg.value for arg in given if arg is not None]
    output = argument(find_network(script).output.call, "units", position=0)
    shared = literal_of(script, output.value) if output is not None and isinstance(output.value, cst.Name) else None
    literals = {place_of(script, value): literal_of(script, value) for value in values}
    places = {place: found for place, found in literals.items() if isinstance(found, cst.Integer)}
    if all(found is shared for found in places.values()):
        raise NotUnderstoodError("the network has no hidden Dense layer whose units are written down")
    return {place: whole(value_of(found)) for place, found in places.items() if found is not shared}


def _read(script: Script) -> Setting:
    return tuple(_places(script).values())


def _apply(script: Script, at_least: Setting) -> Edited:
    wanted, changes = whole(at_least), Changes()
    for place, units in _places(script).items():
        if units < wanted:
            changes.replaced[place] = cst.Integer(str(wanted))
    if not changes.replaced:
        raise NotUnderstoodError(f"every hidden layer has {wanted} units or more")
    return changes.applied_to(script)


EDIT = Edit(UNITS, _apply, _read)

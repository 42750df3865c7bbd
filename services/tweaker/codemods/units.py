"""Make narrow hidden Dense layers wider."""

from __future__ import annotations

import libcst as cst

from services.tweaker.codemods.edit import Edit, Setting, whole
from services.tweaker.codemods.errors import NotUnderstoodError
from services.tweaker.codemods.literals import literal_of, value_of
from services.tweaker.codemods.networks import find_network
from services.tweaker.codemods.rewrite import Changes
from services.tweaker.codemods.script import Script, argument


def _literals(script: Script) -> list[cst.Integer]:
    """Return where the units of the hidden layers are written, each place once."""
    given = [argument(layer.call, "units", position=0) for layer in find_network(script).hidden]
    found = {literal_of(script, arg.value): None for arg in given if arg is not None}
    output = argument(find_network(script).output.call, "units", position=0)
    shared = literal_of(script, output.value) if output is not None and isinstance(output.value, cst.Name) else None
    literals = [literal for literal in found if isinstance(literal, cst.Integer) and literal is not shared]
    if not literals:
        raise NotUnderstoodError("the network has no hidden Dense layer whose units are written down")
    return literals


def _read(script: Script) -> Setting:
    return tuple(whole(value_of(literal)) for literal in _literals(script))


def _apply(script: Script, at_least: Setting) -> bytes:
    wanted, changes = whole(at_least), Changes()
    for literal in _literals(script):
        if whole(value_of(literal)) < wanted:
            changes.replaced[literal] = cst.Integer(str(wanted))
    if not changes.replaced:
        raise NotUnderstoodError(f"every hidden layer has {wanted} units or more")
    return changes.applied_to(script)


EDIT = Edit("units", _apply, _read)

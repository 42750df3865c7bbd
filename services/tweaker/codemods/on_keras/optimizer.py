"""Change the optimizer of a Keras network."""

from __future__ import annotations

import libcst as cst

from services.tweaker.codemods import imports
from services.tweaker.codemods.edit import Edit
from services.tweaker.codemods.errors import NotUnderstoodError
from services.tweaker.codemods.knobs import OPTIMIZER
from services.tweaker.codemods.literals import spelled
from services.tweaker.codemods.on_keras.optimizers import BY_NAME, chosen
from services.tweaker.codemods.rewrite import Changes, Edited
from services.tweaker.codemods.script import Script
from trainyard.messages import Setting


def _read(script: Script) -> Setting:
    return chosen(script)[0].lower()


def _apply(script: Script, optimizer: Setting) -> Edited:
    """Write the other optimizer with its own defaults: rates and momenta of one do not suit another."""
    name = BY_NAME.get(str(optimizer))
    current, place = chosen(script)
    if name is None or name == current:
        raise NotUnderstoodError(f"the optimizer is {current} already")
    changes = Changes()
    if isinstance(place, cst.Call):
        written = imports.sibling(script, changes, place.func, name, place)
        changes.replaced[place] = cst.parse_expression(f"{written}()")
    else:
        changes.replaced[place] = spelled(name.lower(), like=place)
    return changes.applied_to(script)


EDIT = Edit(OPTIMIZER, _apply, _read)

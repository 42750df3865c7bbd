"""Change the optimizer of a Keras network."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import Edit
from services.tweaker.edits.knobs import OPTIMIZER
from services.tweaker.edits.on_keras.optimizers import BY_NAME, chosen
from services.tweaker.source import imports
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import spelled
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script
from trainyard.trial import Setting


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

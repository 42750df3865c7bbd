"""Change the optimizer of a network of PyTorch."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import Edit
from services.tweaker.edits.knobs import OPTIMIZER
from services.tweaker.edits.on_torch.training import CLASSES, optimizer
from services.tweaker.source import imports
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script
from trainyard.trial import Setting

BY_NAME = {name.lower(): name for name in CLASSES if name != "LBFGS"}
"""Those whose step needs nothing but the gradients."""


def _read(script: Script) -> Setting:
    return optimizer(script)[0].lower()


def _apply(script: Script, setting: Setting) -> Edited:
    """Write the other optimizer with its own defaults: rates and momenta of one do not suit another."""
    (current, call), changes = optimizer(script), Changes()
    name = BY_NAME.get(str(setting))
    if name is None or current in (name, "LBFGS"):
        raise NotUnderstoodError(f"the optimizer is {current}, and {setting} can't take its place")
    if not call.args or call.args[0].keyword is not None or call.args[0].star:
        raise NotUnderstoodError(f"it is not seen what the optimizer in line {script.line(call)} trains")
    written = imports.sibling(script, changes, call.func, name, call)
    parameters = call.args[0].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    changes.replaced[call] = call.with_changes(func=cst.parse_expression(written), args=[parameters])
    return changes.applied_to(script)


EDIT = Edit(OPTIMIZER, _apply, _read)

"""Have rows of rare classes count more."""

from __future__ import annotations

from services.tweaker.codemods.edit import Edit
from services.tweaker.codemods.errors import NotUnderstoodError
from services.tweaker.codemods.knobs import CLASS_WEIGHT
from services.tweaker.codemods.on_scikit import table
from services.tweaker.codemods.parameters import find, given, put
from services.tweaker.codemods.rewrite import Edited
from services.tweaker.codemods.script import Script
from trainyard.messages import Setting

BALANCED = "balanced"


def _read(script: Script) -> Setting:
    """Find nothing to read: the classes are either weighted already, which is left alone, or not."""
    node = given(script, *find(script, CLASS_WEIGHT, [table.CLASS_WEIGHT]))
    if node is not None and script.code(node) != "None":
        raise NotUnderstoodError(f"the classes are weighted already (line {script.line(node)})")
    return None


def _apply(script: Script, _: Setting) -> Edited:
    _read(script)
    return put(script, *find(script, CLASS_WEIGHT, [table.CLASS_WEIGHT]), BALANCED)


EDIT = Edit(CLASS_WEIGHT, _apply, _read)

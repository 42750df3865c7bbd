"""Have rows of rare classes count more."""

from __future__ import annotations

from services.tweaker.edits.edit import Edit
from services.tweaker.edits.knobs import CLASS_WEIGHT
from services.tweaker.edits.on_scikit import table
from services.tweaker.edits.parameters import find, given, put
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Edited
from services.tweaker.source.script import Script
from trainyard.trial import Setting

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

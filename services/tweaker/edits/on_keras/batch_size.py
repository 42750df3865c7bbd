"""Train in larger or smaller batches."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import Edit, whole
from services.tweaker.edits.knobs import BATCH_SIZE
from services.tweaker.edits.on_keras.trainings import main_fit
from services.tweaker.source.arguments import with_keyword
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import given, read, write
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script, argument
from trainyard.trial import Setting

DEFAULT = 32
_POSITION = 2


def _fit(script: Script) -> cst.Call:
    """Return the fit, unless what it is given comes in batches already."""
    fit = main_fit(script)
    arrays = argument(fit, "x", position=0) is not None and argument(fit, "y", position=1) is not None
    wrapped = isinstance(fit.func, cst.Name)
    if not wrapped and (not arrays or argument(fit, "steps_per_epoch", "samples_per_epoch") is not None):
        raise NotUnderstoodError("what fit is given comes in batches already")
    return fit


def _read(script: Script) -> Setting:
    size = given(script, _fit(script), "batch_size", position=_POSITION)
    return DEFAULT if size is None else whole(read(script, size))


def _apply(script: Script, rows: Setting) -> Edited:
    fit, changes = _fit(script), Changes()
    size = given(script, fit, "batch_size", position=_POSITION)
    if size is None:
        changes.replaced[fit] = with_keyword(script, fit, "batch_size", whole(rows))
    else:
        write(script, changes, size, whole(rows))
    return changes.applied_to(script)


EDIT = Edit(BATCH_SIZE, _apply, _read)

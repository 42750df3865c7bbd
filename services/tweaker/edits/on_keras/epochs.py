"""Train for more epochs."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import Edit, whole
from services.tweaker.edits.knobs import EPOCHS
from services.tweaker.edits.on_keras import trainings
from services.tweaker.source.arguments import with_keyword
from services.tweaker.source.literals import given, read, write
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script
from trainyard.trial import Setting

DEFAULT = 1


def _length(script: Script) -> cst.BaseExpression | None:
    """Return what says how long is trained: a loop of rounds of one epoch, or what fit is given; None where nothing."""
    fit = trainings.main_fit(script)
    return trainings.rounds(script, fit) or given(script, fit, *trainings.EPOCHS, position=trainings.EPOCHS_POSITION)


def _read(script: Script) -> Setting:
    length = _length(script)
    return DEFAULT if length is None else whole(read(script, length))


def _apply(script: Script, epochs: Setting) -> Edited:
    length, changes = _length(script), Changes()
    if length is None:
        fit = trainings.main_fit(script)
        changes.replaced[fit] = with_keyword(script, fit, "epochs", whole(epochs))
    else:
        write(script, changes, length, whole(epochs))
    return changes.applied_to(script)


EDIT = Edit(EPOCHS, _apply, _read)

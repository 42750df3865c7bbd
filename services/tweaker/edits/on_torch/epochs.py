"""Train a network of PyTorch for more epochs."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import Edit, whole
from services.tweaker.edits.knobs import EPOCHS
from services.tweaker.edits.on_torch.training import counted_by, epochs_loop
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import read, write
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script
from trainyard.trial import Setting


def _end(script: Script) -> tuple[cst.BaseExpression, int]:
    """Return what says where the loop over epochs ends, and how much more that is than the number of epochs."""
    call = counted_by(epochs_loop(script))
    if call is None:
        raise NotUnderstoodError("the epochs are not counted")
    plain = [arg.value for arg in call.args if arg.keyword is None]
    start = whole(read(script, plain[0])) if len(plain) > 1 else 0
    end = plain[-1]
    if isinstance(end, cst.BinaryOperation) and isinstance(end.operator, cst.Add):
        return end.left, start - whole(read(script, end.right))
    return end, start


def _read(script: Script) -> Setting:
    end, more = _end(script)
    return whole(read(script, end)) - more


def _apply(script: Script, epochs: Setting) -> Edited:
    (end, more), changes = _end(script), Changes()
    write(script, changes, end, whole(epochs) + more)
    return changes.applied_to(script)


EDIT = Edit(EPOCHS, _apply, _read)

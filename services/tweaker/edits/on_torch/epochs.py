"""Train a network of PyTorch for more epochs."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import as_int, site_edit
from services.tweaker.edits.knobs import EPOCHS
from services.tweaker.edits.on_torch.training import counted_by, epochs_loop
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import read, write
from services.tweaker.source.rewrite import Changes
from services.tweaker.source.script import Script
from trainyard.trial import Setting

Site = tuple[cst.BaseExpression, int]
"""What gives the end of the loop over epochs, and how much larger that is than the number of epochs."""


def _end(script: Script) -> Site:
    call = counted_by(epochs_loop(script))
    if call is None:
        raise NotUnderstoodError("the loop over epochs does not count them")
    plain = [arg.value for arg in call.args if arg.keyword is None]
    start = as_int(read(script, plain[0])) if len(plain) > 1 else 0
    end = plain[-1]
    if isinstance(end, cst.BinaryOperation) and isinstance(end.operator, cst.Add):
        return end.left, start - as_int(read(script, end.right))
    return end, start


def _change(script: Script, changes: Changes, site: Site, setting: Setting) -> None:
    end, more = site
    write(script, changes, end, as_int(setting) + more)


EDIT = site_edit(EPOCHS, _end, _change, lambda script, site: as_int(read(script, site[0])) - site[1])

"""Train for more epochs."""

from __future__ import annotations

import re

import libcst as cst
import libcst.matchers as m

from services.tweaker.codemods.calls import with_keyword
from services.tweaker.codemods.edit import Edit, whole
from services.tweaker.codemods.errors import NotUnderstoodError
from services.tweaker.codemods.knobs import EPOCHS
from services.tweaker.codemods.literals import literal_of, value_of, write
from services.tweaker.codemods.rewrite import Changes, Edited
from services.tweaker.codemods.script import Script, argument
from trainyard.messages import Setting

DEFAULT = 1
KERAS = re.compile(r"\bkeras\b")
_POSITION = 3


def _fit(script: Script) -> cst.Call:
    """Return the one call of Keras's fit."""
    fits = [call for call in script.calls if m.matches(call.func, m.Attribute(attr=m.Name("fit")))]
    named = [call for call in fits if argument(call, "epochs") is not None]
    if not named and not KERAS.search(script.module.code):
        raise NotUnderstoodError("nothing here is trained in epochs")
    if len(named or fits) != 1:
        raise NotUnderstoodError(f"{len(named or fits)} calls of fit could be meant")
    return (named or fits)[0]


def _read(script: Script) -> Setting:
    given = argument(_fit(script), "epochs", position=_POSITION)
    return DEFAULT if given is None else whole(value_of(literal_of(script, given.value)))


def _apply(script: Script, epochs: Setting) -> Edited:
    call, changes = _fit(script), Changes()
    given = argument(call, "epochs", position=_POSITION)
    if given is None:
        changes.replaced[call] = with_keyword(script, call, "epochs", whole(epochs))
    else:
        write(script, changes, given.value, whole(epochs))
    return changes.applied_to(script)


EDIT = Edit(EPOCHS, _apply, _read)

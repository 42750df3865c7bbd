"""Set the learning rate of a Keras optimizer."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import Edit, number
from services.tweaker.edits.knobs import LEARNING_RATE
from services.tweaker.edits.on_keras.optimizers import DEFAULT_RATE, USUAL_RATE, chosen, written
from services.tweaker.edits.on_keras.rates import rate_given
from services.tweaker.source.arguments import with_keyword
from services.tweaker.source.literals import read, spelled, write
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script
from trainyard.trial import Setting


def _read(script: Script) -> Setting:
    name, place = chosen(script)
    given = rate_given(script, place if isinstance(place, cst.Call) else None)
    return DEFAULT_RATE.get(name, USUAL_RATE) if given is None else number(read(script, given))


def _apply(script: Script, rate: Setting) -> Edited:
    (name, place), changes, value = chosen(script), Changes(), number(rate)
    given = rate_given(script, place if isinstance(place, cst.Call) else None)
    if given is not None:
        write(script, changes, given, value)
    elif isinstance(place, cst.Call):
        changes.replaced[place] = with_keyword(script, place, "learning_rate", value)
    else:
        rate_text = script.code(spelled(value))
        text = f"{written(script, changes, name, place)}(learning_rate={rate_text})"
        changes.replaced[place] = cst.parse_expression(text)
    return changes.applied_to(script)


EDIT = Edit(LEARNING_RATE, _apply, _read)

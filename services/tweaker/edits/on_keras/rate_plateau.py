"""Halve the learning rate when the loss has stopped falling."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.assignments import resolved
from services.tweaker.edits.edit import as_int, site_edit
from services.tweaker.edits.knobs import RATE_PLATEAU
from services.tweaker.edits.on_keras.insertion import put_element_after
from services.tweaker.edits.on_keras.layers import single_fit
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.optimizer import keras_class
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument
from services.tweaker.source.arguments import quote, with_keyword
from trainyard.trial import Setting

PATIENCE = 5
SCHEDULES = ("ReduceLROnPlateau", "LearningRateScheduler", "schedules.")

Site = tuple[cst.Call, cst.Element | None]
"""The call that trains, and the last of its callbacks."""


def _find(script: Script) -> Site:
    fit = single_fit(find_network(script))
    if any(schedule in script.module.code for schedule in SCHEDULES):
        raise NotUnderstoodError("the learning rate follows a schedule already")
    given = argument(fit, "callbacks")
    if given is None:
        return fit, None
    callbacks = resolved(script, given)
    last = callbacks.elements[-1] if isinstance(callbacks, cst.List) and callbacks.elements else None
    if not isinstance(last, cst.Element):
        raise NotUnderstoodError(f"what the callbacks {script.code(given)} hold was not found")
    return fit, last


def _change(script: Script, changes: Changes, site: Site, setting: Setting) -> None:
    (fit, last), mark = site, quote(script)
    patience = PATIENCE if setting is None else as_int(setting)
    name = keras_class(script, changes, "ReduceLROnPlateau", last or fit, "callbacks")
    text = f"{name}(monitor={mark}loss{mark}, factor=0.5, patience={patience})"
    if last is not None:
        put_element_after(script, changes, last, text)
    else:
        changes.replaced[fit] = with_keyword(script, fit, "callbacks", cst.parse_expression(f"[{text}]"))


EDIT = site_edit(RATE_PLATEAU, _find, _change)

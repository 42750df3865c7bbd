"""Change the callbacks of the training: how long the author's waits, or one more that lowers the learning rate."""

import re

import libcst as cst

from services.tweaker.edits.assignments import resolved
from services.tweaker.edits.branches import surroundings
from services.tweaker.edits.edit import Argument, argument_edit, as_int, site_edit
from services.tweaker.edits.knobs import PATIENCE, RATE_PLATEAU
from services.tweaker.edits.on_keras.insertion import put_element_after
from services.tweaker.edits.on_keras.layers import KERAS, single_fit
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.optimizer import keras_class
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument, given
from services.tweaker.source.arguments import quote, with_keyword
from trainyard.trial import Setting

DEFAULTS = {"EarlyStopping": 0, "ReduceLROnPlateau": 10}
"""The callbacks with their default patience, the one that ends the training first."""
USUAL_PATIENCE = 5
SCHEDULES = ("ReduceLROnPlateau", "LearningRateScheduler", "schedules.")

Site = tuple[cst.Call, cst.Element | None]
"""The call that trains, and the last of its callbacks."""


def _patience(script: Script) -> Argument:
    """Return the patience of the one callback that has one."""
    for name, default in DEFAULTS.items():
        pattern = re.compile(KERAS + rf"callbacks\.(?:\w+\.)*{name}")
        calls = [call for call in script.calls if script.is_called(call, pattern)]
        if len(calls) > 1:
            raise NotUnderstoodError(f"the script creates {len(calls)} {name} callbacks")
        if calls:
            return Argument(calls[0], "patience", given(script, calls[0], "patience", position=2), default)
    raise NotUnderstoodError("no callback has a patience")


def _last_callback(script: Script) -> Site:
    network = find_network(script)
    fit = single_fit(network)
    if surroundings(script, fit, network.start)[0]:
        raise NotUnderstoodError("fit is called in a loop, and a callback would begin anew in each round")
    if any(schedule in script.module.code for schedule in SCHEDULES):
        raise NotUnderstoodError("the learning rate already follows a schedule")
    callbacks = argument(fit, "callbacks")
    if callbacks is None:
        return fit, None
    listed = resolved(script, callbacks)
    last = listed.elements[-1] if isinstance(listed, cst.List) and listed.elements else None
    if not isinstance(last, cst.Element):
        raise NotUnderstoodError(f"what the callbacks {script.code(callbacks)} contain was not found")
    return fit, last


def _lower_rate(script: Script, changes: Changes, site: Site, setting: Setting) -> None:
    """Halve the learning rate whenever the loss has stopped falling."""
    (fit, last), mark = site, quote(script)
    patience = USUAL_PATIENCE if setting is None else as_int(setting)
    name = keras_class(script, changes, "ReduceLROnPlateau", last or fit, "callbacks")
    text = f"{name}(monitor={mark}loss{mark}, factor=0.5, patience={patience})"
    if last is not None:
        put_element_after(script, changes, last, text)
    else:
        changes.replaced[fit] = with_keyword(script, fit, "callbacks", cst.parse_expression(f"[{text}]"))


PATIENCE_EDIT = argument_edit(PATIENCE, _patience, as_int)
RATE_PLATEAU_EDIT = site_edit(RATE_PLATEAU, _last_callback, _lower_rate)

"""Halve the learning rate when the loss has stopped to fall."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import Edit, whole
from services.tweaker.edits.knobs import RATE_PLATEAU
from services.tweaker.edits.on_keras import following
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.optimizers import written
from services.tweaker.edits.on_keras.placing import put_element_after
from services.tweaker.edits.on_keras.spelling import with_argument
from services.tweaker.source.arguments import quote
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script, argument
from trainyard.trial import Setting

PATIENCE = 5
RULES = ("ReduceLROnPlateau", "LearningRateScheduler", "schedules.")


def _fit(script: Script) -> cst.Call:
    """Return the one call that trains the network, where nothing moves the rate yet."""
    fits = find_network(script).fits
    if len(fits) != 1:
        raise NotUnderstoodError(f"the network is trained by {len(fits)} calls that are seen")
    if any(rule in script.module.code for rule in RULES):
        raise NotUnderstoodError("the learning rate has its rule already")
    given = argument(fits[0], "callbacks")
    if given is not None and _list_of(script, given.value) is None:
        raise NotUnderstoodError(f"the callbacks {script.code(given.value)} are not seen")
    return fits[0]


def _list_of(script: Script, node: cst.BaseExpression) -> cst.List | None:
    """Return the list of callbacks that is given, where it is written with something in it."""
    found = following.value(script, node) if isinstance(node, cst.Name) else node
    return found if isinstance(found, cst.List) and _last(found) is not None else None


def _last(callbacks: cst.List) -> cst.Element | None:
    """Return the last of the callbacks."""
    found = callbacks.elements[-1] if callbacks.elements else None
    return found if isinstance(found, cst.Element) else None


def _read(script: Script) -> Setting:
    """Find no patience, where none is asked for."""
    _fit(script)
    return None


def _apply(script: Script, setting: Setting) -> Edited:
    changes, fit, mark = Changes(), _fit(script), quote(script)
    patience = PATIENCE if setting is None else whole(setting)
    given = argument(fit, "callbacks")
    callbacks = _list_of(script, given.value) if given is not None else None
    last = _last(callbacks) if callbacks is not None else None
    name = written(script, changes, "ReduceLROnPlateau", last or fit, "callbacks")
    text = f"{name}(monitor={mark}loss{mark}, factor=0.5, patience={patience})"
    if last is not None:
        put_element_after(script, changes, last, text)
    else:
        changes.replaced[fit] = with_argument(script, fit, "callbacks", f"[{text}]")
    return changes.applied_to(script)


EDIT = Edit(RATE_PLATEAU, _apply, _read)

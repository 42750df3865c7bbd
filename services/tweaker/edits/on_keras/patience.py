"""Wait longer, or less long, before the author's callback ends the training or lowers the rate."""

from __future__ import annotations

import re

import libcst as cst

from services.tweaker.edits.edit import Edit, whole
from services.tweaker.edits.knobs import Knob
from services.tweaker.edits.on_keras.layers import KERAS
from services.tweaker.edits.space import Whole
from services.tweaker.source.arguments import with_keyword
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import given, read, write
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script
from trainyard.trial import Setting

DEFAULTS = {"EarlyStopping": 0, "ReduceLROnPlateau": 10}
"""The callbacks, the one that ends the training first, and how long they wait where nothing is said."""
_POSITION = 2


def _callback(script: Script) -> tuple[str, cst.Call]:
    """Return the one callback that waits."""
    for name in DEFAULTS:
        pattern = re.compile(KERAS + rf"callbacks\.(?:\w+\.)*{name}")
        calls = [call for call in script.calls if script.is_called(call, pattern)]
        if len(calls) > 1:
            raise NotUnderstoodError(f"{name} is made {len(calls)} times")
        if calls:
            return name, calls[0]
    raise NotUnderstoodError("no callback here waits for the training to get better")


def _read(script: Script) -> Setting:
    name, call = _callback(script)
    waits = given(script, call, "patience", position=_POSITION)
    return DEFAULTS[name] if waits is None else whole(read(script, waits))


def _apply(script: Script, epochs: Setting) -> Edited:
    (_, call), changes = _callback(script), Changes()
    waits = given(script, call, "patience", position=_POSITION)
    if waits is None:
        changes.replaced[call] = with_keyword(script, call, "patience", whole(epochs))
    else:
        write(script, changes, waits, whole(epochs))
    return changes.applied_to(script)


def _largest(before: Setting) -> int:
    return max(10, before * 4) if isinstance(before, int) else 40


EDIT = Edit(
    Knob(
        "patience",
        "training_stop",
        lambda before, after: f"patience of {after} epochs instead of {before}",
        lambda before: Whole(1, _largest(before)),
    ),
    _apply,
    _read,
)

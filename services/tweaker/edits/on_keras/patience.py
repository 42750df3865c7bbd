"""Let the author's callback wait longer, or less long, before it ends the training or lowers the learning rate."""

from __future__ import annotations

import re

from services.tweaker.edits.edit import Argument, argument_edit, as_int
from services.tweaker.edits.knobs import PATIENCE
from services.tweaker.edits.on_keras.layers import KERAS
from services.tweaker.source import NotUnderstoodError, Script, given

DEFAULTS = {"EarlyStopping": 0, "ReduceLROnPlateau": 10}
"""The callbacks with their default patience, the one that ends the training first."""


def _patience(script: Script) -> Argument:
    """Return the patience of the one callback that has one."""
    for name, default in DEFAULTS.items():
        pattern = re.compile(KERAS + rf"callbacks\.(?:\w+\.)*{name}")
        calls = [call for call in script.calls if script.is_called(call, pattern)]
        if len(calls) > 1:
            raise NotUnderstoodError(f"the script creates {len(calls)} callbacks {name}")
        if calls:
            return Argument(calls[0], "patience", given(script, calls[0], "patience", position=2), default)
    raise NotUnderstoodError("no callback waits for the training to improve")


EDIT = argument_edit(PATIENCE, _patience, as_int)

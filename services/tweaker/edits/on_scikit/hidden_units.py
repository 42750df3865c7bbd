"""Give scikit-learn's networks wider hidden layers, or other ones."""

from __future__ import annotations

from services.tweaker.edits.edit import Edit, whole
from services.tweaker.edits.estimator_knobs import HIDDEN_UNITS
from services.tweaker.edits.on_scikit import table
from services.tweaker.edits.parameters import find, given, put, read_setting
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Edited
from services.tweaker.source.script import Script
from trainyard.trial import Setting


def _read(script: Script) -> tuple[int, ...]:
    """Return the units of all hidden layers."""
    node = given(script, *find(script, HIDDEN_UNITS, [table.HIDDEN_UNITS]))
    units = table.HIDDEN_UNITS.default if node is None else read_setting(script, node)
    return units if isinstance(units, tuple) else (whole(units),)


def _apply(script: Script, setting: Setting) -> Edited:
    """Give the network the hidden layers that a tuple names, or widen narrow ones to a number of units."""
    before = _read(script)
    after = setting if isinstance(setting, tuple) else tuple(max(units, whole(setting)) for units in before)
    if after == before or not after:
        raise NotUnderstoodError(f"the hidden layers have {' and '.join(map(str, before))} units already")
    return put(script, *find(script, HIDDEN_UNITS, [table.HIDDEN_UNITS]), after)


EDIT = Edit(HIDDEN_UNITS, _apply, _read)

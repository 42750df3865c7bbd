"""Make narrow hidden layers wider: Dense ones, and those that go over a sequence."""

from __future__ import annotations

from services.tweaker.edits.edit import Edit, whole
from services.tweaker.edits.knobs import UNITS
from services.tweaker.edits.on_keras.layers import RECURRENT
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.widths import Widths, widen, widths
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script
from trainyard.trial import Setting


def _hidden(script: Script) -> Widths:
    """Return where the units of the hidden layers are written."""
    network = find_network(script)
    wide = [layer for layer in network.layers if layer.kind in {"Dense", *RECURRENT}]
    if wide and wide[-1].repeated:
        *inside, _last = widths(script, wide[-1:]).items() or [None]
        found = {**widths(script, wide[:-1]), **dict(each for each in inside if each is not None)}
    else:
        hidden = [layer for layer in wide if layer is not network.output]
        found = widths(script, hidden, kept=network.output)
    if not found:
        raise NotUnderstoodError("the network has no hidden Dense layer whose units are written down")
    return found


def _read(script: Script) -> Setting:
    return tuple(width for _, width in _hidden(script).values())


def _apply(script: Script, setting: Setting) -> Edited:
    changes = Changes()
    if not widen(script, changes, _hidden(script), whole(setting)):
        raise NotUnderstoodError(f"every hidden layer has {setting} units or more")
    return changes.applied_to(script)


EDIT = Edit(UNITS, _apply, _read)

"""Give narrow convolutions more filters."""

from __future__ import annotations

from services.tweaker.edits.edit import Edit, whole
from services.tweaker.edits.knobs import FILTERS
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.widths import Widths, widen, widths
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script
from trainyard.trial import Setting


def _convolutions(script: Script) -> Widths:
    """Return where the filters are written; not those of a convolution that gives the answer itself."""
    network = find_network(script)
    found = widths(script, network.convolutions, kept=network.output)
    if not found:
        raise NotUnderstoodError("the network has no convolution whose filters are written down")
    return found


def _read(script: Script) -> Setting:
    return tuple(width for _, width in _convolutions(script).values())


def _apply(script: Script, setting: Setting) -> Edited:
    changes = Changes()
    if not widen(script, changes, _convolutions(script), whole(setting)):
        raise NotUnderstoodError(f"every convolution has {setting} filters or more")
    return changes.applied_to(script)


EDIT = Edit(FILTERS, _apply, _read)

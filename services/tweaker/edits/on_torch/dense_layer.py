"""Add a hidden layer before the output of a network of PyTorch."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import Edit, whole
from services.tweaker.edits.knobs import DENSE_LAYER
from services.tweaker.edits.on_torch.networks import Step, find_network, linears
from services.tweaker.edits.on_torch.placing import put_before
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script, argument, dotted
from trainyard.trial import Setting

MOST_HIDDEN = 4
UNITS = 64


def _room(script: Script) -> tuple[Step, cst.Arg]:
    """Return the output layer, and what says how many inputs it has."""
    steps = find_network(script)
    at = linears(steps)
    if len(at) > MOST_HIDDEN:
        raise NotUnderstoodError(f"the network has {len(at) - 1} hidden layers already")
    output = steps[at[-1]]
    width = argument(output.made, "in_features", position=0) if output.made is not None else None
    if width is None or not (isinstance(width.value, cst.Integer) or dotted(width.value)):
        raise NotUnderstoodError("it is not seen how many inputs the output layer has")
    return output, width


def _read(script: Script) -> Setting:
    """Find nothing to choose, where a layer can be put."""
    _room(script)
    return None


def _apply(script: Script, setting: Setting) -> Edited:
    """Put a layer with an activation before the output, which takes its units for inputs."""
    (output, width), changes = _room(script), Changes()
    units = UNITS if setting is None else whole(setting)
    now = script.code(width.value)
    put_before(script, changes, output, [("hidden", f"Linear({now}, {units})"), ("hidden_relu", "ReLU()")])
    changes.replaced[width.value] = cst.Integer(str(units))
    return changes.applied_to(script)


EDIT = Edit(DENSE_LAYER, _apply, _read)

"""Bring the inputs of a network of PyTorch to mean 0 and spread 1 inside it: the saved model needs no scaler."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import Edit, number
from services.tweaker.edits.knobs import SCALE_INPUTS
from services.tweaker.edits.on_torch.networks import Step, find_network
from services.tweaker.edits.on_torch.placing import put_before
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script, argument, dotted
from trainyard.trial import Setting

NORMS = {"Linear": "BatchNorm1d", "Conv1d": "BatchNorm1d", "Conv2d": "BatchNorm2d", "Conv3d": "BatchNorm3d"}
WIDTHS = ("in_features", "in_channels")
SHAPING = frozenset({"Flatten", "flatten", "view", "reshape", "float", "to"})


def _first(script: Script) -> tuple[Step, cst.BaseExpression]:
    """Return the first layer with weights, and what says how many inputs it has.

    Raises:
        NotUnderstoodError: Something else comes first, or the inputs are normalized already.
    """
    steps = [step for step in find_network(script) if step.name not in SHAPING]
    first = steps[0]
    width = argument(first.made, *WIDTHS, position=0) if first.made is not None else None
    if first.name not in NORMS or width is None:
        raise NotUnderstoodError(f"the network begins with {first.name}, before which nothing is scaled")
    if not (isinstance(width.value, cst.Integer) or dotted(width.value)):
        raise NotUnderstoodError("it is not certain how many inputs there are")
    return first, width.value


def _read(script: Script) -> Setting:
    _first(script)
    return None


def _apply(script: Script, setting: Setting) -> Edited:
    """Normalize each input by what was seen of it in training; or divide by the largest value, where that is told."""
    (first, width), changes = _first(script), Changes()
    if setting is None:
        put_before(script, changes, first, [("scale", f"{NORMS[first.name]}({script.code(width)})")])
    elif first.applied is not None:
        given = first.applied.args[0].value
        inner = script.code(given) if isinstance(given, cst.Name | cst.Call) else f"({script.code(given)})"
        changes.replaced[given] = cst.parse_expression(f"{inner} / {number(setting):g}")
    else:
        raise NotUnderstoodError("the inputs can't be divided in a Sequential")
    return changes.applied_to(script)


EDIT = Edit(SCALE_INPUTS, _apply, _read)

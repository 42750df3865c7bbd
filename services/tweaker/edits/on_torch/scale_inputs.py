"""Standardize the inputs of a network of PyTorch inside it, so that the saved model needs no scaler."""

import libcst as cst

from services.tweaker.edits.edit import as_float, site_edit
from services.tweaker.edits.knobs import SCALE_INPUTS
from services.tweaker.edits.on_torch.insertion import put_before
from services.tweaker.edits.on_torch.networks import Step, find_network, is_literal_or_name
from services.tweaker.source import Changes, NotUnderstoodError, Script
from trainyard.trial import Setting

NORMS = {"Linear": "BatchNorm1d", "Conv1d": "BatchNorm1d", "Conv2d": "BatchNorm2d", "Conv3d": "BatchNorm3d"}
SHAPING = frozenset({"Flatten", "flatten", "view", "reshape", "float", "to"})

Site = tuple[Step, cst.BaseExpression]
"""The first layer with weights, and what gives the number of its inputs."""


def _first(script: Script) -> Site:
    """Return the first layer, unless something else comes first or the inputs are normalized already."""
    first = next(step for step in find_network(script) if step.name not in SHAPING)
    width = first.argument("in_features", "in_channels", position=0)
    if first.name not in NORMS or width is None:
        raise NotUnderstoodError(f"the network begins with {first.name}, before which inputs cannot be scaled")
    if not is_literal_or_name(width):
        raise NotUnderstoodError("the number of inputs is not certain")
    return first, width


def _scale(script: Script, changes: Changes, site: Site, setting: Setting) -> None:
    """Normalize each input with its mean and variance in training; or divide by a largest value, if one is set."""
    first, width = site
    if setting is None:
        put_before(script, changes, first, [("scale", f"{NORMS[first.name]}({script.code(width)})")])
    elif first.applied is not None:
        given = first.applied.args[0].value
        inner = script.code(given) if isinstance(given, cst.Name | cst.Call) else f"({script.code(given)})"
        changes.replaced[given] = cst.parse_expression(f"{inner} / {as_float(setting):g}")
    else:
        raise NotUnderstoodError("the inputs of a Sequential cannot be divided")


EDIT = site_edit(SCALE_INPUTS, _first, _scale)

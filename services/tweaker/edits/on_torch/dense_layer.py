"""Add a hidden layer before the output of a network of PyTorch."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import as_int, site_edit
from services.tweaker.edits.knobs import DENSE_LAYER
from services.tweaker.edits.on_torch.insertion import put_before
from services.tweaker.edits.on_torch.networks import Step, find_network, is_literal_or_name, linears
from services.tweaker.source import Changes, NotUnderstoodError, Script
from trainyard.trial import Setting

MOST_HIDDEN = 4
UNITS = 64

Site = tuple[Step, cst.BaseExpression]
"""The output layer, and what gives the number of its inputs."""


def _output(script: Script) -> Site:
    layers = linears(find_network(script))
    if len(layers) > MOST_HIDDEN:
        raise NotUnderstoodError(f"the network has {len(layers) - 1} hidden layers already")
    width = layers[-1].argument("in_features", position=0)
    if width is None or not is_literal_or_name(width):
        raise NotUnderstoodError("the number of inputs of the output layer was not found")
    return layers[-1], width


def _add(script: Script, changes: Changes, site: Site, setting: Setting) -> None:
    """Put a layer with an activation before the output, which takes its units as inputs."""
    (output, width), units = site, UNITS if setting is None else as_int(setting)
    now = script.code(width)
    put_before(script, changes, output, [("hidden", f"Linear({now}, {units})"), ("hidden_relu", "ReLU()")])
    changes.replaced[width] = cst.Integer(str(units))


EDIT = site_edit(DENSE_LAYER, _output, _add)

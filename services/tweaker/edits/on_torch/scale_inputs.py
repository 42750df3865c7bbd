"""Standardize the inputs of a network of PyTorch inside it, so that the saved model needs no scaler."""

import libcst as cst

from services.tweaker.edits.edit import as_float, site_edit
from services.tweaker.edits.knobs import SCALE_INPUTS
from services.tweaker.edits.lists import in_first_round
from services.tweaker.edits.on_torch.insertion import (
    path_before,
    put_before,
    put_class_before,
    put_own_before,
    written_like,
)
from services.tweaker.edits.on_torch.networks import Step, find_network, is_literal_or_name
from services.tweaker.edits.on_torch.training_data import training
from services.tweaker.source import Changes, NotUnderstoodError, Script, called, free_name, imports, line, receiver
from services.tweaker.source.values.functions import function_called
from trainyard.trial import Setting

NORMS = {"Linear": "BatchNorm1d", "Conv1d": "BatchNorm1d", "Conv2d": "BatchNorm2d", "Conv3d": "BatchNorm3d"}
FLATTENING = frozenset({"Flatten", "flatten", "view", "reshape"})
SHAPING = FLATTENING | {"float", "to"}
LAYER_NAME = "standardize"
_LAYER = '''\
class {name}({base}):
    """Scale inputs by the mean and standard deviation of the training data."""

    def __init__(self, *shape):
        super().__init__()
        self.register_buffer("mean", {torch}.zeros(shape))
        self.register_buffer("std", {torch}.ones(shape))

    def adapt(self, inputs):
        self.mean.copy_(inputs.mean({over}))
        self.std.copy_(inputs.std({over}))
        self.std[self.std == 0] = 1

    def forward(self, inputs):
        return (inputs - self.mean) / self.std
'''

Site = tuple[Step, cst.BaseExpression, bool]
"""The first layer with weights, what gives the number of its inputs, and whether they are flattened before it."""


def _first(script: Script) -> Site:
    """Return the first layer, unless something else comes first or the inputs are normalized already."""
    steps = find_network(script)
    first = next(step for step in steps if step.name not in SHAPING)
    width = first.argument("in_features", "in_channels", position=0)
    if first.name not in NORMS or width is None:
        raise NotUnderstoodError(f"the network begins with {first.name}, before which inputs cannot be scaled")
    width = _outside(script, first, width)
    if not is_literal_or_name(width) or first.optional:
        raise NotUnderstoodError("the number of inputs is not certain")
    return first, width, any(step.name in FLATTENING for step in steps[: steps.index(first)])


def _outside(script: Script, first: Step, width: cst.BaseExpression) -> cst.BaseExpression:
    """Return what gives the number of inputs before the loop or the call of a function that makes the layer."""
    if first.by is not None and isinstance(width, cst.Name):
        function = function_called(script, first.by)
        params = [(arg.value, function.param(arg, first.by)) for arg in first.by.args] if function is not None else []
        passed = [value for value, param in params if param is not None and param.name.value == width.value]
        if not passed:
            raise NotUnderstoodError("the number of inputs is not certain")
        width = passed[0]
    return in_first_round(script, width) if first.repeated else width


def _scale(script: Script, changes: Changes, site: Site, setting: Setting) -> None:
    """Standardize each input; or divide by a largest value, if one is set."""
    first, width, _ = site
    if setting is None:
        try:
            _standardize(script, changes, site)
        except NotUnderstoodError:
            if not _evaluates(script):
                raise
            put_before(script, changes, first, [("scale", f"{NORMS[first.name]}({script.code(width)})")])
    elif first.applied is not None:
        given = first.applied.args[0].value
        inner = script.code(given) if isinstance(given, cst.Name | cst.Call) else f"({script.code(given)})"
        changes.replaced[given] = cst.parse_expression(f"{inner} / {as_float(setting):g}")
    else:
        raise NotUnderstoodError("the inputs of a Sequential cannot be divided")


def _standardize(script: Script, changes: Changes, site: Site) -> None:
    """Put a layer in front that keeps mean and standard deviation as buffers, and adapt it just before the training."""
    first, width, flattens = site
    trained = training(script, changes)
    torch = imports.package(script, changes, "torch", "torch", first.made)
    base, name = written_like(script, changes, first.made, "Module"), free_name(script, changes, "Standardize")
    shape, over = _extent(first, script.code(width), flattens=flattens)
    path = path_before(script, first, free_name(script, changes, LAYER_NAME))
    put_class_before(script, changes, first.made, _LAYER.format(name=name, base=base, torch=torch, over=over))
    put_own_before(script, changes, first, [(LAYER_NAME, f"{name}({shape})")])
    inputs = f"{trained.inputs}.flatten(1)" if flattens else trained.inputs
    changes.put_before(trained.loop, [line(f"{trained.network}{path}.adapt({inputs})", like=trained.loop)])


def _extent(first: Step, width: str, *, flattens: bool) -> tuple[str, str]:
    """Return the shape of mean and standard deviation, and over what they are taken: rows, in a picture its pixels."""
    if first.name == "Linear":
        return width, "dim=0"
    if flattens:
        raise NotUnderstoodError("the shape of the inputs of the first convolution is not certain")
    pixels = range(2, 2 + int(first.name[-2]))
    return ", ".join(["1", width, *("1" for _ in pixels)]), f"dim={(0, *pixels)}, keepdim=True"


def _evaluates(script: Script) -> bool:
    """Return whether the scripts ever set a network to evaluation, without which it would normalize by test batches."""
    calls = (call for each in script.mentioning("eval") for call in each.calls)
    return any(called(call) == "eval" and receiver(call) is not None and not call.args for call in calls)


EDIT = site_edit(SCALE_INPUTS, _first, _scale)

"""Take out the last activation: CrossEntropyLoss takes the softmax itself, and amounts need a linear output."""

import re

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.assignments import assigned_name
from services.tweaker.edits.edit import site_edit
from services.tweaker.edits.knobs import OUTPUT
from services.tweaker.edits.on_torch.forward import is_library
from services.tweaker.edits.on_torch.networks import Step, find_network
from services.tweaker.source import Changes, NotUnderstoodError, Script, dotted
from trainyard.trial import Setting

_LOSS = re.compile(r"torch\.nn\.(?:\w+\.)*(?:CrossEntropyLoss|cross_entropy)")
_LOSS_OF_AMOUNTS = re.compile(
    r"torch\.nn\.(?:\w+\.)*(?:MSELoss|L1Loss|SmoothL1Loss|HuberLoss|mse_loss|l1_loss|smooth_l1_loss|huber_loss)"
)
LINEAR = "linear"
ENDINGS = frozenset({"Softmax", "softmax", "Sigmoid", "sigmoid"})
BOUNDED = ENDINGS | {"Tanh", "tanh", "ReLU", "relu", "ReLU6", "relu6", "Softplus", "softplus"}
BINARY = re.compile(r"[<>]=?\s*0?\.5\b")


def _ending(script: Script) -> Step:
    """Return the softmax or sigmoid at the end of the network that the loss takes again, or what bounds amounts."""
    last = find_network(script)[-1]
    if any(script.is_called(call, _LOSS) for call in script.calls):
        fits = last.name not in ENDINGS
    elif any(script.is_called(call, _LOSS_OF_AMOUNTS) for call in script.calls):
        fits = last.name not in BOUNDED
    else:
        raise NotUnderstoodError("the loss does not take the softmax itself, and is not for amounts")
    if fits:
        raise NotUnderstoodError("the output layer and the loss match, as far as the code shows")
    if BINARY.search(script.module.code):
        raise NotUnderstoodError("the script compares the network's outputs with 0.5")
    return last


def _change(script: Script, changes: Changes, last: Step, setting: Setting) -> None:
    if setting not in {None, LINEAR}:
        raise NotUnderstoodError(f"{setting} does not apply to a network of PyTorch")
    if last.applied is not None:
        _take_out_call(script, changes, last, last.applied)
    elif isinstance(last.place, cst.Arg | cst.Element):
        _take_out_of_list(script, changes, last.place)


def _take_out_call(script: Script, changes: Changes, last: Step, call: cst.Call) -> None:
    """Leave what the call was applied to; a statement that then does nothing goes, and a layer that nothing uses."""
    func = call.func
    method = last.place is None and isinstance(func, cst.Attribute) and not is_library(script, func)
    inner = cst.ensure_type(func, cst.Attribute).value if method else call.args[0].value
    if assigned_name(script, call) == dotted(inner) != "":
        _remove(changes, script.statement(call))
    else:
        changes.replaced[call] = inner
    if isinstance(last.place, cst.SimpleStatementLine):
        name = dotted(func).partition(".")[2]
        if len(m.findall(script.module, m.Attribute(value=m.Name("self"), attr=m.Name(name)))) == len(("set", "used")):
            _remove(changes, last.place)


def _take_out_of_list(script: Script, changes: Changes, place: cst.Arg | cst.Element) -> None:
    """Take out the last argument or element; the one before ends the list as it did."""
    holder = script.parent(place)
    if isinstance(holder, cst.Call) and isinstance(place, cst.Arg):
        before = holder.args[-2].with_changes(comma=place.comma, whitespace_after_arg=place.whitespace_after_arg)
        changes.replaced[holder] = holder.with_changes(args=[*holder.args[:-2], before])
    elif isinstance(holder, cst.List):
        last = holder.elements[-2].with_changes(comma=place.comma)
        changes.replaced[holder] = holder.with_changes(elements=[*holder.elements[:-2], last])


def _remove(changes: Changes, statement: cst.SimpleStatementLine) -> None:
    changes.replaced[statement] = cst.RemoveFromParent()  # type: ignore[assignment]  # what takes a node's place


EDIT = site_edit(OUTPUT, _ending, _change)

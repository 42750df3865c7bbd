"""Change the optimizer of a network of PyTorch, its learning rate, or reset the gradients before its steps."""

import re

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.assignments import assigned_name
from services.tweaker.edits.edit import Argument, argument_edit, as_float, site_edit
from services.tweaker.edits.knobs import LEARNING_RATE, OPTIMIZER, ZERO_GRAD
from services.tweaker.source import (
    AbsentError,
    Changes,
    NotUnderstoodError,
    Script,
    called,
    dotted,
    given,
    imports,
    line,
)
from trainyard.trial import Setting

CLASSES = ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax", "NAdam", "RAdam", "ASGD", "LBFGS")
_OPTIMIZER = re.compile(r"torch\.optim\.(?:\w+\.)*(?:" + "|".join(CLASSES) + ")")
BY_NAME = {name.lower(): name for name in CLASSES if name != "LBFGS"}
"""Those whose step needs nothing but the gradients."""
DEFAULT_RATE = {"Adadelta": 1.0, "RMSprop": 0.01, "Adagrad": 0.01, "ASGD": 0.01, "LBFGS": 1.0, "Adamax": 0.002}
USUAL_RATE = 0.001
_BACKWARD = m.Call(func=m.Attribute(attr=m.Name("backward")))

ZeroGradSite = tuple[cst.BaseExpression, cst.SimpleStatementLine]
"""The optimizer, and the statement that computes the gradients."""


def optimizer(script: Script) -> tuple[str, cst.Call]:
    """Return the class of the one optimizer that the script creates, and the call that creates it."""
    calls = [call for call in script.calls if script.is_called(call, _OPTIMIZER)]
    if not calls:
        raise AbsentError("the script creates no PyTorch optimizer")
    if len(calls) > 1:
        raise NotUnderstoodError(f"the script creates {len(calls)} PyTorch optimizers")
    return script.is_called(calls[0], _OPTIMIZER) or "", calls[0]


def steps(script: Script) -> list[cst.Call]:
    """Return the calls by which the optimizer makes a step."""
    name = assigned_name(script, optimizer(script)[1])
    every = [call for call in script.calls if called(call) == "step"]
    named = [call for call in every if dotted(call.func) == f"{name}.step"]
    return named or [call for call in every if "optim" in script.code(call.func).lower()]


def _change(script: Script, changes: Changes, site: tuple[str, cst.Call], setting: Setting) -> None:
    """Write the other optimizer with its own defaults: rates and momenta of one do not suit another."""
    (current, call), name = site, BY_NAME.get(str(setting))
    if name is None or current in (name, "LBFGS"):
        raise NotUnderstoodError(f"the optimizer is {current}, which {setting} cannot replace")
    if not call.args or call.args[0].keyword is not None or call.args[0].star:
        raise NotUnderstoodError(f"the parameters of the optimizer in line {script.line(call)} were not found")
    func = cst.parse_expression(imports.sibling(script, changes, call.func, name, call))
    parameters = call.args[0].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    changes.replaced[call] = call.with_changes(func=func, args=[parameters])


def _rate(script: Script) -> Argument:
    name, call = optimizer(script)
    return Argument(call, "lr", given(script, call, "lr", position=1), DEFAULT_RATE.get(name, USUAL_RATE))


def _unreset(script: Script) -> ZeroGradSite:
    """Return the optimizer, unless the gradients are reset: else PyTorch adds up those of all batches so far."""
    if m.findall(script.module, m.Name("zero_grad")) or ".grad" in script.module.code:
        raise NotUnderstoodError("the gradients are already reset")
    calls = steps(script)
    if len(calls) != 1:
        raise NotUnderstoodError(f"the optimizer makes a step in {len(calls)} places")
    if not any(isinstance(outer, cst.For | cst.While) for outer in script.above(calls[0])):
        raise NotUnderstoodError("the optimizer's step is not in a loop")
    return cst.ensure_type(calls[0].func, cst.Attribute).value, _gradients(script, calls[0])


def _gradients(script: Script, step: cst.Call) -> cst.SimpleStatementLine:
    """Return the statement beside the optimizer's step that computes the gradients."""
    body = script.block(step).body
    found = [each for each in body if isinstance(each, cst.SimpleStatementLine) and m.findall(each, _BACKWARD)]
    if len(found) != 1:
        raise NotUnderstoodError("the statement that computes the gradients was not found")
    return found[0]


def _reset(script: Script, changes: Changes, site: ZeroGradSite, _: Setting) -> None:
    optimizer, gradients = site
    changes.put_before(gradients, [line(f"{script.code(optimizer)}.zero_grad()")])


EDIT = site_edit(OPTIMIZER, optimizer, _change, lambda _, site: site[0].lower())
ZERO_GRAD_EDIT = site_edit(ZERO_GRAD, _unreset, _reset)
LEARNING_RATE_EDIT = argument_edit(LEARNING_RATE, _rate, as_float)

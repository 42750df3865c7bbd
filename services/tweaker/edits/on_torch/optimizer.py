"""The optimizer of a network of PyTorch, and the edits of it and of its learning rate."""

from __future__ import annotations

import re

import libcst as cst

from services.tweaker.edits.assignments import assigned_name
from services.tweaker.edits.edit import Argument, argument_edit, as_float, site_edit
from services.tweaker.edits.knobs import LEARNING_RATE, OPTIMIZER
from services.tweaker.source import Changes, NotUnderstoodError, Script, called, dotted, given, imports, receiver
from trainyard.trial import Setting

CLASSES = ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax", "NAdam", "RAdam", "ASGD", "LBFGS")
_OPTIMIZER = re.compile(r"torch\.optim\.(?:\w+\.)*(?:" + "|".join(CLASSES) + ")")
BY_NAME = {name.lower(): name for name in CLASSES if name != "LBFGS"}
"""Those whose step needs nothing but the gradients."""
DEFAULT_RATE = {"Adadelta": 1.0, "RMSprop": 0.01, "Adagrad": 0.01, "ASGD": 0.01, "LBFGS": 1.0, "Adamax": 0.002}
USUAL_RATE = 0.001


def optimizer(script: Script) -> tuple[str, cst.Call]:
    """Return the class of the one optimizer that the script creates, and the call that creates it.

    Raises:
        NotUnderstoodError: There is none, or there are several.
    """
    calls = [call for call in script.calls if script.is_called(call, _OPTIMIZER)]
    if len(calls) != 1:
        raise NotUnderstoodError(
            f"the script creates {len(calls) or 'no'} PyTorch {'optimizers' if calls else 'optimizer'}"
        )
    return script.is_called(calls[0], _OPTIMIZER) or "", calls[0]


def steps(script: Script) -> list[cst.Call]:
    """Return the calls by which the optimizer makes a step."""
    name = assigned_name(script, optimizer(script)[1])
    every = [call for call in script.calls if called(call) == "step" and receiver(call) is not None]
    named = [call for call in every if name and dotted(call.func) == f"{name}.step"]
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


EDIT = site_edit(OPTIMIZER, optimizer, _change, lambda _, site: site[0].lower())
LEARNING_RATE_EDIT = argument_edit(LEARNING_RATE, _rate, as_float)

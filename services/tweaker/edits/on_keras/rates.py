"""Where the learning rate of a Keras network stands: in its optimizer, in a schedule, or set later."""

from __future__ import annotations

import re

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.on_keras.layers import KERAS
from services.tweaker.edits.on_keras.optimizers import RATE
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import assigned_call, given
from services.tweaker.source.script import Script, argument, dotted

SCHEDULE = re.compile(
    KERAS + r"(?:\w+\.)*(?:ExponentialDecay|CosineDecay|CosineDecayRestarts|InverseTimeDecay|PolynomialDecay)"
)
SCHEDULES = re.compile(KERAS + r"optimizers\.schedules\.\w+")
SCHEDULER = re.compile(KERAS + r"callbacks\.(?:\w+\.)*LearningRateScheduler")
_OF_OPTIMIZER = re.compile(r"(?:\w+\.)*(?:optimizer|opt|optim|adam|sgd|rmsprop)\.(?:learning_rate|lr)", re.IGNORECASE)
_SETS = m.Attribute(attr=m.Name("set_value"))
_ASSIGNS = m.Attribute(attr=m.Name("assign"))


def rate_given(script: Script, optimizer: cst.Call | None) -> cst.BaseExpression | None:
    """Return what the rate is said by; None where the optimizer's default counts.

    Raises:
        NotUnderstoodError: It is set several times, or worked out as the training goes on.
    """
    _check_scheduler(script)
    later = _set_later(script)
    if len(later) > 1:
        raise NotUnderstoodError(f"the learning rate is set {len(later)} times")
    if later:
        return later[0]
    node = given(script, optimizer, *RATE, position=0) if optimizer is not None else None
    return _start_of(script, node) if node is not None else None


def _start_of(script: Script, node: cst.BaseExpression) -> cst.BaseExpression:
    """Return what a schedule starts from; the node itself where it is none."""
    made = assigned_call(script, node) if isinstance(node, cst.Name) else node
    if isinstance(made, cst.Call) and script.is_called(made, SCHEDULE):
        start = argument(made, "initial_learning_rate", position=0)
        if start is None:
            raise NotUnderstoodError("the schedule does not say where the learning rate starts")
        return start.value
    if isinstance(made, cst.Call) and script.is_called(made, SCHEDULES):
        raise NotUnderstoodError(f"the learning rate follows {script.code(made.func)}")
    return node


def _set_later(script: Script) -> list[cst.BaseExpression]:
    """Return what the optimizer's rate is set to after it was made."""
    found = [
        node.value
        for node in m.findall(script.module, m.Assign())
        if isinstance(node, cst.Assign) and any(_OF_OPTIMIZER.fullmatch(dotted(each.target)) for each in node.targets)
    ]
    for call in script.calls:
        if m.matches(call.func, _SETS) and len(call.args) > 1 and _OF_OPTIMIZER.fullmatch(dotted(call.args[0].value)):
            found.append(call.args[1].value)
        if isinstance(call.func, cst.Attribute) and m.matches(call.func, _ASSIGNS) and call.args:
            found += [call.args[0].value] if _OF_OPTIMIZER.fullmatch(dotted(call.func.value)) else []
    return found


def _check_scheduler(script: Script) -> None:
    """Refuse where a callback sets the rate of each epoch by itself; one that goes on from the rate is fine.

    Raises:
        NotUnderstoodError: There is such a callback.
    """
    for call in script.calls:
        if script.is_called(call, SCHEDULER) and call.args:
            function = call.args[0].value
            named = isinstance(function, cst.Name)
            same = m.FunctionDef(name=m.Name(function.value)) if isinstance(function, cst.Name) else m.Lambda()
            found = m.findall(script.module if named else function, same)
            takes = [len(each.params.params) for each in found if isinstance(each, cst.FunctionDef | cst.Lambda)]
            if takes != [2]:
                raise NotUnderstoodError("a LearningRateScheduler sets the rate of each epoch")

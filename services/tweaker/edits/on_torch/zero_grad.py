"""Set the gradients to zero before each step; without it PyTorch adds up those of all batches so far."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.edit import Edit
from services.tweaker.edits.knobs import ZERO_GRAD
from services.tweaker.edits.on_torch.training import steps
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes, Edited, line
from services.tweaker.source.script import Script
from trainyard.trial import Setting

_CLEARS = m.Name("zero_grad")
_BACKWARD = m.Call(func=m.Attribute(attr=m.Name("backward")))


def _places(script: Script) -> tuple[cst.Call, cst.SimpleStatementLine]:
    """Return the optimizer's step, and the statement before it that works out the gradients."""
    if m.findall(script.module, _CLEARS) or ".grad" in script.module.code:
        raise NotUnderstoodError("the gradients are set to zero already")
    found = steps(script)
    if len(found) != 1:
        raise NotUnderstoodError(f"the optimizer makes a step in {len(found)} places")
    if not any(isinstance(outer, cst.For | cst.While) for outer in script.above(found[0])):
        raise NotUnderstoodError("the optimizer's step is in no loop")
    block = script.block(found[0])
    backward = [each for each in block.body if isinstance(each, cst.SimpleStatementLine) and m.findall(each, _BACKWARD)]
    if len(backward) != 1:
        raise NotUnderstoodError("it is not seen where the gradients are worked out")
    return found[0], backward[0]


def _read(script: Script) -> Setting:
    _places(script)
    return None


def _apply(script: Script, _: Setting) -> Edited:
    (step, backward), changes = _places(script), Changes()
    if isinstance(step.func, cst.Attribute):
        changes.put_before(backward, [line(f"{script.code(step.func.value)}.zero_grad()")])
    return changes.applied_to(script)


EDIT = Edit(ZERO_GRAD, _apply, _read)

"""Set the gradients to zero before each step; without it PyTorch adds up those of all batches so far."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.edit import site_edit
from services.tweaker.edits.knobs import ZERO_GRAD
from services.tweaker.edits.on_torch.optimizer import steps
from services.tweaker.source import Changes, NotUnderstoodError, Script, line
from trainyard.trial import Setting

_CLEARS = m.Name("zero_grad")
_BACKWARD = m.Call(func=m.Attribute(attr=m.Name("backward")))

Site = tuple[cst.BaseExpression, cst.SimpleStatementLine]
"""The optimizer, and the statement that computes the gradients."""


def _find(script: Script) -> Site:
    if m.findall(script.module, _CLEARS) or ".grad" in script.module.code:
        raise NotUnderstoodError("the gradients are set to zero already")
    calls = steps(script)
    if len(calls) != 1:
        raise NotUnderstoodError(f"the optimizer makes a step in {len(calls)} places")
    if not any(isinstance(outer, cst.For | cst.While) for outer in script.above(calls[0])):
        raise NotUnderstoodError("the optimizer's step is not in a loop")
    body = script.block(calls[0]).body
    backward = [each for each in body if isinstance(each, cst.SimpleStatementLine) and m.findall(each, _BACKWARD)]
    if len(backward) != 1:
        raise NotUnderstoodError("the statement that computes the gradients was not found")
    return cst.ensure_type(calls[0].func, cst.Attribute).value, backward[0]


def _clear(script: Script, changes: Changes, site: Site, _: Setting) -> None:
    optimizer, backward = site
    changes.put_before(backward, [line(f"{script.code(optimizer)}.zero_grad()")])


EDIT = site_edit(ZERO_GRAD, _find, _clear)

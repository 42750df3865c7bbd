"""Where a script trains a network of PyTorch: its optimizer, the loop over epochs, and the step in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import Script, dotted

CLASSES = ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax", "NAdam", "RAdam", "ASGD", "LBFGS")
OPTIMIZER = re.compile(r"torch\.optim\.(?:\w+\.)*(?:" + "|".join(CLASSES) + ")")
_BARS = re.compile(r"(?:.*\.)?(?:tqdm|trange|enumerate|track)")
_EPOCH = re.compile(r"epoch", re.IGNORECASE)
_DEEPEST = 4


def optimizer(script: Script) -> tuple[str, cst.Call]:
    """Return the class of the one optimizer that the script creates, and the call that creates it.

    Raises:
        NotUnderstoodError: There is none, or there are several.
    """
    calls = [call for call in script.calls if script.is_called(call, OPTIMIZER)]
    if len(calls) != 1:
        raise NotUnderstoodError(
            "the script creates several optimizers of PyTorch"
            if calls
            else "the script creates no optimizer of PyTorch"
        )
    return script.is_called(calls[0], OPTIMIZER) or "", calls[0]


def steps(script: Script) -> list[cst.Call]:
    """Return the calls by which the optimizer makes a step."""
    _, created = optimizer(script)
    holder = script.parent(created)
    name = dotted(holder.targets[0].target) if isinstance(holder, cst.Assign) else ""
    every = [call for call in script.calls if m.matches(call.func, m.Attribute(attr=m.Name("step")))]
    named = [call for call in every if name and dotted(call.func) == f"{name}.step"]
    return named or [call for call in every if "optim" in script.code(call.func).lower()]


def epochs_loop(script: Script) -> cst.For:
    """Return the loop over epochs: the counted one around the optimizer's step in which no optimizer is created.

    Raises:
        NotUnderstoodError: There is none, or it is not certain which one it is.
    """
    _, created = optimizer(script)
    loops = {loop for step in steps(script) for loop in _counted(script, step)}
    found = [loop for loop in loops if loop not in script.above(created)]
    named = [loop for loop in found if _EPOCH.search(script.code(loop.target))]
    meant = named or found
    if len(meant) != 1:
        raise NotUnderstoodError(f"{len(meant) or 'no'} loops around the optimizer's step may be the loop over epochs")
    return meant[0]


def counted_by(loop: cst.For) -> cst.Call | None:
    """Return the `range` that a loop goes through, also within a progress bar."""
    call = loop.iter
    while isinstance(call, cst.Call) and call.args:
        name = dotted(call.func)
        if name == "range" or name.endswith("trange"):
            return call if len(call.args) <= len(("start", "stop")) or name != "range" else None
        if not _BARS.fullmatch(name) or not isinstance(call.args[0].value, cst.Call):
            return None
        call = call.args[0].value
    return None


def _counted(script: Script, node: cst.CSTNode, depth: int = 0) -> Iterator[cst.For]:
    """Yield the counted loops around a node, also around the calls of the function that it stands in."""
    for outer in script.above(node):
        if isinstance(outer, cst.For) and counted_by(outer) is not None:
            yield outer
        if isinstance(outer, cst.FunctionDef) and depth < _DEEPEST:
            for call in script.calls:
                if dotted(call.func).rpartition(".")[2] == outer.name.value:
                    yield from _counted(script, call, depth + 1)
            return

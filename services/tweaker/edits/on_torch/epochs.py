"""Train a network of PyTorch for more epochs."""

import re
from collections.abc import Iterator

import libcst as cst

from services.tweaker.edits.edit import as_int, site_edit
from services.tweaker.edits.knobs import EPOCHS
from services.tweaker.edits.on_torch.optimizer import optimizer, steps
from services.tweaker.source import Changes, NotUnderstoodError, Script, called, dotted, read, write
from trainyard.trial import Setting

BARS = re.compile(r"(?:.*\.)?(?:tqdm|trange|enumerate|track)")
"""What may stand around what a loop goes through."""
_EPOCH = re.compile(r"epoch", re.IGNORECASE)
_DEEPEST = 4

Site = tuple[cst.BaseExpression, int]
"""What gives the end of the loop over epochs, and how much larger that is than the number of epochs."""


def _end(script: Script) -> Site:
    call = cst.ensure_type(counted_by(epochs_loop(script).iter), cst.Call)
    plain = [arg.value for arg in call.args if arg.keyword is None]
    start = as_int(read(script, plain[0])) if len(plain) > 1 else 0
    end = plain[-1]
    if isinstance(end, cst.BinaryOperation) and isinstance(end.operator, cst.Add):
        return end.left, start - as_int(read(script, end.right))
    return end, start


def _change(script: Script, changes: Changes, site: Site, setting: Setting) -> None:
    end, more = site
    write(script, changes, end, as_int(setting) + more)


def epochs_loop(script: Script) -> cst.For:
    """Return the loop over epochs: the counted one around the optimizer's step in which no optimizer is created."""
    found = {loop for step in steps(script) for loop in _counted(script, step)}
    found -= set(script.above(optimizer(script)[1]))
    meant = {loop for loop in found if _EPOCH.search(script.code(loop.target))} or found
    if len(meant) != 1:
        raise NotUnderstoodError(f"{len(meant) or 'no'} loops around the optimizer's step may be the loop over epochs")
    return meant.pop()


def counted_by(iterated: cst.BaseExpression) -> cst.Call | None:
    """Return the `range` that a loop goes through, also within a progress bar."""
    if not isinstance(iterated, cst.Call) or not iterated.args:
        return None
    name = dotted(iterated.func)
    if name == "range":
        return iterated if len(iterated.args) <= len(("start", "stop")) else None
    if name.endswith("trange"):
        return iterated
    return counted_by(iterated.args[0].value) if BARS.fullmatch(name) else None


def _counted(script: Script, node: cst.CSTNode, depth: int = 0) -> Iterator[cst.For]:
    """Yield the counted loops around a node, also around the calls of the function that it stands in."""
    for outer in script.above(node):
        if isinstance(outer, cst.For) and counted_by(outer.iter) is not None:
            yield outer
        if isinstance(outer, cst.FunctionDef) and depth < _DEEPEST:
            for call in script.calls:
                if called(call) == outer.name.value:
                    yield from _counted(script, call, depth + 1)
            return


EDIT = site_edit(EPOCHS, _end, _change, lambda script, site: as_int(read(script, site[0])) - site[1])

"""What the `forward` of a module does to its input, where that is one way from the input to the output."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from services.tweaker.source import NotUnderstoodError, Script, dotted

Way = tuple["Applied", ...]


@dataclass(frozen=True)
class Applied:
    """One call on the way: of a layer that `self` keeps, of a function, or of a method of the tensor."""

    name: str
    call: cst.Call
    attribute: bool = False


def applied_in(script: Script, forward: cst.FunctionDef) -> Way:
    """Return what is applied to the input, in order."""
    given = [param.name.value for param in forward.params.params[1:]]
    if len(given) != 1:
        raise NotUnderstoodError("forward takes several inputs")
    known: dict[str, Way] = {given[0]: ()}
    for part in _straight(script, forward):
        if isinstance(part, cst.Return) and part.value is not None:
            return _way(script, part.value, known)
        if isinstance(part, cst.Assign):
            _assign(script, part, known)
    raise NotUnderstoodError("what forward returns was not found")


def _straight(script: Script, forward: cst.FunctionDef) -> Iterator[cst.BaseSmallStatement]:
    """Yield the statements of a function one after the other, up to the first that branches."""
    for statement in forward.body.body:
        if not isinstance(statement, cst.SimpleStatementLine):
            raise NotUnderstoodError(f"forward branches in line {script.line(statement)}")
        yield from statement.body


def _assign(script: Script, part: cst.Assign, known: dict[str, Way]) -> None:
    """Record the way to what is assigned; what has none, such as a size, must not be on the way later."""
    name = dotted(part.targets[0].target)
    try:
        known[name] = _way(script, part.value, known)
    except NotUnderstoodError:
        known.pop(name, None)


def _way(script: Script, node: cst.BaseExpression, known: dict[str, Way]) -> Way:
    if isinstance(node, cst.Name) and node.value in known:
        return known[node.value]
    if not isinstance(node, cst.Call):
        raise NotUnderstoodError(f"line {script.line(node)} of forward is not understood")
    owner, _, name = dotted(node.func).rpartition(".")
    if owner == "self":
        return (*_way(script, _only(script, node), known), Applied(name, node, attribute=True))
    if isinstance(node.func, cst.Attribute) and not is_library(script, node.func):
        return (*_way(script, node.func.value, known), Applied(node.func.attr.value, node))
    given = node.args[0].value if node.args else node.func
    return (*_way(script, given, known), Applied(name, node))


def _only(script: Script, call: cst.Call) -> cst.BaseExpression:
    if len(call.args) != 1 or call.args[0].keyword is not None or call.args[0].star:
        raise NotUnderstoodError(f"the layer in line {script.line(call)} is applied to more than one input")
    return call.args[0].value


def is_library(script: Script, func: cst.Attribute) -> bool:
    """Return whether a function of PyTorch is named, not a method of a tensor."""
    return any(name.startswith("torch.") for name in script.names(func))

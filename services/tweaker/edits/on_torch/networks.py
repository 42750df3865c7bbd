"""Which network of PyTorch a script trains, and through which layers its input goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.on_torch.forward import Applied, applied_in
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import Script, dotted

LAYER = re.compile(r"torch\.nn\.(?:\w+\.)*\w+")
SEQUENTIAL = re.compile(r"torch\.nn\.(?:\w+\.)*Sequential")
_MODULE = re.compile(r"torch\.nn\.(?:\w+\.)*Module")

Place = cst.Arg | cst.Element | cst.SimpleStatementLine


@dataclass(frozen=True)
class Step:
    """One thing that is done to the input on its way.

    Attributes:
        name: The layer's class ("Linear"), or the function that is called ("relu", "view").
        made: The call that makes the layer; None for a function.
        place: Where that stands: in Sequential or a list for it, or as a statement of `__init__`.
        applied: The call in `forward`; None in Sequential.
    """

    name: str
    made: cst.Call | None = None
    place: Place | None = None
    applied: cst.Call | None = None


def find_network(script: Script) -> tuple[Step, ...]:
    """Return the steps of the one network that the script makes.

    Raises:
        NotUnderstoodError: It makes none or several, or it is not seen how one is built.
    """
    classes = [node for node in m.findall(script.module, m.ClassDef()) if _is_module(script, node)]
    apart = [
        call
        for call in script.calls
        if script.is_called(call, SEQUENTIAL)
        and not any(isinstance(outer, cst.ClassDef) or _is_sequential(script, outer) for outer in script.above(call))
    ]
    if len(classes) + len(apart) != 1:
        several = "several networks of PyTorch are made here"
        raise NotUnderstoodError(several if classes or apart else "no network of PyTorch is made here")
    steps = tuple(_in_sequential(script, apart[0])) if apart else tuple(_in_class(script, classes[0]))
    if not any(step.name == "Linear" for step in steps):
        raise NotUnderstoodError("the network has no layer Linear that is seen")
    return steps


def linears(steps: tuple[Step, ...]) -> list[int]:
    """Return the positions of the layers Linear."""
    return [index for index, step in enumerate(steps) if step.name == "Linear"]


def _is_module(script: Script, node: cst.CSTNode) -> bool:
    bases = [script.names(base.value) for base in node.bases] if isinstance(node, cst.ClassDef) else []
    return any(_MODULE.fullmatch(name) for names in bases for name in names)


def _is_sequential(script: Script, node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Call) and script.is_called(node, SEQUENTIAL) is not None


def _in_sequential(script: Script, call: cst.Call) -> Iterator[Step]:
    """Yield the layers of `nn.Sequential(…)`, or of the list that it spreads."""
    for arg in call.args:
        if arg.star == "*" and isinstance(arg.value, cst.List):
            for element in arg.value.elements:
                yield from _layer(script, element.value, element)
        elif arg.star or arg.keyword is not None:
            raise NotUnderstoodError(f"the layers in line {script.line(arg)} are not seen")
        else:
            yield from _layer(script, arg.value, arg)


def _layer(script: Script, made: cst.BaseExpression, place: Place | cst.BaseElement) -> Iterator[Step]:
    if not isinstance(made, cst.Call) or not isinstance(place, cst.Arg | cst.Element | cst.SimpleStatementLine):
        raise NotUnderstoodError(f"the layer in line {script.line(made)} is not written down there")
    if script.is_called(made, SEQUENTIAL):
        yield from _in_sequential(script, made)
        return
    name = script.is_called(made, LAYER)
    if name is None:
        raise NotUnderstoodError(f"the layer in line {script.line(made)} is none of PyTorch's")
    yield Step(name, made, place)


def _in_class(script: Script, node: cst.CSTNode) -> Iterator[Step]:
    """Yield what `forward` does, with the layers that `__init__` keeps."""
    body = node.body.body if isinstance(node, cst.ClassDef) else ()
    methods = {each.name.value: each for each in body if isinstance(each, cst.FunctionDef)}
    if "forward" not in methods or "__init__" not in methods:
        raise NotUnderstoodError("the network's class has no __init__ and forward of its own")
    kept = _kept(script, methods["__init__"])
    for applied in applied_in(script, methods["forward"]):
        if not applied.attribute:
            yield Step(applied.name, applied=applied.call)
            continue
        yield from _kept_layer(script, kept, applied)


def _kept_layer(
    script: Script, kept: dict[str, tuple[cst.BaseExpression, cst.SimpleStatementLine]], applied: Applied
) -> Iterator[Step]:
    if applied.name not in kept:
        raise NotUnderstoodError(f"self.{applied.name} is not assigned once in __init__")
    made, statement = kept[applied.name]
    for step in _layer(script, made, statement):
        inside = isinstance(made, cst.Call) and _is_sequential(script, made)
        yield step if inside else replace(step, applied=applied.call)


def _kept(script: Script, method: cst.FunctionDef) -> dict[str, tuple[cst.BaseExpression, cst.SimpleStatementLine]]:
    """Return what `__init__` assigns to attributes, each of those that are assigned once."""
    found: dict[str, tuple[cst.BaseExpression, cst.SimpleStatementLine]] = {}
    twice: set[str] = set()
    for node in m.findall(method, m.Assign()):
        target = dotted(node.targets[0].target) if isinstance(node, cst.Assign) else ""
        name = target.partition("self.")[2]
        if isinstance(node, cst.Assign) and target.startswith("self.") and "." not in name:
            twice |= {name} & set(found)
            found[name] = node.value, script.statement(node)
    return {name: made for name, made in found.items() if name not in twice}

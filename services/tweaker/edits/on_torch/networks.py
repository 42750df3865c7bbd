"""Which network of PyTorch a script trains, and through which layers its input goes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import libcst as cst

from services.tweaker.edits.assignments import attribute_values, definition, subclasses
from services.tweaker.source import AbsentError, NotUnderstoodError, Script, argument, dotted
from services.tweaker.source.script import At
from services.tweaker.source.values.functions import method

LAYER = re.compile(r"torch\.nn\.(?:\w+\.)*\w+")
SEQUENTIAL = re.compile(r"torch\.nn\.(?:\w+\.)*Sequential")
_MODULE = re.compile(r"torch\.nn\.(?:\w+\.)*Module")

Place = cst.Arg | cst.Element | cst.SimpleStatementLine
Way = tuple["Applied", ...]


@dataclass(frozen=True)
class Applied:
    """One call on the way: of a layer that `self` keeps, of a function, or of a method of the tensor."""

    name: str
    call: cst.Call
    attribute: bool = False


@dataclass(frozen=True)
class Step:
    """One thing that is done to the input on its way.

    Attributes:
        name: The layer's class ("Linear"), or the function that is called ("relu", "view").
        call: The call that creates the layer; None for a function.
        place: Where that stands: in Sequential or a list for it, or as a statement of `__init__`.
        applied: The call in `forward`; None in Sequential.
    """

    name: str
    call: cst.Call | None = None
    place: Place | None = None
    applied: cst.Call | None = None

    @property
    def made(self) -> cst.Call:
        """The call that creates the layer, which a function does not have."""
        if self.call is None:
            raise NotUnderstoodError(f"no layer can be put before the function {self.name}")
        return self.call

    def argument(self, *names: str, position: int) -> cst.BaseExpression | None:
        """Return an argument with which the layer is created."""
        return argument(self.call, *names, position=position) if self.call is not None else None


def find_network(script: Script) -> tuple[Step, ...]:
    """Return the steps of the one network that the script creates."""
    roots = list(_roots(script))
    if not roots:
        raise AbsentError("the script creates no network of PyTorch")
    if len(roots) > 1:
        raise NotUnderstoodError("the script creates several networks of PyTorch")
    root = roots[0]
    steps = tuple(_in_class(script, root) if isinstance(root, cst.ClassDef) else _in_sequential(script, root))
    if not linears(steps):
        raise NotUnderstoodError("the network has no Linear layer")
    return steps


def linears(steps: tuple[Step, ...]) -> list[Step]:
    """Return the Linear layers."""
    return [step for step in steps if step.name == "Linear"]


def is_literal_or_name(node: cst.BaseExpression) -> bool:
    """Return whether a number of inputs can be repeated elsewhere as it is written."""
    return isinstance(node, cst.Integer) or bool(dotted(node))


def _roots(script: Script) -> Iterator[cst.ClassDef | cst.Call]:
    """Yield where a network begins: a module of the author's, or a Sequential, that is not a part of another one."""
    modules = subclasses(script, _MODULE)
    inner = (call for call in script.calls if any(_holds_layers(script, modules, up) for up in script.above(call)))
    parts = {definition(script, call.func, cst.ClassDef) for call in inner}
    yield from (each for each in modules if each not in parts)
    for call in script.calls:
        if _is_sequential(script, call) and not any(
            isinstance(outer, cst.ClassDef) or _is_sequential(script, outer) for outer in script.above(call)
        ):
            yield call


def _holds_layers(script: Script, modules: list[cst.ClassDef], node: cst.CSTNode) -> bool:
    return node in modules or _is_sequential(script, node)


def _is_sequential(script: Script, node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Call) and script.is_called(node, SEQUENTIAL) is not None


def _in_sequential(script: Script, call: cst.Call) -> Iterator[Step]:
    """Yield the layers of `nn.Sequential(…)`, or of the list that it unpacks."""
    for arg in call.args:
        if arg.star == "*" and isinstance(arg.value, cst.List):
            for element in arg.value.elements:
                yield from _layer(script, element.value, element)
        elif arg.star or arg.keyword is not None:
            raise NotUnderstoodError(f"the layers in line {script.line(arg)} were not found")
        else:
            yield from _layer(script, arg.value, arg)


def _layer(script: Script, value: cst.BaseExpression, place: Place | cst.BaseElement) -> Iterator[Step]:
    if not isinstance(value, cst.Call) or not isinstance(place, cst.Arg | cst.Element | cst.SimpleStatementLine):
        raise NotUnderstoodError(f"line {script.line(value)} does not create the layer itself")
    if _is_sequential(script, value):
        yield from _in_sequential(script, value)
        return
    own = definition(script, value.func, cst.ClassDef)
    name = script.is_called(value, LAYER) or (own.name.value if own is not None else None)
    if name is None:
        raise NotUnderstoodError(f"the layer in line {script.line(value)} is not one of PyTorch's")
    yield Step(name, value, place)


def _in_class(script: Script, node: cst.ClassDef) -> Iterator[Step]:
    """Yield what `forward` does, with the layers that attributes store."""
    forward = method(At(script, node), "forward")
    if forward is None:
        raise NotUnderstoodError("the network's class has no forward of its own")
    for applied in _applied_in(script, forward.node):
        if applied.attribute:
            yield from _stored_layer(script, applied)
        else:
            yield Step(applied.name, applied=applied.call)


def _stored_layer(script: Script, applied: Applied) -> Iterator[Step]:
    stored = attribute_values(script, cst.ensure_type(applied.call.func, cst.Attribute))
    if len(stored) != 1:
        raise NotUnderstoodError(f"self.{applied.name} is not assigned exactly once")
    statement, value = stored[0]
    for step in _layer(script, value, statement):
        yield step if _is_sequential(script, value) else replace(step, applied=applied.call)


def _applied_in(script: Script, forward: cst.FunctionDef) -> Way:
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

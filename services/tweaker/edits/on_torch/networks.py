"""Which network of PyTorch a script trains, and through which layers its input goes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.assignments import (
    attribute_values,
    called_function,
    definition,
    passed_values,
    possible_values,
    returned_values,
    subclasses,
)
from services.tweaker.edits.branches import reached
from services.tweaker.edits.lists import Listed, added, listed
from services.tweaker.edits.on_torch.forward import Applied, is_library, way_through
from services.tweaker.edits.on_torch.optimizer import optimizer
from services.tweaker.source import AbsentError, NotUnderstoodError, Script, argument, dotted, receiver
from services.tweaker.source.literals import follow
from services.tweaker.source.script import At, last_name
from services.tweaker.source.values.functions import method

LAYER = re.compile(r"torch\.nn\.(?:\w+\.)*\w+")
SEQUENTIAL = re.compile(r"torch\.nn\.(?:\w+\.)*Sequential")
_LIST = re.compile(r"torch\.nn\.(?:\w+\.)*ModuleList")
_MODULE = re.compile(r"torch\.nn\.(?:\w+\.)*Module")

Root = cst.ClassDef | cst.Call
Place = cst.Arg | cst.Element | cst.SimpleStatementLine
_DEEPEST = 8
_ELEMENT = m.Subscript(value=m.Name() | m.Attribute(), slice=[m.SubscriptElement(m.Index(m.Integer()))])
_PARTS = {
    "[:]": slice(None),
    "[:-1]": slice(-1),
    "[1:]": slice(1, None),
    "[0]": slice(1),
    "[-1]": slice(-1, None),
}


@dataclass(frozen=True)
class Step:
    """One thing that is done to the input on its way.

    Attributes:
        name: The layer's class ("Linear"), or the function that is called ("relu", "view").
        call: The call that creates the layer; None for a function.
        place: Where that stands: in Sequential or a list for it, or as a statement of `__init__`.
        applied: The call in `forward`; None in Sequential.
        listed: In a list that Sequential spreads, the element that it is; *inside* is the call of Sequential.
        rounds: The loop of `forward` that does it in every round.
        by: The call of the author's function that makes it.
        repeated: It is created in a loop, or by a function for several layers.
        optional: It depends on a condition.
    """

    name: str
    call: cst.Call | None = None
    place: Place | None = None
    applied: cst.Call | None = None
    listed: Listed | None = None
    inside: cst.Call | None = None
    rounds: cst.For | None = None
    by: cst.Call | None = None
    repeated: bool = False
    optional: bool = False

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
    roots = _optimized(script) or list(_roots(script))
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


def output_of(steps: tuple[Step, ...]) -> Step:
    """Return the last layer Linear, beside which others can be put."""
    last = linears(steps)[-1]
    if last.repeated or last.optional or last.rounds is not None:
        raise NotUnderstoodError("the output layer is made in a loop or depends on a condition")
    return last


def is_literal_or_name(node: cst.BaseExpression) -> bool:
    """Return whether a number of inputs can be repeated elsewhere as it is written."""
    return isinstance(node, cst.Integer) or bool(dotted(node)) or m.matches(node, _ELEMENT)


def _optimized(script: Script) -> list[Root]:
    """Return what the network is whose parameters the one optimizer changes; nothing where that is not certain."""
    try:
        parameters = argument(optimizer(script)[1], "params", position=0)
    except NotUnderstoodError:
        return []
    owner = receiver(parameters) if isinstance(parameters, cst.Call) else None
    found = list(dict.fromkeys(_made(script, owner))) if owner is not None else []
    return found if len(found) == 1 else []


def _made(script: Script, node: cst.BaseExpression, depth: int = 0) -> Iterator[Root]:
    """Yield the classes of modules, and the calls of Sequential, that a name or a call may stand for."""
    own = definition(script, node.func, cst.ClassDef) if isinstance(node, cst.Call) else None
    function = called_function(script, node) if isinstance(node, cst.Call) else None
    if own is not None or is_sequential(script, node):
        yield own or cst.ensure_type(node, cst.Call)
    elif depth < _DEEPEST:
        values = list(returned_values(script, function)) if function is not None else []
        if isinstance(node, cst.Name):
            values = possible_values(script, node) or passed_values(script, node)
        elif function is None and isinstance(node, cst.Call):
            values = [moved] if (moved := receiver(node)) is not None else []
        for value in values:
            yield from _made(script, value, depth + 1)


def _roots(script: Script) -> Iterator[Root]:
    """Yield where a network begins: a module of the author's, or a Sequential, that is not a part of another one."""
    modules = subclasses(script, _MODULE)
    inner = [call for call in script.calls if any(_holds_layers(script, modules, up) for up in script.above(call))]
    parts = {definition(script, call.func, kind) for call in inner for kind in (cst.ClassDef, cst.FunctionDef)}
    yield from (each for each in modules if each not in parts)
    for call in script.calls:
        if is_sequential(script, call) and not any(
            isinstance(outer, cst.ClassDef) or outer in parts or is_sequential(script, outer)
            for outer in script.above(call)
        ):
            yield call


def _holds_layers(script: Script, modules: list[cst.ClassDef], node: cst.CSTNode) -> bool:
    return node in modules or is_sequential(script, node)


def is_sequential(script: Script, node: cst.CSTNode | None) -> bool:
    """Return whether a node is a call of Sequential."""
    return isinstance(node, cst.Call) and script.is_called(node, SEQUENTIAL) is not None


def _in_sequential(script: Script, call: cst.Call) -> Iterator[Step]:
    """Yield the layers of `nn.Sequential(…)`, or of the list that it spreads."""
    for arg in call.args:
        if arg.star == "*":
            for each in listed(script, arg.value):
                yield from (_listed_as(step, each, call) for step in _layer(script, each.value, each.place))
        elif arg.star or arg.keyword is not None:
            raise NotUnderstoodError(f"the layers in line {script.line(arg)} were not found")
        else:
            yield from _layer(script, arg.value, arg)


def _listed_as(step: Step, each: Listed, inside: cst.Call) -> Step:
    repeated, optional = step.repeated or each.repeated, step.optional or each.optional
    spread = (each, inside) if repeated or step.place is each.place else (step.listed, step.inside)
    return replace(step, listed=spread[0], inside=spread[1], repeated=repeated, optional=optional)


def _layer(script: Script, value: cst.BaseExpression, place: Place | None) -> Iterator[Step]:
    """Yield the layer that an expression makes or stands for, or those of a Sequential."""
    made = value if isinstance(value, cst.Call) else _origin(script, value)
    function = called_function(script, made) if isinstance(made, cst.Call) else None
    if isinstance(made, cst.Call) and function is not None:
        returned = reached(script, list(returned_values(script, function)))
        if len(returned) != 1:
            raise NotUnderstoodError(f"{function.name.value} returns in {len(returned) or 'no'} places")
        yield from (replace(step, by=made, repeated=True) for step in _layer(script, returned[0], None))
        return
    if isinstance(made, cst.Attribute | cst.Name) and is_library(script, made):
        yield Step(last_name(made), None, place)
        return
    if not isinstance(made, cst.Call):
        raise NotUnderstoodError(f"line {script.line(value)} does not create the layer itself")
    if is_sequential(script, made):
        yield from _in_sequential(script, made)
        return
    yield Step(_class_of(script, made), made, place)


def _class_of(script: Script, made: cst.Call) -> str:
    """Return the class of a layer, also one that is passed as an argument."""
    own = definition(script, made.func, cst.ClassDef)
    known = own is not None or script.is_called(made, LAYER)
    func = made.func if known else _origin(script, made.func)
    name = last_name(func) if own is not None or any(map(LAYER.fullmatch, script.names(func))) else ""
    if not name:
        raise NotUnderstoodError(f"the layer in line {script.line(made)} is not one of PyTorch's")
    return script.is_called(made, LAYER) or name


def _origin(script: Script, node: cst.BaseExpression) -> cst.BaseExpression:
    """Return what an argument, a name or an entry of a dictionary stands for; itself where that is not found."""
    found = follow(At(script, node)).to
    in_script = isinstance(found, At) and found.script is script and isinstance(found.node, cst.BaseExpression)
    return found.node if in_script else node  # type: ignore[union-attr,return-value]  # checked


def _in_class(script: Script, node: cst.ClassDef) -> Iterator[Step]:
    """Yield what `forward` does, with the layers that attributes store."""
    forward = method(At(script, node), "forward")
    if forward is None:
        raise NotUnderstoodError("the network's class has no forward of its own")
    for rounds, group in groupby(way_through(script, forward.node), key=lambda each: each.rounds):
        body = list(group)
        for index in range(_number_of_rounds(script, body) if rounds is not None else 1):
            for applied in body:
                yield from _done(script, applied, index)


def _number_of_rounds(script: Script, body: Sequence[Applied]) -> int:
    """Return how many rounds of a loop are told apart: one for each element of the list of layers."""
    return max(len(_chosen(script, each)) if each.part else 1 for each in body)


def _done(script: Script, applied: Applied, index: int) -> Iterator[Step]:
    """Yield what one call of `forward` does; in a loop, in the round of that number."""
    if applied.layer is None:
        yield Step(applied.name, applied=applied.call, rounds=applied.rounds, optional=applied.optional)
        return
    statement, value = _stored(script, applied.layer)
    single = not applied.part
    for each in [Listed(value, None, None)] if single else _chosen(script, applied)[index : index + 1]:
        for step in _layer(script, each.value, statement):
            found = step if step.place is not statement else replace(step, applied=applied.call, rounds=applied.rounds)
            repeated, optional = found.repeated or each.repeated, found.optional or each.optional or applied.optional
            yield replace(found, repeated=repeated, optional=optional)


def _stored(script: Script, attribute: cst.Attribute) -> tuple[cst.SimpleStatementLine, cst.BaseExpression]:
    stored = attribute_values(script, attribute)
    if len(stored) != 1:
        raise NotUnderstoodError(f"{dotted(attribute)} is not assigned exactly once")
    return stored[0]


def _chosen(script: Script, applied: Applied) -> list[Listed]:
    """Return the layers that a call of `forward` applies, out of the list that an attribute holds."""
    if applied.layer is None or applied.part not in _PARTS:
        raise NotUnderstoodError(f"which layers line {script.line(applied.call)} applies was not found")
    every, loops = _kept(script, applied.layer), {"[:-1]": -1, "[1:]": 0}
    is_whole = applied.part in loops and every and every[loops[applied.part]].repeated
    return every if is_whole else every[_PARTS[applied.part]]


def _kept(script: Script, attribute: cst.Attribute) -> list[Listed]:
    """Return the layers that an attribute of a module keeps in a list."""
    _, value = _stored(script, attribute)
    if isinstance(value, cst.Call) and script.is_called(value, _LIST):
        found = [each for arg in value.args[:1] for each in listed(script, arg.value)]
        return [*found, *added(script, value, "append", "extend")]
    if isinstance(value, cst.Call) and is_sequential(script, value):
        return [Listed(arg.value, None, None) for arg in value.args if not arg.star]
    return list(listed(script, attribute))

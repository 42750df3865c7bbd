"""The layers of a network that is a list of them: given as one, or added one by one."""

from collections.abc import Iterator

import libcst as cst

from services.tweaker.edits.assignments import assigned_name, only_value, possible_values
from services.tweaker.edits.on_keras.layers import Layer, Place, kind_of, surroundings
from services.tweaker.source import NotUnderstoodError, Script, argument, called, dotted, receiver


def sequential(script: Script, start: cst.Call) -> Iterator[Layer]:
    """Yield the layers in the list that Sequential is given, then those that are added."""
    given = argument(start, "layers", position=0)
    if given is not None:
        yield from _listed(script, given, start)
    for call in _calls_on(script, start, "add"):
        yield _layer(script, call.args[0].value, script.statement(call), start)


def _listed(script: Script, node: cst.BaseExpression, start: cst.CSTNode) -> Iterator[Layer]:
    """Yield the layers of a list as it is written: brackets, sums of lists, comprehensions, names of lists."""
    if isinstance(node, cst.List | cst.Tuple):
        for element in node.elements:
            if isinstance(element, cst.Element):
                yield _layer(script, element.value, element, start)
            else:
                yield from _listed(script, element.value, start)
    elif isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        yield from _listed(script, node.left, start)
        yield from _listed(script, node.right, start)
    elif isinstance(node, cst.ListComp):
        yield _layer(script, node.elt, None, start)
    elif isinstance(node, cst.Name):
        yield from _collected(script, node)
    else:
        raise NotUnderstoodError(f"the list in line {script.line(start)} contains more than layers")


def _collected(script: Script, name: cst.Name) -> Iterator[Layer]:
    """Yield the layers of a list that is built before: in its brackets, then appended."""
    built = only_value(script, name)
    if not isinstance(built, cst.List):
        raise NotUnderstoodError(f"the list {name.value} in line {script.line(name)} contains more than layers")
    yield from _listed(script, built, built)
    for method in ("insert", "extend"):
        if any(_calls_on(script, built, method)):
            raise NotUnderstoodError(f"the list {name.value} is filled by {method}")
    for call in _calls_on(script, built, "append"):
        yield _layer(script, call.args[0].value, script.statement(call), built)


def _calls_on(script: Script, created: cst.CSTNode, method: str) -> Iterator[cst.Call]:
    """Yield the calls of a method with an argument on what is created there and assigned to a name or attribute."""
    target = assigned_name(script, created)
    for call in script.calls if target else ():
        on = receiver(call) if called(call) == method else None
        if on is not None and call.args and dotted(on) == target and _is_same(script, on, created):
            yield call


def _is_same(script: Script, on: cst.BaseExpression, created: cst.CSTNode) -> bool:
    """Return whether a name may stand for what is created there, or an attribute is of the same class."""
    if isinstance(on, cst.Name):
        return created in possible_values(script, on)
    return script.nearest(on, cst.ClassDef) is script.nearest(created, cst.ClassDef)


def _layer(script: Script, node: cst.BaseExpression, place: Place | None, start: cst.CSTNode) -> Layer:
    """Return the layer that is created by the node, or by what the name is assigned."""
    call = only_value(script, node) if isinstance(node, cst.Name) else node
    if not isinstance(call, cst.Call):
        raise NotUnderstoodError(f"line {script.line(node)} does not create the layer {script.code(node)} itself")
    repeated, optional = surroundings(script, node, start)
    return Layer(kind_of(script, call), call, place, repeated=repeated, optional=optional)


def with_parts(script: Script, layer: Layer) -> list[Layer]:
    """Return the layer, or the layers in it if it is itself a Sequential."""
    return list(sequential(script, layer.call)) if layer.kind == "Sequential" else [layer]

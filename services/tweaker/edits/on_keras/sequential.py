"""The layers of a network that is a list of them: given as one, or added one by one."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from services.tweaker.edits.on_keras import following
from services.tweaker.edits.on_keras.layers import Layer, Place, is_optional, is_repeated, kind_of
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import Script, argument, dotted


def sequential(script: Script, start: cst.Call) -> Iterator[Layer]:
    """Yield the layers in the list that Sequential is given, then those that are added.

    Raises:
        NotUnderstoodError: It holds what is not seen to be a layer.
    """
    given = argument(start, "layers", position=0)
    if given is not None:
        yield from _listed(script, given.value, start)
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
        raise NotUnderstoodError(f"the list in line {script.line(start)} holds more than layers")


def _collected(script: Script, name: cst.Name) -> Iterator[Layer]:
    """Yield the layers of a list that is built before: in its brackets, then appended."""
    built = following.value(script, name)
    if not isinstance(built, cst.List):
        raise NotUnderstoodError(f"the list {name.value} in line {script.line(name)} holds more than layers")
    yield from _listed(script, built, built)
    for method in ("insert", "extend"):
        if any(True for _ in _calls_on(script, built, method)):
            raise NotUnderstoodError(f"the list {name.value} is put together by {method}")
    for call in _calls_on(script, built, "append"):
        yield _layer(script, call.args[0].value, script.statement(call), built)


def _calls_on(script: Script, made: cst.CSTNode, method: str) -> Iterator[cst.Call]:
    """Yield the calls of a method with one argument on what is made there and assigned a name."""
    holder = script.parent(made)
    target = holder.targets[0].target if isinstance(holder, cst.Assign) else None
    if target is None or not dotted(target):
        return
    for call in script.calls:
        on = call.func.value if isinstance(call.func, cst.Attribute) and call.func.attr.value == method else None
        if on is None or len(call.args) < 1 or dotted(on) != dotted(target):
            continue
        if isinstance(on, cst.Name):
            if made in following.values(script, on):
                yield call
        elif following.class_around(script, on) is following.class_around(script, made):
            yield call


def _layer(script: Script, node: cst.BaseExpression, place: Place | None, start: cst.CSTNode) -> Layer:
    """Return the layer that is made by the node, or by what the name is assigned.

    Raises:
        NotUnderstoodError: It is not seen what it is.
    """
    made = following.value(script, node) if isinstance(node, cst.Name) else node
    if not isinstance(made, cst.Call):
        raise NotUnderstoodError(f"the layer {script.code(node)} in line {script.line(node)} is not made in its place")
    repeated, optional = is_repeated(script, node, start), is_optional(script, node, start)
    return Layer(kind_of(script, made), made, place, repeated=repeated, optional=optional)

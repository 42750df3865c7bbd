"""The layers of a network whose layers are applied to each other's results: functional, or in a class's `call`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from services.tweaker.edits.on_keras import following
from services.tweaker.edits.on_keras.layers import INPUT, Layer, is_optional, is_repeated, kind_of
from services.tweaker.edits.on_keras.sequential import sequential
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import Script

_DEEPEST = 240


class Walk:
    """Goes back from a result to the inputs, through every layer on the way.

    Attributes:
        layers: The layers met, inputs first.
    """

    def __init__(self, script: Script, start: cst.CSTNode) -> None:
        self._script = script
        self._start = start
        self._seen: set[int] = set()
        self._depth = 0
        self.layers: list[Layer] = []

    def back_from(self, node: cst.BaseExpression) -> None:
        """Collect the layers that lead to the value of *node*.

        Raises:
            NotUnderstoodError: So many follow on each other that they cannot be followed.
        """
        if id(node) in self._seen:
            return
        self._seen.add(id(node))
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotUnderstoodError("the network is too deep to be followed")
        self._parts_of(node)
        self._depth -= 1

    def _parts_of(self, node: cst.BaseExpression) -> None:
        """Go on with what *node* is made of."""
        if isinstance(node, cst.Call):
            self._call(node)
        elif isinstance(node, cst.Name):
            for value in following.values(self._script, node):
                self.back_from(value)
        else:
            for part in _parts(node):
                self.back_from(part)

    def _call(self, call: cst.Call) -> None:
        """Go through what a layer is applied to, then take the layer."""
        if self._script.is_called(call, INPUT):
            self._take("Input", call, None)
            return
        for arg in call.args:
            self.back_from(arg.value)
        for made, kept in self._applied(call):
            kind = kind_of(self._script, made)
            if kind == "Sequential" and kept is not None:
                self.layers.extend(sequential(self._script, made))
            else:
                self._take(kind, made, call, kept)

    def _applied(self, call: cst.Call) -> Iterator[tuple[cst.Call, cst.SimpleStatementLine | None]]:
        """Yield the layers that this call applies, with the statements that keep them where they are kept."""
        func, script = call.func, self._script
        if isinstance(func, cst.Call):
            yield func, None
        elif isinstance(func, cst.Attribute) and following.class_around(script, func) is not None:
            kept = following.attribute_values(script, func)
            yield from ((value, statement) for statement, value in kept if isinstance(value, cst.Call))
            if not kept:
                self._into(call)
        elif isinstance(func, cst.Name):
            if not self._into(call):
                made = following.value(script, func)
                yield made if isinstance(made, cst.Call) else call, None
        else:
            yield call, None

    def _into(self, call: cst.Call) -> bool:
        """Go through what the author's own function returns; tell whether it is one."""
        builder = following.function(self._script, call)
        for result in following.returned(self._script, builder) if builder is not None else ():
            self.back_from(result)
        return builder is not None

    def _take(
        self, kind: str, made: cst.Call, applied: cst.Call | None, kept: cst.SimpleStatementLine | None = None
    ) -> None:
        script, place = self._script, self._script.statement(applied or made)
        repeated = is_repeated(script, place, self._start) or self._is_in_a_block(place)
        self.layers.append(Layer(kind, made, place, applied, kept, repeated, is_optional(script, place, self._start)))

    def _is_in_a_block(self, place: cst.CSTNode) -> bool:
        """Tell whether the layer is made by a function that is called several times for one network."""
        script, owner = self._script, following.function_around(self._script, place)
        if owner is None or owner is following.function_around(script, self._start):
            return False
        return len([call for call in script.calls if following.function(script, call) is owner]) > 1


def _parts(node: cst.BaseExpression) -> list[cst.BaseExpression]:
    """Return the expressions that a result is put together from."""
    if isinstance(node, cst.List | cst.Tuple):
        return [element.value for element in node.elements]
    if isinstance(node, cst.Dict):
        return [element.value for element in node.elements]
    if isinstance(node, cst.BinaryOperation):
        return [node.left, node.right]
    if isinstance(node, cst.IfExp):
        return [node.body, node.orelse]
    return [node.value] if isinstance(node, cst.Subscript | cst.Attribute) else []

"""The layers of a network whose layers are applied to each other's results: functional, or in a class's `call`."""

from collections.abc import Iterator

import libcst as cst

from services.tweaker.edits import assignments
from services.tweaker.edits.branches import reachable, surroundings
from services.tweaker.edits.lists import listed
from services.tweaker.edits.on_keras.layers import INPUT, Layer, kind_of
from services.tweaker.edits.on_keras.sequential import sequential
from services.tweaker.source import NotUnderstoodError, Script
from services.tweaker.source.script import At
from services.tweaker.source.values.names import iterated

_DEEPEST = 240


class Walk:
    """A walk back from a result to the inputs, through every layer on the way.

    Attributes:
        layers: The layers met, inputs first.
    """

    def __init__(self, script: Script, start: cst.CSTNode) -> None:
        self._script = script
        self._start = start
        self._visited: set[cst.CSTNode] = set()
        self._depth = 0
        self.layers: list[Layer] = []

    def back_from(self, node: cst.BaseExpression) -> None:
        """Collect the layers that lead to the value of *node*."""
        if node in self._visited:
            return
        self._visited.add(node)
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotUnderstoodError("the network is too deep to be followed")
        if isinstance(node, cst.Call):
            self._call(node)
        parts = assignments.possible_values(self._script, node) if isinstance(node, cst.Name) else _parts(node)
        for part in reachable(self._script, parts):
            self.back_from(part)
        self._depth -= 1

    def _call(self, call: cst.Call) -> None:
        """Go through what a layer is applied to, then take the layer."""
        if self._script.is_called(call, INPUT):
            self._take("Input", call, None)
            return
        for arg in call.args:
            self.back_from(arg.value)
        for created, stored in self._applied(call):
            kind = kind_of(self._script, created)
            if kind == "Sequential" and stored is not None:
                self.layers.extend(sequential(self._script, created))
            else:
                self._take(kind, created, call, stored)

    def _applied(self, call: cst.Call) -> Iterator[tuple[cst.Call, cst.SimpleStatementLine | None]]:
        """Yield the layers that this call applies, with the statements that store them as attributes."""
        func, script = call.func, self._script
        if isinstance(func, cst.Attribute) and script.nearest(func, cst.ClassDef) is not None:
            yield from self._stored(call, func)
        elif isinstance(func, cst.Name) and (loop := iterated(At(script, func), func.value)) is not None:
            yield from self._kept(loop.node)
        elif not isinstance(func, cst.Name) or not self._into(call):
            created = assignments.resolved(script, func)
            yield created if isinstance(created, cst.Call) else call, None

    def _stored(self, call: cst.Call, func: cst.Attribute) -> Iterator[tuple[cst.Call, cst.SimpleStatementLine]]:
        stored = assignments.attribute_values(self._script, func)
        for statement, value in stored:
            if isinstance(value, cst.Call):
                yield value, statement
        if not stored:
            self._into(call)

    def _kept(self, layers: cst.CSTNode) -> Iterator[tuple[cst.Call, cst.SimpleStatementLine]]:
        """Yield the layers of a list that an attribute keeps and a loop goes through."""
        stored = assignments.attribute_values(self._script, layers) if isinstance(layers, cst.Attribute) else []
        for each in listed(self._script, layers) if len(stored) == 1 and isinstance(layers, cst.Attribute) else ():
            if isinstance(each.value, cst.Call):
                yield each.value, stored[0][0]

    def _into(self, call: cst.Call) -> bool:
        """Go through what the author's own function returns; return whether it is one."""
        function = assignments.called_function(self._script, call)
        for result in assignments.returned_values(self._script, function) if function is not None else ():
            self.back_from(result)
        return function is not None

    def _take(
        self, kind: str, created: cst.Call, applied: cst.Call | None, stored: cst.SimpleStatementLine | None = None
    ) -> None:
        script, place = self._script, self._script.statement(applied or created)
        repeated, optional = surroundings(script, place, self._start)
        repeated = repeated or self._is_in_a_block(place)
        self.layers.append(Layer(kind, created, place, applied, stored, None, repeated, optional))

    def _is_in_a_block(self, place: cst.CSTNode) -> bool:
        """Return whether the layer is created by a function that is called several times, or in a loop."""
        script, owner = self._script, self._script.nearest(place, cst.FunctionDef)
        if owner is None or owner is script.nearest(self._start, cst.FunctionDef):
            return False
        calls = [call for call in script.calls if assignments.called_function(script, call) is owner]
        return len(calls) > 1 or any(surroundings(script, call, self._start)[0] for call in calls)


def _parts(node: cst.BaseExpression) -> list[cst.BaseExpression]:
    """Return the expressions that a result is put together from."""
    if isinstance(node, cst.List | cst.Tuple | cst.Dict):
        return [element.value for element in node.elements]
    if isinstance(node, cst.BinaryOperation):
        return [node.left, node.right]
    if isinstance(node, cst.IfExp):
        return [node.body, node.orelse]
    return [node.value] if isinstance(node, cst.Subscript | cst.Attribute) else []

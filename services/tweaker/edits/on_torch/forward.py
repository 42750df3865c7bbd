"""What the `forward` of a module of PyTorch does to its input, one call after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst
import libcst.matchers as m

from services.tweaker.source import NotUnderstoodError, Script, called, dotted

_OF_SELF = m.Attribute(value=m.Name("self"))
_NUMBERED = len(("number", "layer"))


@dataclass(frozen=True)
class Applied:
    """One call on the way: of a layer that `self` keeps, of a function, or of a method of the tensor.

    Attributes:
        name: What is called.
        call: The call.
        layer: The attribute that is or holds the layer: `self.fc`, `self.layers`; None for others.
        part: Which of the layers it holds: `[-1]`, in a loop over them `[:]` or `[:-1]`; "" where it is the layer.
        rounds: The loop that does it in every round.
        optional: It depends on a condition.
    """

    name: str
    call: cst.Call
    layer: cst.Attribute | None = None
    part: str = ""
    rounds: cst.For | None = None
    optional: bool = False


Way = tuple[Applied, ...]


def way_through(script: Script, forward: cst.FunctionDef) -> Way:
    """Return what is applied to the one input, in order."""
    given = [param.name.value for param in forward.params.params[1:]]
    if len(given) != 1:
        raise NotUnderstoodError("forward takes several inputs")
    way = _Walk(script, given[0]).through(forward.body.body)
    if way is None:
        raise NotUnderstoodError("what forward returns was not found")
    return way


class _Walk:
    """A walk through the statements of `forward` that knows the way to each name."""

    def __init__(self, script: Script, given: str) -> None:
        self._script = script
        self._known: dict[str, Way] = {given: ()}
        self._lists: dict[str, cst.BaseExpression] = {}
        self._loop: cst.For | None = None
        self._optional = False

    def through(self, body: Sequence[cst.BaseStatement | cst.BaseSmallStatement]) -> Way | None:
        """Return the way to what the statements return; None where they return nothing."""
        for statement in body:
            if isinstance(statement, cst.For) and self._loop is None:
                self._rounds(statement)
            elif isinstance(statement, cst.If) and statement.orelse is None and not self._optional:
                self._optional = True
                self._inner(statement)
                self._optional = False
            elif not isinstance(statement, cst.SimpleStatementLine):
                raise self._branches(statement)
            for part in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
                if isinstance(part, cst.Return) and part.value is not None:
                    return self._way(part.value)
                if isinstance(part, cst.Assign):
                    self._assign(part)
        return None

    def _branches(self, statement: cst.CSTNode) -> NotUnderstoodError:
        return NotUnderstoodError(f"forward branches in line {self._script.line(statement)}")

    def _inner(self, statement: cst.For | cst.If) -> None:
        if statement.orelse is not None or self.through(statement.body.body) is not None:
            raise self._branches(statement)

    def _rounds(self, loop: cst.For) -> None:
        """Go through the body of a loop once: over layers, also numbered, or over their numbers."""
        target: cst.BaseExpression = loop.target
        iterated = loop.iter
        if isinstance(target, cst.Tuple) and len(target.elements) == _NUMBERED and called(iterated) == "enumerate":
            target, iterated = target.elements[1].value, cst.ensure_type(iterated, cst.Call).args[0].value
        self._lists, self._loop = {dotted(target): iterated}, loop
        self._inner(loop)
        self._lists, self._loop = {}, None

    def _assign(self, part: cst.Assign) -> None:
        """Record the way to what is assigned; what has none, such as a size, must not be on the way later."""
        name = dotted(part.targets[0].target)
        try:
            self._known[name] = self._way(part.value)
        except NotUnderstoodError:
            self._known.pop(name, None)

    def _way(self, node: cst.BaseExpression) -> Way:
        if isinstance(node, cst.Name) and node.value in self._known:
            return self._known[node.value]
        if not isinstance(node, cst.Call):
            raise NotUnderstoodError(f"line {self._script.line(node)} of forward is not understood")
        (layer, part), func = self._layer(node.func), node.func
        if layer is not None:
            before, name = self._way(self._only(node)), layer.attr.value
        elif isinstance(func, cst.Attribute) and not is_library(self._script, func):
            before, name = self._way(func.value), func.attr.value
        else:
            before, name = self._way(node.args[0].value if node.args else func), dotted(func).rpartition(".")[2]
        return (*before, Applied(name, node, layer, part, self._loop, self._optional))

    def _layer(self, func: cst.BaseExpression) -> tuple[cst.Attribute | None, str]:
        """Return the attribute that is or holds the layer that is called, and which part; None for a function."""
        over = self._lists.get(dotted(func))
        if over is not None:
            layers, part = self._divided(over)
            return layers, part or "[:]"
        layers, part = self._divided(func)
        name = part[1:-1]
        if name in self._lists:
            counted, held = self._script.code(self._lists[name]), self._script.code(layers) if layers else ""
            parts = {f"range(len({held}))": "[:]", f"range(len({held}) - 1)": "[:-1]"}
            return layers, parts.get(counted, part)
        return (layers, part) if name.lstrip("-").isdigit() or not part else (None, "")

    def _divided(self, node: cst.BaseExpression) -> tuple[cst.Attribute | None, str]:
        """Return `self.layers` and `[:-1]` of `self.layers[:-1]`."""
        whole = node.value if isinstance(node, cst.Subscript) else node
        if not isinstance(whole, cst.Attribute) or not m.matches(whole, _OF_SELF):
            return None, ""
        return whole, self._script.code(node).removeprefix(self._script.code(whole))

    def _only(self, call: cst.Call) -> cst.BaseExpression:
        if len(call.args) != 1 or call.args[0].keyword is not None or call.args[0].star:
            raise NotUnderstoodError(f"the layer in line {self._script.line(call)} is applied to more than one input")
        return call.args[0].value


def is_library(script: Script, func: cst.BaseExpression) -> bool:
    """Return whether a function or class of PyTorch is named, not a method of a tensor."""
    return any(name.startswith("torch.") for name in script.names(func))

"""Follow an estimator through a script to every place where something is done with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.assignments import assignments, definition
from services.tweaker.source import NotUnderstoodError, Script, called, dotted
from trainyard_analysis.vocabulary import SHOWING

PIPELINE = re.compile(r"sklearn\.pipeline\.(?:make_pipeline|Pipeline)")
ANY, VALUE = "any", "value"
Path = tuple[int | str, ...]
"""How to get from a container to the estimator: an index, any element of a list, any value of a dict."""

RETURN_SELF = frozenset({"fit", "set_params"})
"""Methods that return the estimator itself."""
COUNTING = frozenset({"len", "print", "keys", "append"})
"""Uses of a container that do not touch the estimators in it."""


def uses(script: Script, node: cst.BaseExpression) -> list[cst.BaseExpression]:
    """Return the expressions that stand for the estimator where an attribute of it is taken or a call is given it.

    It is followed through assignments, attributes of an object, lists, tuples and dicts, loops over these, functions
    that return it and functions that take it.

    Raises:
        NotUnderstoodError: It goes somewhere that cannot be followed.
    """
    return list(dict.fromkeys(_Uses(script).of(node, ())))


def pipeline_around(script: Script, node: cst.CSTNode) -> cst.Call | None:
    """Return the pipeline in which the node stands for a step."""
    found = (up for up in script.above(node) if isinstance(up, cst.Call) and script.is_called(up, PIPELINE))
    return next(found, None)


class _Uses:
    """The search for the uses of one estimator, which visits each expression once."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._visited = set[tuple[cst.CSTNode, Path]]()

    def of(self, node: cst.BaseExpression, path: Path) -> Iterator[cst.BaseExpression]:
        """Yield the uses of what is at *path* in *node*."""
        if (node, path) in self._visited:
            return
        self._visited.add((node, path))
        outer = self._script.parent(node)
        if pipeline_around(self._script, node) is not None:
            yield node
        elif isinstance(outer, cst.Arg):
            yield from self._as_argument(node, outer, path)
        elif isinstance(outer, cst.Attribute):
            yield from self._by_method(node, outer, path)
        elif isinstance(outer, cst.Element | cst.DictElement):
            yield from self._in_container(node, outer, path)
        elif not isinstance(outer, cst.Expr):
            yield from self._in_statement(node, outer, path)

    def _in_statement(
        self, node: cst.BaseExpression, outer: cst.CSTNode | None, path: Path
    ) -> Iterator[cst.BaseExpression]:
        if isinstance(outer, cst.Assign):
            for each in outer.targets:
                yield from self._of_target(each.target, path)
        elif isinstance(outer, cst.Return):
            yield from self._of_calls(outer, path)
        elif path and isinstance(outer, cst.For | cst.CompFor):
            yield from self._of_target(outer.target, path[1:])
        elif path and isinstance(outer, cst.Subscript) and outer.value is node:
            yield from self.of(outer, path[1:])
        elif not self._is_shown(outer):
            raise self._lost(node)

    def _is_shown(self, node: cst.CSTNode | None) -> bool:
        """Return whether the node is part of a text that is for people only."""
        if not isinstance(node, cst.FormattedStringExpression):
            return False
        calls = (up for up in self._script.above(node) if isinstance(up, cst.Call))
        return any(called(call) in SHOWING for call in calls)

    def _of_target(self, target: cst.BaseExpression, path: Path) -> Iterator[cst.BaseExpression]:
        """Follow a name, attribute or tuple that is assigned."""
        if isinstance(target, cst.Tuple) and path and isinstance(path[0], int) and path[0] < len(target.elements):
            yield from self._of_target(target.elements[path[0]].value, path[1:])
        elif isinstance(target, cst.Name) or dotted(target):
            for use in self._reads(target):
                yield from self.of(use, path)
        else:
            raise self._lost(target)

    def _reads(self, target: cst.BaseExpression) -> list[cst.BaseExpression]:
        """Return where a name, or an attribute by the same dotted name, is read."""
        if isinstance(target, cst.Name):
            nodes = [access.node for each in assignments(self._script, target) for access in each.references]
            return [node for node in nodes if isinstance(node, cst.Name)]
        same = self._script.nodes(cst.Attribute)
        return [each for each in same if each is not target and dotted(each) == dotted(target)]

    def _in_container(
        self, node: cst.BaseExpression, outer: cst.Element | cst.DictElement, path: Path
    ) -> Iterator[cst.BaseExpression]:
        """Follow the tuple, list or dict that it is in."""
        holder = self._script.parent(outer)
        if isinstance(holder, cst.Tuple) and isinstance(outer, cst.Element):
            yield from self.of(holder, (list(holder.elements).index(outer), *path))
        elif isinstance(holder, cst.List):
            yield from self.of(holder, (ANY, *path))
        elif isinstance(holder, cst.Dict) and isinstance(outer, cst.DictElement) and outer.value is node:
            yield from self.of(holder, (VALUE, *path))
        else:
            raise self._lost(node)

    def _by_method(self, node: cst.BaseExpression, outer: cst.Attribute, path: Path) -> Iterator[cst.BaseExpression]:
        """Follow what a method of it returns."""
        call, name = self._script.parent(outer), outer.attr.value
        if not path:
            yield node
            if name in RETURN_SELF and isinstance(call, cst.Call):
                yield from self.of(call, ())
        elif name == "items" and isinstance(call, cst.Call):
            yield from self.of(call, (ANY, 1, *path[1:]))
        elif name == "values" and isinstance(call, cst.Call):
            yield from self.of(call, (ANY, *path[1:]))
        elif name not in COUNTING:
            raise self._lost(node)

    def _as_argument(self, node: cst.BaseExpression, arg: cst.Arg, path: Path) -> Iterator[cst.BaseExpression]:
        """Follow it into a function of the script, into a list that it is appended to, and through a loop's helpers."""
        call = cst.ensure_type(self._script.parent(arg) or node, cst.Call)
        function, index = definition(self._script, call.func, cst.FunctionDef), list(call.args).index(arg)
        name = called(call)
        if function is not None:
            yield from self._of_target(_parameter(function, arg, index), path)
        elif name == "append" and m.matches(call.func, m.Attribute(value=m.Name())):
            yield from self._of_target(cst.ensure_type(call.func, cst.Attribute).value, (ANY, *path))
        elif path and name in {"zip", "enumerate"}:
            yield from self.of(call, (ANY, index if name == "zip" else 1, *path[1:]))
        elif not path or name not in COUNTING:
            yield node

    def _of_calls(self, node: cst.Return, path: Path) -> Iterator[cst.BaseExpression]:
        """Follow what calls of the function return."""
        function = self._script.nearest(node, cst.FunctionDef)
        if function is None:
            raise self._lost(node)
        for name in self._reads(function.name):
            call = self._script.parent(name)
            if not isinstance(call, cst.Call) or call.func is not name:
                raise self._lost(name)
            yield from self.of(call, path)

    def _lost(self, node: cst.CSTNode) -> NotUnderstoodError:
        return NotUnderstoodError(f"where the estimator in line {self._script.line(node)} goes cannot be followed")


def _parameter(function: cst.FunctionDef, arg: cst.Arg, index: int) -> cst.Name:
    """Return the parameter of the function that an argument is for."""
    for each in (*function.params.params, *function.params.kwonly_params):
        if arg.keyword is not None and each.name.value == arg.keyword.value:
            return each.name
    if arg.keyword is not None or arg.star or index >= len(function.params.params):
        raise NotUnderstoodError(f"how {function.name.value} is given the estimator is not understood")
    return function.params.params[index].name

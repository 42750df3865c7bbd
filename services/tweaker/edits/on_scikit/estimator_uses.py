"""Follow an estimator through a script to every place where something is done with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m
from libcst.metadata import Assignment

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import Script, dotted
from trainyard_analysis.vocabulary import SHOWING

PIPELINE = re.compile(r"sklearn\.pipeline\.(?:make_pipeline|Pipeline)")
ANY, VALUE = "any", "value"
Path = tuple[int | str, ...]
"""How to get from a container to the estimator: an index, any element of a list, any value of a dict."""

GIVE_BACK = frozenset({"fit", "set_params"})
"""Methods that give the estimator back."""
COUNTING = frozenset({"len", "print", "keys", "append"})
"""What is done with a container and does not touch the estimators in it."""


def uses(script: Script, node: cst.BaseExpression) -> list[cst.BaseExpression]:
    """Return the expressions that stand for the estimator where an attribute of it is taken or a call is given it.

    It is followed through assignments, attributes of an object, lists, tuples and dicts, loops over these, functions
    that return it and functions that take it.

    Raises:
        NotUnderstoodError: It goes somewhere that cannot be followed.
    """
    return list(dict.fromkeys(_Following(script).follow(node, ())))


def pipeline_around(script: Script, node: cst.CSTNode) -> cst.Call | None:
    """Return the pipeline in which the node stands for a step."""
    found = (up for up in script.above(node) if isinstance(up, cst.Call) and script.is_called(up, PIPELINE))
    return next(found, None)


class _Following:
    def __init__(self, script: Script) -> None:
        self._script = script
        self._seen = set[tuple[cst.CSTNode, Path]]()

    def follow(self, node: cst.BaseExpression, path: Path) -> Iterator[cst.BaseExpression]:
        """Yield the uses of what is at *path* in *node*."""
        if (node, path) in self._seen:
            return
        self._seen.add((node, path))
        outer = self._script.parent(node)
        if pipeline_around(self._script, node) is not None:
            yield node
        elif isinstance(outer, cst.Arg):
            yield from self._given(node, outer, path)
        elif isinstance(outer, cst.Attribute):
            yield from self._taken(node, outer, path)
        elif isinstance(outer, cst.Element | cst.DictElement):
            yield from self._kept(node, outer, path)
        elif not isinstance(outer, cst.Expr):
            yield from self._handed_on(node, outer, path)

    def _handed_on(
        self, node: cst.BaseExpression, outer: cst.CSTNode | None, path: Path
    ) -> Iterator[cst.BaseExpression]:
        """Follow what a statement does with it."""
        if isinstance(outer, cst.Assign) and outer.value is node:
            for each in outer.targets:
                yield from self._bound(each.target, path)
        elif isinstance(outer, cst.For | cst.CompFor) and outer.iter is node and path:
            yield from self._bound(outer.target, path[1:])
        elif isinstance(outer, cst.Subscript) and outer.value is node and path:
            yield from self.follow(outer, path[1:])
        elif isinstance(outer, cst.Return):
            yield from self._returned(outer, path)
        elif not (isinstance(outer, cst.FormattedStringExpression) and self._is_shown(outer)):
            raise self._lost(node)

    def _is_shown(self, node: cst.CSTNode) -> bool:
        """Tell whether the text that a node stands in is for people only."""
        calls = (up for up in self._script.above(node) if isinstance(up, cst.Call))
        return any(self._script.code(call.func).rpartition(".")[2] in SHOWING for call in calls)

    def _bound(self, target: cst.BaseExpression, path: Path) -> Iterator[cst.BaseExpression]:
        """Follow what is given a name."""
        if isinstance(target, cst.Name):
            for use in self._references(target):
                yield from self.follow(use, path)
        elif isinstance(target, cst.Attribute) and dotted(target):
            same = [each for each in m.findall(self._script.module, m.Attribute()) if each is not target]
            for each in same:
                if isinstance(each, cst.Attribute) and dotted(each) == dotted(target):
                    yield from self.follow(each, path)
        elif isinstance(target, cst.Tuple) and path and isinstance(path[0], int) and path[0] < len(target.elements):
            yield from self._bound(target.elements[path[0]].value, path[1:])
        else:
            raise self._lost(target)

    def _references(self, name: cst.Name) -> list[cst.Name]:
        found = [each for each in self._script.scope(name)[name.value] if isinstance(each, Assignment)]
        nodes = [access.node for each in found for access in each.references]
        return [node for node in nodes if isinstance(node, cst.Name)]

    def _kept(
        self, node: cst.BaseExpression, outer: cst.Element | cst.DictElement, path: Path
    ) -> Iterator[cst.BaseExpression]:
        """Follow the tuple, list or dict that it is in."""
        holder = self._script.parent(outer)
        if isinstance(holder, cst.Tuple) and isinstance(outer, cst.Element):
            yield from self.follow(holder, (list(holder.elements).index(outer), *path))
        elif isinstance(holder, cst.List):
            yield from self.follow(holder, (ANY, *path))
        elif isinstance(holder, cst.Dict) and isinstance(outer, cst.DictElement) and outer.value is node:
            yield from self.follow(holder, (VALUE, *path))
        else:
            raise self._lost(node)

    def _taken(self, node: cst.BaseExpression, outer: cst.Attribute, path: Path) -> Iterator[cst.BaseExpression]:
        """Follow what a method of it gives."""
        call, name = self._script.parent(outer), outer.attr.value
        if not path:
            yield node
            if name in GIVE_BACK and isinstance(call, cst.Call):
                yield from self.follow(call, ())
        elif name == "items" and isinstance(call, cst.Call):
            yield from self.follow(call, (ANY, 1, *path[1:]))
        elif name == "values" and isinstance(call, cst.Call):
            yield from self.follow(call, (ANY, *path[1:]))
        elif name not in COUNTING:
            raise self._lost(node)

    def _given(self, node: cst.BaseExpression, arg: cst.Arg, path: Path) -> Iterator[cst.BaseExpression]:
        """Follow it into a function of the script, into a list that it is appended to, and through a loop's helpers."""
        call = self._script.parent(arg)
        if not isinstance(call, cst.Call):
            raise self._lost(node)
        function, index = self._function(call), list(call.args).index(arg)
        called = self._script.code(call.func).rpartition(".")[2]
        if function is not None:
            yield from self._bound(_parameter(function, arg, index), path)
        elif called == "append" and isinstance(call.func, cst.Attribute) and isinstance(call.func.value, cst.Name):
            yield from self._bound(call.func.value, (ANY, *path))
        elif path and called == "zip":
            yield from self.follow(call, (ANY, index, *path[1:]))
        elif path and called == "enumerate":
            yield from self.follow(call, (ANY, 1, *path[1:]))
        elif not path or called not in COUNTING:
            yield node

    def _function(self, call: cst.Call) -> cst.FunctionDef | None:
        """Return the function of the script that is called."""
        if not isinstance(call.func, cst.Name):
            return None
        found = [each.node for each in self._script.scope(call)[call.func.value] if isinstance(each, Assignment)]
        return found[0] if len(found) == 1 and isinstance(found[0], cst.FunctionDef) else None

    def _returned(self, node: cst.Return, path: Path) -> Iterator[cst.BaseExpression]:
        """Follow what calls of the function give."""
        function = next((up for up in self._script.above(node) if isinstance(up, cst.FunctionDef)), None)
        if function is None:
            raise self._lost(node)
        for name in self._references(function.name):
            call = self._script.parent(name)
            if not isinstance(call, cst.Call) or call.func is not name:
                raise self._lost(name)
            yield from self.follow(call, path)

    def _lost(self, node: cst.CSTNode) -> NotUnderstoodError:
        return NotUnderstoodError(f"where the estimator in line {self._script.line(node)} goes cannot be followed")


def _parameter(function: cst.FunctionDef, arg: cst.Arg, index: int) -> cst.Name:
    """Return the parameter of the function that an argument is for."""
    for each in (*function.params.params, *function.params.kwonly_params):
        if arg.keyword is not None and each.name.value == arg.keyword.value:
            return each.name
    if arg.keyword is not None or arg.star or index >= len(function.params.params):
        raise NotUnderstoodError(f"{function.name.value} is given the estimator in a way that is not understood")
    return function.params.params[index].name

"""Follow an estimator through a script to every place where something is done with it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar

import libcst as cst

from services.tweaker.edits.assignments import definition, reads_of
from services.tweaker.source import NotUnderstoodError, Script, called, dotted, receiver
from services.tweaker.source.values.functions import Function
from trainyard_analysis.vocabulary import SHOWING

PIPELINE = re.compile(r"sklearn\.pipeline\.(?:make_pipeline|Pipeline)")
ANY, VALUE = "any", "value"
Path = tuple[int | str, ...]
"""How to get from a container to the estimator: an index, any element of a list, any value of a dict."""
Uses = Iterator[cst.BaseExpression]

RETURN_SELF = frozenset({"fit", "set_params"})
"""Methods that return the estimator itself."""
COUNTING = frozenset({"len", "print", "keys", "append"})
"""Uses of a container that do not touch the estimators in it."""
_VIEWS: Mapping[str, Path] = {"items": (ANY, 1), "values": (ANY,)}


def uses(script: Script, node: cst.BaseExpression) -> list[cst.BaseExpression]:
    """Return the expressions that stand for the estimator where an attribute of it is taken or a call is given it.

    It is followed through assignments, attributes of an object, lists, tuples and dicts, loops over these, functions
    that return it and functions that take it.
    """
    return list(dict.fromkeys(_Uses(script).of(node, ())))


def pipeline_around(script: Script, node: cst.CSTNode) -> cst.Call | None:
    """Return the pipeline in which the node stands for a step."""
    found = (up for up in script.above(node) if isinstance(up, cst.Call) and script.is_called(up, PIPELINE))
    return next(found, None)


def pipelines_of(script: Script, node: cst.BaseExpression) -> list[cst.Call | None]:
    """Return the pipelines of which the estimator is a step; None is among them where it is also used by itself."""
    return list(dict.fromkeys(pipeline_around(script, use) for use in uses(script, node)))


def attributes_of(script: Script, node: cst.BaseExpression) -> Iterator[tuple[cst.BaseExpression, cst.Attribute]]:
    """Yield the uses of the estimator of which an attribute is taken, with that."""
    for use in uses(script, node):
        outer = script.parent(use)
        if isinstance(outer, cst.Attribute):
            yield use, outer


class _Uses:
    """The search for the uses of one estimator, which visits each expression once."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._visited = set[tuple[cst.CSTNode, Path]]()

    def of(self, node: cst.BaseExpression, path: Path) -> Uses:
        """Yield the uses of what is at *path* in *node*."""
        if (node, path) in self._visited:
            return
        self._visited.add((node, path))
        outer = self._script.parent(node)
        if pipeline_around(self._script, node) is not None:
            yield node
        elif type(outer) in self._follow:
            yield from self._follow[type(outer)](self, node, outer, path)
        elif not isinstance(outer, cst.Expr):
            raise self._lost(node)

    def _assigned(self, _: cst.BaseExpression, outer: cst.Assign, path: Path) -> Uses:
        for each in outer.targets:
            yield from self._of_target(each.target, path)

    def _iterated(self, node: cst.BaseExpression, outer: cst.For | cst.CompFor, path: Path) -> Uses:
        if not path:
            raise self._lost(node)
        yield from self._of_target(outer.target, path[1:])

    def _subscripted(self, node: cst.BaseExpression, outer: cst.Subscript, path: Path) -> Uses:
        if not path or outer.value is not node:
            raise self._lost(node)
        yield from self.of(outer, path[1:])

    def _shown(self, node: cst.BaseExpression, outer: cst.FormattedStringExpression, _: Path) -> Uses:
        """Allow a part of a text that is for people only."""
        if not any(called(call) in SHOWING for call in self._script.above(outer)):
            raise self._lost(node)
        return iter(())

    def _of_target(self, target: cst.BaseExpression, path: Path) -> Uses:
        """Follow a name, attribute or tuple that is assigned."""
        if isinstance(target, cst.Tuple) and path and isinstance(path[0], int) and path[0] < len(target.elements):
            yield from self._of_target(target.elements[path[0]].value, path[1:])
        elif isinstance(target, cst.Name) or dotted(target):
            for use in self._reads(target):
                yield from self.of(use, path)
        else:
            raise self._lost(target)

    def _reads(self, target: cst.BaseExpression) -> Sequence[cst.BaseExpression]:
        """Return where a name, or an attribute by the same dotted name, is read."""
        if isinstance(target, cst.Name):
            return reads_of(self._script, target)
        same = (each for each in self._script.nodes(cst.Attribute) if each is not target)
        return [each for each in same if dotted(each) == dotted(target)]

    def _element(self, _: cst.BaseExpression, outer: cst.Element, path: Path) -> Uses:
        """Follow the tuple or list that it is in."""
        holder = self._script.parent(outer)
        if isinstance(holder, cst.Tuple):
            yield from self.of(holder, (list(holder.elements).index(outer), *path))
        elif isinstance(holder, cst.List):
            yield from self.of(holder, (ANY, *path))
        else:
            raise self._lost(outer)

    def _entry(self, node: cst.BaseExpression, outer: cst.DictElement, path: Path) -> Uses:
        """Follow the dictionary in which it is a value."""
        holder = self._script.parent(outer)
        if not isinstance(holder, cst.Dict) or outer.value is not node:
            raise self._lost(node)
        yield from self.of(holder, (VALUE, *path))

    def _attribute(self, node: cst.BaseExpression, outer: cst.Attribute, path: Path) -> Uses:
        """Follow what a method of it returns."""
        call, name = self._script.parent(outer), outer.attr.value
        if not path:
            yield node
            if name in RETURN_SELF and isinstance(call, cst.Call):
                yield from self.of(call, ())
        elif name in _VIEWS and isinstance(call, cst.Call):
            yield from self.of(call, (*_VIEWS[name], *path[1:]))
        elif name not in COUNTING:
            raise self._lost(node)

    def _argument(self, node: cst.BaseExpression, arg: cst.Arg, path: Path) -> Uses:
        """Follow it into a function of the script, into a list that it is appended to, and through a loop's helpers."""
        call = cst.ensure_type(self._script.parent(arg), cst.Call)
        name, owner, inside = called(call), receiver(call), {"zip": list(call.args).index(arg), "enumerate": 1}
        function = definition(self._script, call.func, cst.FunctionDef)
        if function is not None:
            yield from self._of_target(self._parameter(function, arg, call), path)
        elif name == "append" and isinstance(owner, cst.Name):
            yield from self._of_target(owner, (ANY, *path))
        elif path and name in inside:
            yield from self.of(call, (ANY, inside[name], *path[1:]))
        elif not path or name not in COUNTING:
            yield node

    def _parameter(self, function: cst.FunctionDef, arg: cst.Arg, call: cst.Call) -> cst.Name:
        """Return the parameter of the function that an argument is for."""
        param = Function(self._script, function).param(arg, call)
        if param is None:
            raise NotUnderstoodError(f"how {function.name.value} is given the estimator is not understood")
        return param.name

    def _returned(self, node: cst.BaseExpression, outer: cst.Return, path: Path) -> Uses:
        """Follow what calls of the function return."""
        function = self._script.nearest(outer, cst.FunctionDef)
        if function is None:
            raise self._lost(node)
        for name in self._reads(function.name):
            call = self._script.parent(name)
            if not isinstance(call, cst.Call) or call.func is not name:
                raise self._lost(name)
            yield from self.of(call, path)

    def _lost(self, node: cst.CSTNode) -> NotUnderstoodError:
        return NotUnderstoodError(
            f"the estimator in line {self._script.line(node)} cannot be followed through the script"
        )

    _follow: ClassVar[Mapping[type, Callable[..., Uses]]] = {
        cst.Arg: _argument,
        cst.Attribute: _attribute,
        cst.Element: _element,
        cst.DictElement: _entry,
        cst.Assign: _assigned,
        cst.Return: _returned,
        cst.For: _iterated,
        cst.CompFor: _iterated,
        cst.Subscript: _subscripted,
        cst.FormattedStringExpression: _shown,
    }
    """How an estimator is followed, by the kind of node around it."""

"""Follow a name to what it stands for at the place where it is used."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m
from libcst.metadata import Assignment

from services.tweaker.source.script import Script, argument, dotted

_CONDITIONS = (cst.If, cst.For, cst.While, cst.Try)


def values(script: Script, name: cst.Name) -> list[cst.BaseExpression]:
    """Return what the name may have been assigned at this use, the latest first.

    What is assigned further down does not count, nor what stands above an assignment that is always made.
    """
    kept: list[cst.BaseExpression] = []
    around = {id(outer) for outer in script.above(name)}
    for node in _above(script, name):
        found = _value(script, node)
        if found is not None:
            kept.append(found)
        if not any(isinstance(outer, _CONDITIONS) and id(outer) not in around for outer in script.above(node)):
            break
    return kept


def value(script: Script, name: cst.Name) -> cst.BaseExpression | None:
    """Return what the name is assigned where it is used, if that is one thing only."""
    found = values(script, name)
    return found[0] if len(found) == 1 else None


def attribute_values(script: Script, node: cst.Attribute) -> list[tuple[cst.SimpleStatementLine, cst.BaseExpression]]:
    """Return what `self.name` is assigned anywhere in the class around the node, with the statements."""
    text, holder = dotted(node), class_around(script, node)
    return [
        (script.statement(each), each.value)
        for each in (m.findall(holder, m.Assign()) if holder is not None else ())
        if isinstance(each, cst.Assign) and any(dotted(target.target) == text for target in each.targets)
    ]


def class_around(script: Script, node: cst.CSTNode) -> cst.ClassDef | None:
    """Return the class in whose body the node stands."""
    return next((outer for outer in script.above(node) if isinstance(outer, cst.ClassDef)), None)


def function_around(script: Script, node: cst.CSTNode) -> cst.FunctionDef | None:
    """Return the function in whose body the node stands."""
    return next((outer for outer in script.above(node) if isinstance(outer, cst.FunctionDef)), None)


def function(script: Script, call: cst.Call) -> cst.FunctionDef | None:
    """Return the function or, on `self`, the method of this script that is called."""
    if isinstance(call.func, cst.Attribute) and m.matches(call.func.value, m.Name("self")):
        holder = class_around(script, call)
        methods = [
            node for node in (holder.body.body if holder is not None else ()) if isinstance(node, cst.FunctionDef)
        ]
        return next((node for node in methods if node.name.value == call.func.attr.value), None)
    return _defined(script, call.func, cst.FunctionDef)


def class_called(script: Script, call: cst.Call) -> cst.ClassDef | None:
    """Return the class of this script that is called."""
    return _defined(script, call.func, cst.ClassDef)


def returned(script: Script, made_by: cst.FunctionDef) -> Iterator[cst.BaseExpression]:
    """Yield what the function returns."""
    for node in m.findall(made_by, m.Return()):
        if isinstance(node, cst.Return) and node.value is not None and function_around(script, node) is made_by:
            yield node.value


def given_for(script: Script, name: cst.Name) -> list[cst.BaseExpression]:
    """Return what callers give for the parameter *name* of the function around it."""
    owner = function_around(script, name)
    names = [each.name.value for each in owner.params.params] if owner is not None else []
    if owner is None or name.value not in names:
        return []
    calls = [call for call in script.calls if function(script, call) is owner]
    given = [argument(call, name.value, position=names.index(name.value)) for call in calls]
    return [arg.value for arg in given if arg is not None]


def _above(script: Script, name: cst.Name) -> list[cst.CSTNode]:
    """Return the assignments to the name that stand above its use, the nearest first; all where it is a global's."""
    found = [each for each in script.scope(name)[name.value] if isinstance(each, Assignment)]
    near = [each.node for each in found if each.scope is script.scope(name)]
    nodes = [node for node in near if _end(script, node) < script.place(name)] if near else [x.node for x in found]
    return sorted(nodes, key=script.place, reverse=True)


def _end(script: Script, node: cst.CSTNode) -> tuple[int, int]:
    """Return from where on the assignment holds."""
    target = script.parent(node)
    holder = target if isinstance(target, cst.AnnAssign) else script.parent(target or node)
    return script.place(holder if isinstance(holder, cst.Assign | cst.AnnAssign) else node)


def _value(script: Script, node: cst.CSTNode) -> cst.BaseExpression | None:
    """Return what a plain statement assigns to the name."""
    target = script.parent(node)
    holder = script.parent(target) if target is not None else None
    if isinstance(target, cst.AnnAssign) and target.target is node:
        return target.value
    return holder.value if isinstance(holder, cst.Assign) and isinstance(target, cst.AssignTarget) else None


def _defined(script: Script, func: cst.BaseExpression, kind: type[cst.CSTNodeT]) -> cst.CSTNodeT | None:
    """Return the one definition of that kind that the name stands for."""
    if not isinstance(func, cst.Name):
        return None
    found = [each.node for each in script.scope(func)[func.value] if isinstance(each, Assignment)]
    return found[0] if len(found) == 1 and isinstance(found[0], kind) else None

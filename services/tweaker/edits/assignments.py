"""What a name stands for where it is used, as far as the script's assignments, functions and classes show."""

import re
from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m
from libcst.metadata import Assignment

from services.tweaker.source import Script, argument, dotted
from services.tweaker.source.script import At
from services.tweaker.source.values.functions import method

_CONDITIONS = (cst.If, cst.For, cst.While, cst.Try)


def possible_values(script: Script, name: cst.Name) -> list[cst.BaseExpression]:
    """Return what the name may have been assigned where it is used, the latest first.

    Assignments further down do not count, nor do those above an unconditional assignment.
    """
    values = (assigned_value(script, target) for target in _reaching(script, name))
    return [value for value in values if value is not None]


def latest(script: Script, name: cst.Name) -> cst.CSTNode | None:
    """Return the target of the nearest assignment that may hold where a name is used."""
    return next(_reaching(script, name), None)


def only_value(script: Script, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """Return what a name is assigned where it is used; None where that is not certain, or it is not a name."""
    targets = list(_reaching(script, node)) if isinstance(node, cst.Name) else []
    return assigned_value(script, targets[0]) if len(targets) == 1 else None


def resolved(script: Script, node: cst.BaseExpression) -> cst.BaseExpression:
    """Return what a name is assigned where it is used, if that is certain; else the node itself."""
    return only_value(script, node) or node


def assigned_name(script: Script, value: cst.CSTNode | None) -> str:
    """Return the dotted name that a value is assigned to; an empty text where it is not."""
    holder = script.parent(value) if value is not None else None
    return dotted(holder.targets[0].target) if isinstance(holder, cst.Assign) else ""


def attribute_values(script: Script, node: cst.Attribute) -> list[tuple[cst.SimpleStatementLine, cst.BaseExpression]]:
    """Return what `self.name` is assigned anywhere in the class around the node, with the statements."""
    text, holder = dotted(node), script.nearest(node, cst.ClassDef)
    return [
        (script.statement(each), each.value)
        for each in (m.findall(holder, m.Assign()) if holder is not None else ())
        if isinstance(each, cst.Assign) and any(dotted(target.target) == text for target in each.targets)
    ]


def called_function(script: Script, call: cst.Call) -> cst.FunctionDef | None:
    """Return the function of this script that is called, or the method if it is called on `self`."""
    if isinstance(call.func, cst.Attribute) and m.matches(call.func.value, m.Name("self")):
        holder = script.nearest(call, cst.ClassDef)
        found = method(At(script, holder), call.func.attr.value) if holder is not None else None
        return found.node if found is not None else None
    return definition(script, call.func, cst.FunctionDef)


def definition(script: Script, name: cst.BaseExpression, kind: type[cst.CSTNodeT]) -> cst.CSTNodeT | None:
    """Return the function or class that a name stands for, if the script defines exactly one by that name."""
    targets = assignments(script, name) if isinstance(name, cst.Name) else []
    found = targets[0].node if len(targets) == 1 else None
    return found if isinstance(found, kind) else None


def subclasses(script: Script, base: re.Pattern[str]) -> list[cst.ClassDef]:
    """Return the author's classes that inherit from a class whose full name matches."""
    return [
        node
        for node in script.nodes(cst.ClassDef)
        if any(base.fullmatch(name) for each in node.bases for name in script.names(each.value))
    ]


def returned_values(script: Script, function: cst.FunctionDef) -> Iterator[cst.BaseExpression]:
    """Yield what the function returns."""
    for node in m.findall(function, m.Return()):
        value = cst.ensure_type(node, cst.Return).value
        if value is not None and script.nearest(node, cst.FunctionDef) is function:
            yield value


def passed_values(script: Script, name: cst.Name) -> list[cst.BaseExpression]:
    """Return what callers pass for the parameter *name* of the function around it."""
    function = script.nearest(name, cst.FunctionDef)
    names = [each.name.value for each in function.params.params] if function is not None else []
    if name.value not in names:
        return []
    position = names.index(name.value)
    calls = (call for call in script.calls if called_function(script, call) is function)
    return [value for call in calls if (value := argument(call, name.value, position=position)) is not None]


def names_in(node: cst.CSTNode) -> list[cst.Name]:
    """Return the names that stand in a node."""
    return [name for name in m.findall(node, m.Name()) if isinstance(name, cst.Name)]


def is_variable(script: Script, name: cst.Name) -> bool:
    """Return whether a name is not that of an attribute or a keyword."""
    outer = script.parent(name)
    label = outer.attr if isinstance(outer, cst.Attribute) else outer.keyword if isinstance(outer, cst.Arg) else None
    return label is not name


def assignments(script: Script, name: cst.Name) -> list[Assignment]:
    """Return every assignment to a name in its scope: statements, parameters, definitions, loops."""
    return [each for each in script.scope(name)[name.value] if isinstance(each, Assignment)]


def reads_of(script: Script, name: cst.Name) -> list[cst.Name]:
    """Return where what is assigned to a name is read by it."""
    accesses = (access.node for each in assignments(script, name) for access in each.references)
    return [node for node in accesses if isinstance(node, cst.Name)]


def _reaching(script: Script, name: cst.Name) -> Iterator[cst.CSTNode]:
    """Yield the targets of the assignments that may hold where a name is used, the nearest first.

    What `+=` adds to is among them.
    """
    around = set(script.above(name))
    for target in _above(script, name):
        yield target
        conditions = (outer for outer in script.above(target) if isinstance(outer, _CONDITIONS))
        if not isinstance(script.parent(target), cst.AugAssign) and all(outer in around for outer in conditions):
            break


def _above(script: Script, name: cst.Name) -> list[cst.CSTNode]:
    """Return the targets above the use of a name, the nearest first; all where it is a global's."""
    every = assignments(script, name)
    near = [each.node for each in every if each.scope is script.scope(name)]
    targets = [node for node in near if _end(script, node) < script.place(name)] if near else [x.node for x in every]
    return sorted(targets, key=script.place, reverse=True)


def _end(script: Script, target: cst.CSTNode) -> tuple[int, int]:
    """Return from where on the assignment holds."""
    kinds = cst.Assign | cst.AnnAssign | cst.BaseCompoundStatement
    holder = next((each for each in script.above(target) if isinstance(each, kinds)), None)
    return script.place(target if holder is None or isinstance(holder, cst.BaseCompoundStatement) else holder)


def assigned_value(script: Script, target: cst.CSTNode) -> cst.BaseExpression | None:
    """Return what a plain or annotated assignment gives its target; None for other targets."""
    holder = script.parent(target)
    if isinstance(holder, cst.AnnAssign):
        return holder.value if holder.target is target else None
    statement = script.parent(holder) if isinstance(holder, cst.AssignTarget) else None
    return statement.value if isinstance(statement, cst.Assign) else None

"""Names: what they are assigned, and where they are read."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m
from libcst.metadata import Assignment, BaseAssignment, ClassScope, GlobalScope, ImportAssignment, Scope

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import Script
from services.tweaker.source.values import modules
from services.tweaker.source.values.places import At, Key, Step, Var


def variable(script: Script, name: str, scope: Scope, *, whole: bool = False) -> Var:
    """Return the variable that a name means in a scope: the one of the scope where it is assigned."""
    assigned = list(scope[name])
    return Var(script, name, assigned[0].scope if assigned else scope, whole)


def follow_name(at: At, name: str) -> Step:
    """Return what a name is assigned, if that happens once; a parameter is returned as such.

    Raises:
        NotUnderstoodError: It is assigned several times, or not where it is seen.
    """
    opened = _opened(at, name)
    if opened is not None:
        return Step(opened)
    assigned = assignments(at.script, at.script.scope(at.node), name)
    through = (variable(at.script, name, at.script.scope(at.node)),)
    if not assigned:
        return _starred(at, name)
    value = _one(at.script, assigned)
    if value is None:
        foreign = all(isinstance(each, ImportAssignment) for each in assigned)
        what = "comes from outside the code" if foreign else "is not assigned once"
        raise NotUnderstoodError(f"{name} in line {at.script.line(at.node)} {what}")
    if isinstance(value, tuple):
        return Step(_in_module(*value), (*through, *_as_global(*value)))
    return Step(at.to(value), through)


def global_of(script: Script, name: str) -> Step:
    """Return what a name is assigned at module level of *script*; a name imported there is followed on.

    Raises:
        NotUnderstoodError: As `follow_name`; or a script assigns it from outside.
    """
    scope = script.scope(script.module)
    value = _one(script, assignments(script, scope, name))
    if value is None:
        raise NotUnderstoodError(f"{name} in {script.name} is not assigned once")
    through = (Var(script, name, scope), Key(script, name))
    if isinstance(value, tuple):
        return Step(_in_module(*value), (*through, *_as_global(*value)))
    return Step(At(script, value), through)


def assignments(script: Script, scope: Scope, name: str) -> list[BaseAssignment]:
    """Return where a name is assigned in its scope, builtins left out."""
    del script
    return [each for each in scope[name] if isinstance(each, Assignment | ImportAssignment)]


def reads(var: Var) -> Iterator[At]:
    """Yield every place where the variable is read, in the author's other scripts too."""
    for assigned in var.scope[var.name]:
        for access in assigned.references:
            yield At(var.script, leftmost(access.node))
    if isinstance(var.scope, GlobalScope) and not isinstance(var.scope, ClassScope):
        yield from _reads_elsewhere(var)


def leftmost(node: cst.CSTNode) -> cst.CSTNode:
    """Return the name at the root of `a.b.c`."""
    return leftmost(node.value) if isinstance(node, cst.Attribute) else node


def assigned_value(script: Script, target: cst.CSTNode) -> cst.BaseExpression | None:
    """Return what a name is assigned at this place, in a plain or annotated assignment or as one of a tuple."""
    holder = script.parent(target)
    if isinstance(holder, cst.AnnAssign) and holder.target is target:
        return holder.value
    if isinstance(holder, cst.AssignTarget):
        outer = script.parent(holder)
        return outer.value if isinstance(outer, cst.Assign) and len(outer.targets) == 1 else None
    return _of_tuple(script, target, holder) if isinstance(holder, cst.Element) else None


def _opened(at: At, name: str) -> At | None:
    """Return what the nearest `with … as name` around a use opens."""
    for outer in at.script.above(at.node):
        for item in outer.items if isinstance(outer, cst.With) else ():
            if item.asname is not None and m.matches(item.asname.name, m.Name(name)):
                return at.to(item.item)
    return None


def _of_tuple(script: Script, target: cst.CSTNode, element: cst.Element) -> cst.BaseExpression | None:
    """Return the value at the place of a name in `a, b = 1, 2`."""
    names = script.parent(element)
    value = assigned_value(script, names) if isinstance(names, cst.Tuple) else None
    if not isinstance(names, cst.Tuple):
        return None
    index = [each.value for each in names.elements].index(target)  # type: ignore[arg-type]  # a name in a tuple
    if isinstance(value, cst.Tuple | cst.List) and len(value.elements) == len(names.elements):
        return value.elements[index].value
    first = index == 0 and isinstance(value, cst.Call) and m.matches(value.func, _KNOWN_ARGS)
    return value if first else None


_KNOWN_ARGS = m.Attribute(attr=m.Name("parse_known_args"))


def _one(script: Script, assigned: list[BaseAssignment]) -> cst.CSTNode | tuple[Script, str] | None:
    """Return the value that one assignment, or one with a command line's way around it, gives."""
    if len(assigned) > 1:
        assigned = [each for each in assigned if not _is_from_outside(script, each)]
    only = assigned[0] if len(assigned) == 1 else None
    if isinstance(only, ImportAssignment):
        return modules.imported(script, only.node, only.name)
    if not isinstance(only, Assignment):
        return None
    if isinstance(only.node, cst.Param | cst.ClassDef | cst.FunctionDef):
        return only.node
    return assigned_value(script, only.node)


def _is_from_outside(script: Script, assigned: BaseAssignment) -> bool:
    """Tell whether a name is assigned from the command line here, over its usual value."""
    value = assigned_value(script, assigned.node) if isinstance(assigned, Assignment) else None
    return value is not None and bool(m.findall(value, m.Name("argv") | m.Attribute(attr=m.Name("argv"))))


def _starred(at: At, name: str) -> Step:
    """Find a name that comes with `from settings import *`."""
    for found in modules.starred(at.script):
        if found.scope(found.module)[name]:
            return global_of(found, name)
    raise NotUnderstoodError(f"{name} in line {at.script.line(at.node)} is not assigned once")


def _in_module(script: Script, name: str) -> At:
    """Return the module itself, or the assignment of a name in it."""
    if not name:
        return At(script, script.module)
    found = global_of(script, name).to
    if not isinstance(found, At):
        raise NotUnderstoodError(f"{name} in {script.name} is not assigned once")
    return found


def _as_global(script: Script, name: str) -> tuple[Var, ...]:
    return (Var(script, name, script.scope(script.module)),) if name else ()


def _reads_elsewhere(var: Var) -> Iterator[At]:
    """Yield where a module's name is read in the scripts that import it."""
    for script, node in modules.importers(var.script):
        if isinstance(node, cst.ImportFrom) and isinstance(node.names, cst.ImportStar):
            found = [each for each in script.nodes(cst.Name) if each.value == var.name]
            yield from (At(script, each) for each in found if not isinstance(script.parent(each), cst.Attribute))
            continue
        for alias in node.names if not isinstance(node.names, cst.ImportStar) else ():
            known = alias.evaluated_alias or alias.evaluated_name.partition(".")[0]
            what = modules.imported(script, node, known)
            scope = script.scope(node)
            if what == (var.script, var.name):
                yield from reads(variable(script, known, scope))
            elif what == (var.script, ""):
                yield from _attributes(script, known, scope, var.name)


def _attributes(script: Script, known: str, scope: Scope, name: str) -> Iterator[At]:
    """Yield where `module.name` is read."""
    for use in reads(variable(script, known, scope)):
        outer = use.script.parent(use.node)
        if isinstance(outer, cst.Attribute) and outer.attr.value == name:
            yield At(use.script, outer)

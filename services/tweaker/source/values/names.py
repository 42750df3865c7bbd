"""Names: what they stand for, in the author's other modules too, and where they are read."""

from collections.abc import Iterator
from pathlib import PurePosixPath

import libcst as cst
import libcst.matchers as m
from libcst.metadata import Assignment, BaseAssignment, GlobalScope, ImportAssignment, Scope

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import At, Key, Script, Step, Var, aliases, dotted, known_as
from trainyard_analysis.project import module_file

Imported = tuple[Script, str]
"""One of the author's modules, and the name in it; "" for all of it."""
_CONSTANTS = frozenset({"True", "False", "None"})
_KNOWN_ARGS = m.Attribute(attr=m.Name("parse_known_args"))


def variable(script: Script, name: str, scope: Scope, *, whole: bool = False) -> Var:
    """Return the variable that a name means in a scope: the one of the scope where it is assigned."""
    assigned = list(scope[name])
    return Var(script, name, assigned[0].scope if assigned else scope, whole)


def follow_name(at: At, name: cst.Name) -> Step | None:
    """Return what a name is assigned, if that happens once; a parameter is returned as such; None for True and None."""
    if name.value in _CONSTANTS:
        return None
    opened = _opened(at, name.value)
    if opened is not None:
        return Step(opened)
    scope = at.script.scope(name)
    assigned = assignments(scope, name.value)
    if not assigned:
        return _starred(at, name.value)
    step = _assigned_once(at.script, assigned)
    if step is None:
        foreign = all(isinstance(each, ImportAssignment) for each in assigned)
        what = "comes from outside the code" if foreign else "is not assigned exactly once"
        raise NotUnderstoodError(f"{name.value} in line {at.script.line(name)} {what}")
    return step.after(variable(at.script, name.value, scope))


def global_of(script: Script, name: str) -> Step:
    """Return what a name is assigned at module level of *script*; a name imported there is followed on."""
    scope = script.scope(script.module)
    step = _assigned_once(script, assignments(scope, name))
    if step is None:
        raise NotUnderstoodError(f"{name} in {script.name} is not assigned exactly once")
    return step.after(Var(script, name, scope), Key(script, name))


def assignments(scope: Scope, name: str) -> list[BaseAssignment]:
    """Return where a name is assigned in its scope, builtins left out."""
    return [each for each in scope[name] if isinstance(each, Assignment | ImportAssignment)]


def assigned_value(script: Script, target: cst.CSTNode) -> cst.BaseExpression | None:
    """Return what a name is assigned at this place, in a plain or annotated assignment or as one of a tuple."""
    holder = script.parent(target)
    if isinstance(holder, cst.AnnAssign) and holder.target is target:
        return holder.value
    if isinstance(holder, cst.AssignTarget):
        outer = script.parent(holder)
        return outer.value if isinstance(outer, cst.Assign) and len(outer.targets) == 1 else None
    names = script.parent(holder) if isinstance(holder, cst.Element) else None
    return _element_value(script, target, names) if isinstance(names, cst.Tuple) else None


def imported(script: Script, node: cst.CSTNode, name: str) -> Imported | None:
    """Return what of the author's modules an import makes known as *name*; None where it is somebody else's."""
    listed = aliases(node) if isinstance(node, cst.Import | cst.ImportFrom) else ()
    alias = next((each for each in listed if known_as(each) == name), None)
    if alias is None:
        return None
    if isinstance(node, cst.ImportFrom):
        return _imported_from(script, node, alias.evaluated_name)
    return _whole(_module(script, alias.evaluated_name if alias.asname else name))


def reads(var: Var) -> Iterator[At]:
    """Yield every place where the variable is read, in the author's other scripts too."""
    for assigned in var.scope[var.name]:
        for access in assigned.references:
            yield At(var.script, leftmost(access.node))
    if isinstance(var.scope, GlobalScope):
        yield from _reads_elsewhere(var)


def leftmost(node: cst.CSTNode) -> cst.CSTNode:
    """Return the name at the root of `a.b.c`."""
    return leftmost(node.value) if isinstance(node, cst.Attribute) else node


def is_foreign(script: Script, node: cst.CSTNode) -> bool:
    """Return whether a node is a part of a package of somebody else: `keras.layers` is no key `layers`."""
    root = leftmost(node)
    if not isinstance(root, cst.Name):
        return False
    found = [getattr(each, "node", None) for each in script.scope(root)[root.value]]
    imports = [each for each in found if isinstance(each, cst.Import | cst.ImportFrom)]
    return bool(imports) and all(imported(script, each, root.value) is None for each in imports)


def iterated(at: At, name: str) -> At | None:
    """Return what the loop goes through that gives a name its values: `for units in …`, also with `enumerate`."""
    for outer in at.script.above(at.node):
        loop = outer.for_in if isinstance(outer, cst.ListComp | cst.GeneratorExp) else outer
        if not isinstance(loop, cst.For | cst.CompFor):
            continue
        if m.matches(loop.target, m.Name(name)):
            return at.to(loop.iter)
        numbered = m.Tuple(elements=[m.Element(), m.Element(m.Name(name))])
        if m.matches(loop.target, numbered) and m.matches(loop.iter, m.Call(func=m.Name("enumerate"))):
            return at.to(cst.ensure_type(loop.iter, cst.Call).args[0].value)
    return None


def _opened(at: At, name: str) -> At | None:
    """Return what the nearest `with … as name` around a use opens."""
    for outer in at.script.above(at.node):
        for item in outer.items if isinstance(outer, cst.With) else ():
            if item.asname is not None and m.matches(item.asname.name, m.Name(name)):
                return at.to(item.item)
    return None


def _element_value(script: Script, target: cst.CSTNode, names: cst.Tuple) -> cst.BaseExpression | None:
    """Return the value at the place of a name in `a, b = 1, 2`, or what `args, rest = ….parse_known_args()` parses."""
    value = assigned_value(script, names)
    index = next(index for index, each in enumerate(names.elements) if each.value is target)
    if isinstance(value, cst.Tuple | cst.List) and len(value.elements) == len(names.elements):
        return value.elements[index].value
    return value if index == 0 and isinstance(value, cst.Call) and m.matches(value.func, _KNOWN_ARGS) else None


def _assigned_once(script: Script, assigned: list[BaseAssignment]) -> Step | None:
    """Return what the only assignment gives; one from the command line over the usual value does not count."""
    if len(assigned) > 1:
        assigned = [each for each in assigned if not _is_from_command_line(script, each)]
    only = assigned[0] if len(assigned) == 1 else None
    if isinstance(only, ImportAssignment):
        what = imported(script, only.node, only.name)
        return _in_module(*what) if what is not None else None
    return _value_of(script, only.node) if isinstance(only, Assignment) else None


def _value_of(script: Script, node: cst.CSTNode) -> Step | None:
    is_definition = isinstance(node, cst.Param | cst.ClassDef | cst.FunctionDef)
    value = node if is_definition else assigned_value(script, node)
    return Step(At(script, value)) if value is not None else None


def _is_from_command_line(script: Script, assigned: BaseAssignment) -> bool:
    value = assigned_value(script, assigned.node) if isinstance(assigned, Assignment) else None
    return value is not None and bool(m.findall(value, m.Name("argv")))


def _starred(at: At, name: str) -> Step:
    for node in at.script.nodes(cst.ImportFrom):
        found = _module_from(at.script, node) if isinstance(node.names, cst.ImportStar) else None
        if found is not None and found.scope(found.module)[name]:
            return global_of(found, name)
    raise NotUnderstoodError(f"{name} in line {at.script.line(at.node)} is not assigned exactly once")


def _in_module(script: Script, name: str) -> Step:
    if not name:
        return Step(At(script, script.module))
    step = global_of(script, name)
    return Step(step.to, tuple(each for each in step.through if isinstance(each, Var)))


def _module(script: Script, name: str, level: int = 0) -> Script | None:
    file = module_file(script.files, script.name, name, level)
    return script.sibling(file) if file is not None else None


def _module_from(script: Script, node: cst.ImportFrom, name: str = "") -> Script | None:
    """Return the module after `from`, or the one called *name* in it."""
    package = dotted(node.module) if node.module is not None else ""
    return _module(script, ".".join(part for part in (package, name) if part), len(node.relative))


def _imported_from(script: Script, node: cst.ImportFrom, name: str) -> Imported | None:
    outer = _module_from(script, node)
    return _whole(_module_from(script, node, name)) or ((outer, name) if outer is not None else None)


def _whole(module: Script | None) -> Imported | None:
    return (module, "") if module is not None else None


def _reads_elsewhere(var: Var) -> Iterator[At]:
    path = PurePosixPath(var.script.name)
    for script in var.script.mentioning(path.parent.name if path.stem == "__init__" else path.stem):
        for node in script.imports if script is not var.script else ():
            yield from _reads_by_import(script, node, var)
            if isinstance(node.names, cst.ImportStar) and isinstance(node, cst.ImportFrom):
                yield from _reads_by_star(script, node, var)


def _reads_by_star(script: Script, node: cst.ImportFrom, var: Var) -> Iterator[At]:
    """Yield where `name` is read after `from module import *`."""
    if _module_from(script, node) is var.script:
        found = [each for each in script.nodes(cst.Name) if each.value == var.name]
        yield from (At(script, each) for each in found if not isinstance(script.parent(each), cst.Attribute))


def _reads_by_import(script: Script, node: cst.Import | cst.ImportFrom, var: Var) -> Iterator[At]:
    """Yield where `name` is read after `from module import name`, and `module.name` after `import module`."""
    for known in map(known_as, aliases(node)):
        what = imported(script, node, known)
        if what == (var.script, var.name):
            yield from reads(variable(script, known, script.scope(node)))
        elif what == (var.script, ""):
            for use in reads(variable(script, known, script.scope(node))):
                outer = use.script.parent(use.node)
                if isinstance(outer, cst.Attribute) and outer.attr.value == var.name:
                    yield At(use.script, outer)

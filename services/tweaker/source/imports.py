"""Give new code the names it needs, in the way the author imports."""

import libcst as cst
from libcst.metadata import Assignment

from services.tweaker.source.arguments import appended
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes, line
from services.tweaker.source.script import Script, aliases, dotted, known_as


def sibling(script: Script, changes: Changes, known: cst.BaseExpression, name: str, use: cst.CSTNode) -> str:
    """Return how to write *name* at *use*; it lives beside *known*: `layers.Dense` gives `layers.Dropout`.

    Where the author imported *known* by itself, *name* is imported beside it.
    """
    if isinstance(known, cst.Attribute):
        root = dotted(known).partition(".")[0]
        if not _is_bound_above(script, known, root, use):
            raise NotUnderstoodError(f"{root} is not imported above line {script.line(use)}")
        return f"{script.code(known.value)}.{name}"
    if not isinstance(known, cst.Name):
        raise NotUnderstoodError(f"line {script.line(known)} calls something that is not a name")
    return _beside(script, changes, known, name, use)


def imported(script: Script, changes: Changes, module: str, name: str, use: cst.CSTNode) -> str:
    """Return how to write `module.name` at *use*, importing it below the last import of its package if need be."""
    for statement, found in _import_froms(script):
        alias = _alias(found, name) if _module(found) == module else None
        if alias and script.block(statement) is script.module and is_above(script, statement, use):
            return alias
    anchor = _last_import(script, module.partition(".")[0], use)
    changes.put_after(anchor, [line(f"from {module} import {name}")])
    return name


def package(script: Script, changes: Changes, name: str, usual: str, use: cst.CSTNode) -> str:
    """Return the name under which a package is known at *use*, importing it under its *usual* one if need be."""
    whole = (each for node in script.nodes(cst.Import) for each in node.names if each.evaluated_name == name)
    for alias in whole:
        if script.block(alias) is script.module and is_above(script, alias, use):
            return known_as(alias)
    text = f"import {name}" if usual == name else f"import {name} as {usual}"
    changes.put_after(_imports_above(script, use)[0], [line(text)])
    return usual


def is_above(script: Script, node: cst.CSTNode, use: cst.CSTNode) -> bool:
    """Return whether *node* is on an earlier line: a script from a notebook has imports in between."""
    return script.line(node) < script.line(use)


def _is_bound_above(script: Script, known: cst.CSTNode, root: str, use: cst.CSTNode) -> bool:
    """Return whether the name *root* has its value at *use*; one that is nowhere assigned comes from a star import."""
    found = [each.node for each in script.scope(known)[root] if isinstance(each, Assignment)]
    return not found or any(is_above(script, node, use) for node in found)


def _beside(script: Script, changes: Changes, known: cst.Name, name: str, use: cst.CSTNode) -> str:
    for statement, found in _import_froms(script):
        if known.value in map(known_as, aliases(found)):
            if not is_above(script, statement, use):
                return imported(script, changes, _public(_module(found)), name, use)
            return _alias(found, name) or _extended(changes, statement, found, name)
    if any(f"{package}.{known.value}" in script.names(known) for package in script.starred):
        return name
    raise NotUnderstoodError(f"it is not known where {known.value} is imported from")


def _public(module: str) -> str:
    """Return the package of layers for a private corner of it."""
    return module.partition(".layers.")[0] + ".layers" if ".layers." in module else module


def _extended(changes: Changes, statement: cst.SimpleStatementLine, found: cst.ImportFrom, name: str) -> str:
    """Add *name* to an import of single names; where that import comes from a private corner, to a new line."""
    public = _public(_module(found))
    if public != _module(found):
        changes.put_after(statement, [line(f"from {public} import {name}")])
        return name
    listed = aliases(cst.ensure_type(changes.replaced.get(found, found), cst.ImportFrom))
    if all(alias.evaluated_name != name for alias in listed):
        changes.replaced[found] = found.with_changes(names=appended(listed, cst.ImportAlias(cst.Name(name))))
    return name


def _import_froms(script: Script) -> list[tuple[cst.SimpleStatementLine, cst.ImportFrom]]:
    return [(script.statement(node), node) for node in sorted(script.nodes(cst.ImportFrom), key=script.place)]


def _module(found: cst.ImportFrom) -> str:
    return dotted(found.module) if found.module is not None else ""


def _alias(found: cst.ImportFrom, name: str) -> str | None:
    """Return under which name this import makes *name* known."""
    if isinstance(found.names, cst.ImportStar):
        return name
    return next((known_as(alias) for alias in found.names if alias.evaluated_name == name), None)


def _imports(script: Script) -> list[cst.SimpleStatementLine]:
    lines = (each for each in script.module.body if isinstance(each, cst.SimpleStatementLine))
    return [each for each in lines if any(isinstance(part, cst.Import | cst.ImportFrom) for part in each.body)]


def _imports_above(script: Script, use: cst.CSTNode) -> list[cst.SimpleStatementLine]:
    lines = [each for each in _imports(script) if is_above(script, each, use) and "__future__" not in script.code(each)]
    if not lines:
        raise NotUnderstoodError(f"the script imports nothing above line {script.line(use)}")
    return lines


def _last_import(script: Script, package: str, use: cst.CSTNode) -> cst.SimpleStatementLine:
    """Return the last line above *use* that imports from *package*, else the last that imports anything."""
    lines = _imports_above(script, use)
    return ([each for each in lines if f" {package}" in script.code(each)] or lines)[-1]

"""Give new code the names it needs, in the way the author imports."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst
import libcst.matchers as m

from services.tweaker.codemods.errors import NotUnderstoodError
from services.tweaker.codemods.rewrite import Changes, line
from services.tweaker.codemods.script import Script, dotted


def sibling(script: Script, changes: Changes, known: cst.BaseExpression, name: str) -> str:
    """Return how to write *name*, which lives beside *known*: `layers.Dense` gives `layers.Dropout`.

    Where the author imported *known* by itself, *name* is imported beside it.

    Raises:
        NotUnderstoodError: It is not visible where *known* comes from.
    """
    if isinstance(known, cst.Attribute):
        return f"{script.code(known.value)}.{name}"
    if not isinstance(known, cst.Name):
        raise NotUnderstoodError(f"line {script.line(known)} calls what is not a name")
    return _beside(script, changes, known, name)


def imported(script: Script, changes: Changes, module: str, name: str) -> str:
    """Return how to write `module.name`, importing it after the last import of the same package if need be."""
    for statement, found in _import_froms(script):
        alias = _alias(found, name) if _module(found) == module else None
        if alias and script.block(statement) is script.module:
            return alias
    anchor = _last_import(script, module.partition(".")[0])
    changes.put_after(anchor, [line(f"from {module} import {name}")])
    return name


def numpy(script: Script, changes: Changes) -> str:
    """Return the name under which numpy is known, importing it as `np` if need be."""
    for node in m.findall(script.module, m.ImportAlias(name=m.Name("numpy"))):
        if isinstance(node, cst.ImportAlias) and script.block(node) is script.module:
            return node.evaluated_alias or "numpy"
    changes.put_after(_first_import(script), [line("import numpy as np")])
    return "np"


def _beside(script: Script, changes: Changes, known: cst.Name, name: str) -> str:
    """Import *name* from where *known* is imported from."""
    for statement, found in _import_froms(script):
        if isinstance(found.names, cst.ImportStar):
            continue
        if any((alias.evaluated_alias or alias.evaluated_name) == known.value for alias in found.names):
            return _alias(found, name) or _extended(changes, statement, found, name)
    if any(f"{package}.{known.value}" in script.names(known) for package in script.starred):
        return name
    raise NotUnderstoodError(f"it is not seen where {known.value} is imported from")


def _extended(changes: Changes, statement: cst.SimpleStatementLine, found: cst.ImportFrom, name: str) -> str:
    """Add *name* to an import of single names; where that import comes from a private corner, to a new line."""
    module = _module(found)
    public = module.partition(".layers.")[0] + ".layers" if ".layers." in module else module
    if public != module:
        changes.put_after(statement, [line(f"from {public} import {name}")])
        return name
    current = changes.replaced.get(found, found)
    aliases = current.names if isinstance(current, cst.ImportFrom) else found.names
    if isinstance(aliases, cst.ImportStar) or any(alias.evaluated_name == name for alias in aliases):
        return name
    changes.replaced[found] = found.with_changes(names=_appended(aliases, name))
    return name


def _appended(aliases: Sequence[cst.ImportAlias], name: str) -> list[cst.ImportAlias]:
    """Append a name, separated as the others are."""
    last = aliases[-1]
    between = aliases[0].comma if len(aliases) > 1 else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    return [*aliases[:-1], last.with_changes(comma=between), cst.ImportAlias(cst.Name(name), comma=last.comma)]


def _import_froms(script: Script) -> list[tuple[cst.SimpleStatementLine, cst.ImportFrom]]:
    """Return every `from … import …` with its line."""
    found = [node for node in m.findall(script.module, m.ImportFrom()) if isinstance(node, cst.ImportFrom)]
    return [(script.statement(node), node) for node in sorted(found, key=script.place)]


def _module(found: cst.ImportFrom) -> str:
    return dotted(found.module) if found.module is not None else ""


def _alias(found: cst.ImportFrom, name: str) -> str | None:
    """Return under which name this import makes *name* known."""
    if isinstance(found.names, cst.ImportStar):
        return name
    wanted = [alias for alias in found.names if alias.evaluated_name == name]
    return (wanted[0].evaluated_alias or name) if wanted else None


def _imports(script: Script) -> list[cst.SimpleStatementLine]:
    """Return the lines at module level that import."""
    return [
        statement
        for statement in script.module.body
        if isinstance(statement, cst.SimpleStatementLine)
        and any(isinstance(part, cst.Import | cst.ImportFrom) for part in statement.body)
    ]


def _first_import(script: Script) -> cst.SimpleStatementLine:
    """Return the first line that imports and is no `from __future__`."""
    lines = [statement for statement in _imports(script) if "__future__" not in script.code(statement)]
    if not lines:
        raise NotUnderstoodError("the script imports nothing at its top")
    return lines[0]


def _last_import(script: Script, package: str) -> cst.SimpleStatementLine:
    """Return the last line that imports from *package*, else the last that imports anything."""
    lines = _imports(script)
    of_package = [statement for statement in lines if f" {package}" in script.code(statement)]
    if not lines:
        raise NotUnderstoodError("the script imports nothing at its top")
    return (of_package or lines)[-1]

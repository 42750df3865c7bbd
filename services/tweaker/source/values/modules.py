"""The author's own modules: which file an import means, and who imports a module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

import libcst as cst

from services.tweaker.source.script import Script, dotted


def module(script: Script, name: str, level: int = 0) -> Script | None:
    """Return the author's script that a module's name means to *script*; None where it is somebody else's.

    Args:
        script: The script that imports.
        name: The dotted name.
        level: The dots of a relative import.
    """
    inner = name.replace(".", "/")
    here = PurePosixPath(script.name).parent
    roots = [_up(here, level - 1)] if level else [here, PurePosixPath()]
    for root in roots:
        for path in (f"{inner}.py" if inner else "__init__.py", f"{inner}/__init__.py"):
            found = str(root / path)
            if found in script.files:
                return script.sibling(found)
    return None


def imported(script: Script, node: cst.CSTNode, name: str) -> tuple[Script, str] | None:
    """Return the author's module, and the name in it ("" for all of it), that an import makes known as *name*."""
    if isinstance(node, cst.ImportFrom):
        return _from(script, node, name)
    if isinstance(node, cst.Import):
        for alias in node.names:
            whole = alias.evaluated_name
            if (alias.evaluated_alias or whole.partition(".")[0]) == name:
                found = module(script, whole if alias.asname else name)
                return (found, "") if found is not None else None
    return None


def starred(script: Script) -> Iterator[Script]:
    """Yield the author's modules of which everything is imported."""
    for node in script.nodes(cst.ImportFrom):
        found = module(script, _name(node), len(node.relative)) if isinstance(node.names, cst.ImportStar) else None
        if found is not None:
            yield found


def importers(script: Script) -> Iterator[tuple[Script, cst.Import | cst.ImportFrom]]:
    """Yield every import of this module in the author's other scripts."""
    stem = PurePosixPath(script.name).stem
    word = PurePosixPath(script.name).parent.name if stem == "__init__" else stem
    for other in script.mentioning(word):
        imports = list[cst.Import | cst.ImportFrom]()
        if other is not script:
            imports = [*other.nodes(cst.Import), *other.nodes(cst.ImportFrom)]
        yield from ((other, node) for node in imports if _means(other, node, script))


def _from(script: Script, node: cst.ImportFrom, name: str) -> tuple[Script, str] | None:
    """Look for *name* in a `from … import …`: a module of a package, or a name in a module."""
    if isinstance(node.names, cst.ImportStar):
        return None
    for alias in node.names:
        if (alias.evaluated_alias or alias.evaluated_name) == name:
            package, level = _name(node), len(node.relative)
            inner = f"{package}.{alias.evaluated_name}" if package else alias.evaluated_name
            found = module(script, inner, level)
            if found is not None:
                return found, ""
            outer = module(script, package, level)
            return (outer, alias.evaluated_name) if outer is not None else None
    return None


def _means(script: Script, node: cst.Import | cst.ImportFrom, wanted: Script) -> bool:
    """Tell whether an import brings in the module, or something of it."""
    if isinstance(node, cst.Import):
        return any(module(script, alias.evaluated_name) is wanted for alias in node.names)
    if isinstance(node.names, cst.ImportStar):
        return module(script, _name(node), len(node.relative)) is wanted
    known = [alias.evaluated_alias or alias.evaluated_name for alias in node.names]
    return any(found is not None and found[0] is wanted for found in (_from(script, node, name) for name in known))


def _name(node: cst.ImportFrom) -> str:
    return dotted(node.module) if node.module is not None else ""


def _up(path: PurePosixPath, levels: int) -> PurePosixPath:
    return path if levels <= 0 else _up(path.parent, levels - 1)

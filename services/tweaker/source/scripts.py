"""The files of one trial: which scripts may be edited, and what tells one state of the code from another."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

Files = Mapping[str, bytes]


def editable(files: Files, entrypoint: str) -> tuple[str, ...]:
    """Return the scripts that a training runs, the entrypoint first, then the author's modules that it imports.

    None where it runs a notebook: cells are not edited.
    """
    first = str(PurePosixPath(entrypoint))
    return tuple(_reached(files, first)) if first in files and first.endswith(".py") else ()


def fingerprint(files: Files) -> str:
    """Return what is equal for two states of the code that do the same: comments and format do not count."""
    parts = (f"{name}\0{_normal(name, files[name])}" for name in sorted(files))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _reached(files: Files, first: str) -> Iterator[str]:
    """Yield the script and, one after the other, what is imported from beside it."""
    waiting, seen = [first], {first}
    while waiting:
        name = waiting.pop(0)
        yield name
        for module in sorted(_imports(files[name])):
            for path in (f"{module.replace('.', '/')}.py", str(PurePosixPath(name).parent / f"{module}.py")):
                if path in files and path not in seen:
                    seen.add(path)
                    waiting.append(path)


def _imports(source: bytes) -> frozenset[str]:
    """Return the modules that a script imports; nothing where it does not parse."""
    tree = _parsed(source)
    if tree is None:
        return frozenset()
    nodes = list(ast.walk(tree))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return frozenset(plain | {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module})


def _normal(name: str, content: bytes) -> str:
    tree = _parsed(content) if name.endswith(".py") else None
    return ast.dump(tree) if tree is not None else hashlib.sha256(content).hexdigest()


def _parsed(source: bytes) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return None

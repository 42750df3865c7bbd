"""The files of one trial: which scripts may be edited, and what tells one state of the code from another."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from trainyard.policy import Policy
from trainyard.trial import Trial

Files = Mapping[str, bytes]

ASIDE = frozenset({"tests", "test", "docs", "doc", "setup.py", "conftest.py"})
NAMES = ("main", "train", "model", "run")
FIT = b".fit("


def editable(files: Files, entrypoint: str | None) -> tuple[str, ...]:
    """Return the scripts that a training runs, the entrypoint first, then the author's modules that it imports.

    None where it runs a notebook: cells are not edited.
    """
    scripts = sorted(name for name in files if name.endswith(".py"))
    if not scripts:
        return ()
    first = str(PurePosixPath(entrypoint)) if entrypoint else min(scripts, key=lambda name: _rank(files, name))
    if first not in files or not first.endswith(".py"):
        return ()
    return tuple(_reached(files, first))


def entrypoint_of(history: Sequence[Trial], base: Trial, policy: Policy, files: Files) -> str | None:
    """Return the script that really ran, as the probe saw it; else the one that the author names, if any."""
    for trial in (base, history[0]):
        seen = trial.facts.get("entrypoint")
        if isinstance(seen, str) and seen.endswith(".py") and seen in files:
            return seen
    return policy.entrypoint


def fingerprint(files: Files) -> str:
    """Return what is equal for two states of the code that do the same: comments and format do not count."""
    parts = (f"{name}\0{_normal(name, files[name])}" for name in sorted(files))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _rank(files: Files, name: str) -> tuple[bool, bool, bool, int, int, str]:
    """Order scripts by how likely they are the one that is run; the trainer judges in the same way."""
    path, stem = PurePosixPath(name), PurePosixPath(name).stem
    imported = any(stem in _imports(files[other]) for other in files if other.endswith(".py") and other != name)
    known = NAMES.index(stem) if stem in NAMES else len(NAMES)
    return bool(ASIDE & set(path.parts)), imported, FIT not in files[name], known, len(path.parts), name


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

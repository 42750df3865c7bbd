"""The files of one trial: which scripts may be edited, and what tells one state of the code from another."""

import ast
import hashlib
from collections.abc import Mapping
from contextlib import suppress
from difflib import SequenceMatcher
from pathlib import PurePosixPath

from trainyard_analysis.project import Project

Files = Mapping[str, bytes]


def editable(files: Files, entrypoint: str) -> tuple[str, ...]:
    """Return the scripts that a training runs, the entrypoint first, then the author's modules that it imports.

    There are none where it runs a notebook: cells are not edited.
    """
    first = str(PurePosixPath(entrypoint))
    if first not in files or not first.endswith(".py"):
        return ()
    return tuple(script.path for script in Project(files).reached_from(first))


def moved(lines: tuple[int, ...], before: bytes, after: bytes) -> tuple[int, ...]:
    """Return where lines of a script are after an edit, without those that are gone."""
    blocks = SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False).get_opcodes()
    found = [(line - old + new, end) for line in lines for _, old, last, new, end in blocks if old < line <= last]
    return tuple(line for line, end in found if line <= end)


def fingerprint(files: Files) -> str:
    """Return what is equal for two states of the code that do the same: comments and format do not count."""
    parts = (f"{name}\0{_normal(name, files[name])}" for name in sorted(files))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _normal(name: str, content: bytes) -> str:
    with suppress(SyntaxError, ValueError):
        if name.endswith(".py"):
            return ast.dump(ast.parse(content))
    return hashlib.sha256(content).hexdigest()

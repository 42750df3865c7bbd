"""Which engine an embedded run uses, and why."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from trainprobe.notebook_code import read_code
from trainyard.folders import code_files
from trainyard_cli.choices import EngineChoice
from trainyard_cli.errors import CommandError

USUAL = ("sklearn", "tensorflow", "keras", "pandas")
"""What scripts usually import; used for code that is not on this machine yet."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An engine and, as one sentence, why it was chosen."""

    engine: EngineChoice
    why: str


@dataclass(frozen=True, slots=True)
class Import:
    """A module that a script imports, and where."""

    module: str
    file: str
    line: int


def choose(
    wanted: EngineChoice,
    folder: Path | None,
    *,
    docker: Callable[[], str | None],
    importable: Callable[[str], bool] | None = None,
) -> Choice:
    """Choose the engine: child processes when all that the code imports is here, else Docker.

    Args:
        wanted: The engine that was asked for.
        folder: The code, or None when it is not on this machine yet.
        docker: Returns why no Docker engine can be used, or None when one can.
        importable: Returns whether a module is installed; by default, whether this Python finds it.

    Raises:
        CommandError: Docker was asked for and does not answer.
    """
    missing = _missing(folder, importable or installed)
    if wanted is EngineChoice.process:
        return Choice(wanted, "trains in child processes, as requested")
    if wanted is EngineChoice.auto and missing is None:
        return Choice(
            EngineChoice.process, "trains in child processes: everything that the code imports is installed here"
        )
    problem = docker()
    if problem is None:
        reason = f"{missing.module} is not installed here" if missing else "as requested"
        return Choice(EngineChoice.docker, f"trains in Docker containers: {reason}")
    if wanted is EngineChoice.docker:
        raise CommandError(f"no Docker engine can be used: {problem}", remedy="Start it, or use `--engine process`.")
    where = f"{missing.module} ({missing.file}:{missing.line}) is not installed here" if missing else ""
    why = f"trains in child processes although {where}, since no Docker engine can be used: {problem}"
    return Choice(EngineChoice.process, why)


def imports(folder: Path) -> Iterator[Import]:
    """Yield what the scripts in *folder* import from outside of it, without running them."""
    files = sorted(path for path in code_files(folder) if path.suffix in {".py", ".ipynb"})
    modules = [path for path in files if path.suffix == ".py"]
    own = {path.stem for path in modules} | {path.parent.name for path in modules}
    for path in files:
        for module, line in _imported(path):
            if module not in own and module not in sys.stdlib_module_names:
                yield Import(module, str(path.relative_to(folder)), line)


def _missing(folder: Path | None, importable: Callable[[str], bool]) -> Import | None:
    """Return the first import that is not installed."""
    wanted = imports(folder) if folder else (Import(module, "the code", 1) for module in USUAL)
    return next((each for each in wanted if not importable(each.module)), None)


def _imported(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the top-level modules that a script imports; none where it does not parse, which the trainer reports."""
    try:
        tree = ast.parse(read_code(path))
    except (SyntaxError, ValueError, TypeError, AttributeError, OSError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0], node.lineno


def installed(module: str) -> bool:
    """Return whether this Python finds the module, without importing it."""
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False

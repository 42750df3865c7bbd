"""Which engine an embedded run uses, and why."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from trainyard.folders import code_files
from trainyard_analysis.project import Project
from trainyard_analysis.script import SUFFIXES
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
    files = {path.relative_to(folder).as_posix(): path for path in code_files(folder)}
    project = Project({name: path.read_bytes() if name.endswith(SUFFIXES) else b"" for name, path in files.items()})
    for script in project.scripts.values():
        for each in script.imports if not script.broken else ():  # the trainer reports what does not parse
            if not each.level and each.top not in sys.stdlib_module_names and not project.owns(each.top):
                yield Import(each.top, script.path, each.line)


def _missing(folder: Path | None, importable: Callable[[str], bool]) -> Import | None:
    """Return the first import that is not installed."""
    wanted = imports(folder) if folder else (Import(module, "the code", 1) for module in USUAL)
    return next((each for each in wanted if not importable(each.module)), None)


def installed(module: str) -> bool:
    """Return whether this Python finds the module, without importing it."""
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False

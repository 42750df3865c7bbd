"""Which engine an embedded run uses, and why."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from trainyard.folders import code_files
from trainyard_analysis.project import Project
from trainyard_analysis.script import SUFFIXES
from trainyard_cli.choices import EngineChoice
from trainyard_cli.engines import is_installed
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
    importable: Callable[[str], bool] = is_installed,
) -> Choice:
    """Choose the engine: child processes when all that the code imports is *importable*, else Docker.

    *folder* is None for code that is not on this machine yet; *docker* returns why no Docker engine can be used, if so.

    Raises:
        CommandError: Docker was requested and does not answer.
    """
    if wanted is EngineChoice.process:
        return Choice(wanted, "trains in child processes, as requested")
    missing = _missing(folder, importable)
    if wanted is EngineChoice.docker:
        if problem := docker():
            remedy = "Start it, or use `--engine process`."
            raise CommandError(f"no Docker engine can be used: {problem}", remedy=remedy)
        reason = f"{missing.module} is not installed here" if missing else "as requested"
        return Choice(wanted, f"trains in Docker containers: {reason}")
    return _automatic(missing, docker)


def _automatic(missing: Import | None, docker: Callable[[], str | None]) -> Choice:
    """Choose child processes when nothing is missing, else Docker where it can be used."""
    if missing is None:
        why = "trains in child processes: everything that the code imports is installed here"
        return Choice(EngineChoice.process, why)
    if problem := docker():
        where = f"{missing.module} ({missing.file}:{missing.line}) is not installed here"
        why = f"trains in child processes although {where}, since no Docker engine can be used: {problem}"
        return Choice(EngineChoice.process, why)
    return Choice(EngineChoice.docker, f"trains in Docker containers: {missing.module} is not installed here")


def imports(folder: Path) -> Iterator[Import]:
    """Yield what the scripts in *folder* import from outside of it, without running them."""
    project = Project(
        {
            path.relative_to(folder).as_posix(): path.read_bytes() if path.name.endswith(SUFFIXES) else b""
            for path in code_files(folder)
        }
    )
    for script in project.scripts.values():
        for each in script.imports if not script.broken else ():  # the trainer reports what does not parse
            if not each.level and not _is_known(each.top, project):
                yield Import(each.top, script.path, each.line)


def _is_known(module: str, project: Project) -> bool:
    return module in sys.stdlib_module_names or project.owns(module)


def _missing(folder: Path | None, importable: Callable[[str], bool]) -> Import | None:
    wanted = imports(folder) if folder else (Import(module, "the code", 1) for module in USUAL)
    return next((each for each in wanted if not importable(each.module)), None)

"""Which engine an embedded run uses, and why."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.trainer.inspection.entrypoint import find_entrypoint
from services.trainer.inspection.image.dockerfile import read_dockerfiles
from services.trainer.inspection.image.recipe import foreign_imports
from trainyard.errors import SubmissionError
from trainyard.policy import FILE, read_policy
from trainyard_analysis.project import Project
from trainyard_analysis.script import Script
from trainyard_cli.choices import EngineChoice
from trainyard_cli.engines import NoDocker, is_installed
from trainyard_cli.errors import CommandError
from trainyard_cli.view.conclusions import read_code

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
    settings: Mapping[str, Any] | None = None,
    *,
    docker: Callable[[], NoDocker | None],
    importable: Callable[[str], bool] = is_installed,
) -> Choice:
    """Choose the engine: child processes when all that the script to run imports is *importable*, else Docker.

    *folder* is None for code that is not on this machine yet, *settings* override those in it; *docker* returns why no
    Docker engine can be used, if so.

    Raises:
        CommandError: Docker was requested and does not answer.
    """
    if wanted is EngineChoice.process:
        return Choice(wanted, "trains in child processes, as requested")
    missing = _missing(folder, settings or {}, importable)
    if wanted is EngineChoice.docker:
        if problem := docker():
            remedy = f"{problem.remedy} Or use `--engine process`."
            raise CommandError(f"no Docker engine can be used: {problem.why}", remedy=remedy)
        reason = f"{missing.module} is not installed here" if missing else "as requested"
        return Choice(wanted, f"trains in Docker containers: {reason}")
    return _automatic(missing, docker)


def _automatic(missing: Import | None, docker: Callable[[], NoDocker | None]) -> Choice:
    """Choose child processes when nothing is missing, else Docker where it can be used."""
    if missing is None:
        why = "trains in child processes: everything that the script imports is installed here"
        return Choice(EngineChoice.process, why)
    if problem := docker():
        where = f"{missing.module} ({missing.file}:{missing.line}) is not installed here"
        why = f"trains in child processes although {where}, since no Docker engine can be used: {problem.why}"
        return Choice(EngineChoice.process, f"{why}. {problem.remedy}")
    return Choice(EngineChoice.docker, f"trains in Docker containers: {missing.module} is not installed here")


def imports(folder: Path, settings: Mapping[str, Any]) -> Iterator[Import]:
    """Yield what the script to run needs from outside of *folder*, itself and through what it imports there."""
    files = read_code(folder)
    project = Project(files)
    reached = [script for script in _reached(project, files, settings) if not script.broken]  # the trainer says so
    for script, each in foreign_imports(project, reached):
        if not each.guarded:
            yield Import(each.top, script.path, each.line)


def _reached(project: Project, files: Mapping[str, bytes], settings: Mapping[str, Any]) -> list[Script]:
    """Return the script to run and those that it imports; all that there are where it is not clear which one it is."""
    try:
        policy = read_policy(files.get(FILE, b"").decode("utf-8", "replace"), dict(settings))
        return project.reached_from(find_entrypoint(project, policy, read_dockerfiles(files)).path)
    except SubmissionError:  # which the trainer raises as well
        return list(project.scripts.values())


def _missing(folder: Path | None, settings: Mapping[str, Any], importable: Callable[[str], bool]) -> Import | None:
    wanted = imports(folder, settings) if folder else (Import(module, "the code", 1) for module in USUAL)
    return next((each for each in wanted if not importable(each.module)), None)

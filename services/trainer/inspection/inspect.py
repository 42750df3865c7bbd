"""From a bundle's files to a plan of how to train them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from services.trainer.inspection.entrypoint import find_entrypoint
from services.trainer.inspection.kind import AT_LEAST, find_kind
from services.trainer.inspection.modules import HELD, in_an_image, in_standard_library, smallest_image
from services.trainer.inspection.plan import Plan
from services.trainer.inspection.project import Project
from services.trainer.inspection.script import Script
from services.trainer.inspection.workdir import find_workdir
from trainyard.engine.port import Recipe, Setup
from trainyard.errors import SubmissionError
from trainyard.policy import Policy

Provides = Callable[[str], bool]
"""Tells whether a top-level module is there where the script will run."""


def inspect(files: Mapping[str, bytes], policy: Policy, *, provides: Provides = in_an_image) -> Plan:
    """Find out how to train *files*, without running anything of them.

    Args:
        files: The bundle's content, path relative to its root to bytes.
        policy: The author's settings.
        provides: What the place of the training has; what the images hold, when not given.

    Raises:
        SubmissionError: No script, or several, could be meant; one that is needed does not parse; an import that
            nothing provides. Names file, line and remedy.
    """
    project = Project(files)
    entrypoint, why = find_entrypoint(project, policy)
    reached = project.reached_from(entrypoint)
    _refuse_broken(reached)
    _refuse_missing(project, reached, provides)
    kind, why_kind = find_kind(reached)
    workdir, why_workdir = find_workdir(project, entrypoint, reached)
    imports = _from_image(project, reached)
    image = smallest_image(imports, AT_LEAST[kind])
    return Plan(
        entrypoint=entrypoint,
        workdir=workdir,
        kind=kind,
        recipe=Recipe(image),
        setup=Setup(stdin=policy.stdin, metrics_files=policy.metrics_files),
        reasons=(f"runs {entrypoint}: {why}", why_workdir, why_kind, f"needs the image {image}"),
        imports=tuple(sorted(imports)),
    )


def _refuse_broken(reached: list[Script]) -> None:
    """Raise for the first script that does not parse."""
    for script in reached:
        if script.broken:
            line = script.broken.line
            place = f"{script.path}, line {line}" if line else script.path
            raise SubmissionError(
                f"{place} is not valid Python 3: {script.broken.message}",
                remedy=f"Correct {place}; `python -m py_compile {script.path}` shows the same error.",
                reason="syntax",
                file=script.path,
                line=line,
            )


def _refuse_missing(project: Project, reached: list[Script], provides: Provides) -> None:
    """Raise when a module that a script cannot do without is nowhere."""
    missing = [
        (each.top, script.path, each.line)
        for script in reached
        for each in script.imports
        if each.required and _foreign(project, each.top, each.level) and not provides(each.top)
    ]
    if missing:
        module, path, line = missing[0]
        others = sorted({name for name, _, _ in missing} - {module})
        also = f" (so it is with {', '.join(others)})" if others else ""
        raise SubmissionError(
            f"{path}, line {line} imports {module!r}, which no training image has{also}",
            remedy=f"{HELD}. Do without {module!r}, or add it to the code as {module}.py if it is your own.",
            reason="missing_module",
            file=path,
            line=line,
        )


def _from_image(project: Project, reached: list[Script]) -> set[str]:
    """Return the modules that neither Python nor the bundle brings."""
    return {each.top for script in reached for each in script.imports if _foreign(project, each.top, each.level)}


def _foreign(project: Project, module: str, level: int) -> bool:
    """Tell whether a module has to come from the image."""
    return bool(module) and not level and not in_standard_library(module) and not project.owns(module)

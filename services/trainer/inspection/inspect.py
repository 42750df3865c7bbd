"""From a bundle's files to a plan of how to train them."""

from __future__ import annotations

from collections.abc import Mapping

from services.trainer.inspection.dockerfile import read_dockerfiles
from services.trainer.inspection.entrypoint import find_entrypoint
from services.trainer.inspection.kind import find_kind
from services.trainer.inspection.plan import Plan
from services.trainer.inspection.project import Project
from services.trainer.inspection.recipe import Provides, find_recipe, foreign_modules
from services.trainer.inspection.script import Script
from services.trainer.inspection.workdir import find_workdir
from trainyard.engine.port import Setup
from trainyard.errors import SubmissionError
from trainyard.policy import Policy

_SEE = "; `python -m py_compile {}` shows the same error."


def inspect(files: Mapping[str, bytes], policy: Policy, *, provides: Provides | None = None) -> Plan:
    """Find out how to train *files*, without running anything of them.

    Args:
        files: The bundle's content, path relative to its root to bytes.
        policy: The author's settings.
        provides: What the place of the training has, where no image is made for it.

    Raises:
        SubmissionError: No script, or several, could be meant; one that is needed does not parse; an import that
            nothing provides. Names file, line and remedy.
    """
    project = Project(files)
    found = find_entrypoint(project, policy, read_dockerfiles(files))
    entrypoint, why = found.path, found.why
    reached = project.reached_from(entrypoint)
    _refuse_broken(reached)
    kind, why_kind = find_kind(reached)
    workdir, why_workdir = find_workdir(project, entrypoint, reached)
    recipe, why_recipe = find_recipe(project, reached, kind, policy, provides=provides)
    return Plan(
        entrypoint=entrypoint,
        workdir=workdir,
        kind=kind,
        recipe=recipe,
        setup=Setup(stdin=policy.stdin, metrics_files=policy.metrics_files),
        reasons=(f"runs {entrypoint}: {why}", why_workdir, why_kind, *why_recipe),
        imports=tuple(sorted(foreign_modules(project, reached))),
    )


def _refuse_broken(reached: list[Script]) -> None:
    """Raise for the first script that does not parse."""
    for script in reached:
        if script.broken:
            line = script.broken.line
            place = script.place(line)
            no_what = "not valid Python 3" if line or not script.is_notebook else "no notebook in Python"
            raise SubmissionError(
                f"{place} is {no_what}: {script.broken.message}",
                remedy=f"Correct {place}" + ("." if script.is_notebook else _SEE.format(script.path)),
                reason="syntax",
                file=script.path,
                line=script.line(line),
            )

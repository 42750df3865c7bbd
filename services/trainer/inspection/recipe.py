"""What the image of a training is made of."""

from __future__ import annotations

from collections.abc import Callable

from services.trainer.inspection.kind import AT_LEAST
from services.trainer.inspection.modules import HELD, in_an_image, in_standard_library, smallest_image
from services.trainer.inspection.plan import Kind
from services.trainer.inspection.project import Project
from services.trainer.inspection.script import Script
from trainyard.engine.port import Recipe
from trainyard.errors import SubmissionError
from trainyard.policy import Policy

Provides = Callable[[str], bool]
"""Tells whether a top-level module is there where the script will run."""


def find_recipe(
    project: Project,
    reached: list[Script],
    kind: Kind,
    policy: Policy,  # noqa: ARG001  its packages and requirements come with the layers
    *,
    provides: Provides | None = None,
) -> tuple[Recipe, tuple[str, ...]]:
    """Say what image the scripts *reached* need, and why it is that one.

    Args:
        project: The bundle's files.
        reached: The script to run and what it imports of them.
        kind: What sort of model it trains.
        policy: The author's settings.
        provides: What the place of the training has, where no image is made for it.

    Raises:
        SubmissionError: An import that nothing provides. Names file, line and remedy.
    """
    _refuse_missing(project, reached, provides or in_an_image)
    image = smallest_image(foreign_modules(project, reached), AT_LEAST[kind])
    return Recipe(image), (f"needs the image {image}",)


def foreign_modules(project: Project, reached: list[Script]) -> set[str]:
    """Return the modules that neither Python nor the bundle brings."""
    return {each.top for script in reached for each in script.imports if _foreign(project, each.top, each.level)}


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


def _foreign(project: Project, module: str, level: int) -> bool:
    """Tell whether a module has to come from the image."""
    return bool(module) and not level and not in_standard_library(module) and not project.owns(module)

"""What the image of a training is made of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from services.trainer.inspection.image.bases import bound_on_numpy, choose, is_met, too_old
from services.trainer.inspection.image.contents import HELD, STAGES, in_standard_library
from services.trainer.inspection.image.distributions import COMPANIONS, DISTRIBUTIONS, canonical, is_known, modules_of
from services.trainer.inspection.image.requirements import Wanted, listed
from services.trainer.inspection.plan import Kind
from trainyard.engine.port import Recipe
from trainyard.errors import SubmissionError
from trainyard.policy import FILE, Policy
from trainyard_analysis.project import Project
from trainyard_analysis.script import Script

Provides = Callable[[str], bool]
"""Tells whether a top-level module is there where the script will run."""

HEAVY = frozenset(
    {"tensorflow-cpu", "tf-keras", "keras", "torch", "torchvision", "torchaudio", "jax", "jaxlib", "spacy", "h2o"}
    | {"transformers", "pyspark", "autokeras", "ray", "tensorflow-text", "tensorboard", "apache-airflow", "triton"}
)
"""What is not installed for a script that does not import it, for its size."""

OWN = "own"
"""The kind of an image by the author's own Dockerfile."""

OLD_KERAS = frozenset({"keras2", "python37", OWN})
"""Images that have the very Keras that the author wrote for, so that nothing stands in for it."""


@dataclass(frozen=True, slots=True)
class Use:
    """A module that has to come from the image, and where it is imported."""

    module: str
    path: str
    line: int
    required: bool
    guarded: bool


def find_recipe(
    project: Project,
    reached: list[Script],
    kind: Kind,
    policy: Policy,
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
        SubmissionError: An import that nothing provides, a requirement that nothing can meet, or a Dockerfile that
            is not there. Names file, line and remedy.
    """
    if policy.dockerfile is not None and provides is None:
        return _own(project, policy.dockerfile)
    uses = _uses(project, reached)
    modules = {each.module for each in uses if not each.guarded}
    if provides is not None:
        _refuse_missing([each for each in uses if not provides(each.module)])
        stage, _, why = choose(kind, modules, {})
        return Recipe(stage), (why,)
    wanted, reasons = listed(project.content, reached[0].path, policy)
    unknown = {each.module for each in uses if each.required and not _can_be_had(each.module, wanted)}
    strangers = {each.name for each in wanted if not is_known(each.name)}
    if not strangers:  # else one of them may bring it under another name
        _refuse_missing([each for each in uses if each.module in unknown])
    needed = {each.name: each for each in wanted if _counts(each, modules, strangers if unknown else frozenset())}
    stage, beneath, why = choose(kind, modules, needed)
    bound = bound_on_numpy(needed, stage)
    installed = (*_installed(stage, modules, needed, beneath), *bound)
    optional, left_out = _optional(stage, [each for each in wanted if each.name not in needed])
    return Recipe(stage, requirements=installed, optional=optional), (
        why,
        *([f"installs {', '.join(installed)} on top of it"] if installed else ()),
        *(["keeps NumPy 2 out, for which the versions asked for were not built"] if bound else ()),
        *reasons,
        *left_out,
        *_about_dockerfile(project),
    )


def foreign_modules(project: Project, reached: list[Script]) -> set[str]:
    """Return the modules that neither Python nor the bundle brings."""
    return {each.module for each in _uses(project, reached)}


def _own(project: Project, wanted: str) -> tuple[Recipe, tuple[str, ...]]:
    """Return the recipe by the author's own Dockerfile; whether it may be built, the images' maker knows."""
    path = str(PurePosixPath(wanted))
    if path not in project.content:
        raise SubmissionError(
            f"{FILE} names the Dockerfile {wanted!r}, and there is no such file",
            remedy="Correct the path, which is relative to trainyard.toml.",
            reason="config",
            file=FILE,
        )
    return Recipe(OWN, dockerfile=path, context=project.content), (f"trains in the image of {path}: {FILE} names it",)


def _about_dockerfile(project: Project) -> Iterator[str]:
    if "Dockerfile" in project.content:
        yield f"does not build Dockerfile, since {FILE} does not name it"


def _uses(project: Project, reached: list[Script]) -> list[Use]:
    """Return every use of a module that has to come from the image, in the order of the scripts."""
    return [
        Use(each.top, script.path, each.line, each.required, each.guarded)
        for script in reached
        for each in script.imports
        if _foreign(project, each.top, each.level, reached[0].path)
    ]


def _foreign(project: Project, module: str, level: int, entrypoint: str) -> bool:
    """Tell whether a module has to come from the image; the script that is run is no module of its own."""
    return bool(module) and not level and not in_standard_library(module) and not project.owns(module, but=entrypoint)


def _can_be_had(module: str, wanted: list[Wanted]) -> bool:
    return (
        module in DISTRIBUTIONS
        or any(module in stage.modules for stage in STAGES.values())
        or any(module in modules_of(each.name) for each in wanted)
    )


def _counts(wanted: Wanted, modules: Collection[str], strangers: Collection[str]) -> bool:
    """Tell whether a requirement has to be met: it is asked for by name, or the script imports what it brings."""
    brought = modules_of(wanted.name)
    if wanted.name == "tensorflow-cpu":
        brought = brought | {"keras", "tensorflow"}
    if wanted.name == "keras":
        brought = brought | {"keras"}
    return wanted.named or wanted.name in strangers or any(module in modules for module in brought)


def _installed(
    stage: str, modules: set[str], needed: Mapping[str, Wanted], beneath: tuple[str, ...]
) -> tuple[str, ...]:
    """Return what pip installs on top of an image."""
    named = {each.name: str(each.requirement) for each in needed.values() if not is_met(each.requirement, stage)}
    framework = {canonical(each.partition("=")[0]): each for each in beneath}
    settled = {*named, *framework, *needed}
    missing = sorted(modules - STAGES[stage].modules)
    inferred = [
        text
        for module in missing
        if module in DISTRIBUTIONS and not _brought(module, settled)
        for text in (DISTRIBUTIONS[module], *COMPANIONS.get(module, ()))
    ]
    exact = {name: text for name, text in framework.items() if name in ("tensorflow", "tensorflow-cpu")}
    if "tensorflow" in exact:  # it is there without its twin
        named.pop("tensorflow-cpu", None)
    return tuple(sorted({**framework, **named, **exact}.values()) + sorted(set(inferred)))


def _brought(module: str, names: Collection[str]) -> bool:
    return any(module in modules_of(name) for name in names)


def _optional(stage: str, wanted: list[Wanted]) -> tuple[tuple[str, ...], list[str]]:
    """Return what is installed where that can be done, and what is said of the rest."""
    rest = [each for each in wanted if not is_met(each.requirement, stage)]
    heavy = sorted(each.name for each in rest if each.name in HEAVY)
    old = sorted(str(each.requirement) for each in rest if each.name not in heavy and too_old(each))
    kept = sorted(str(each.requirement) for each in rest if each.name not in heavy and not too_old(each))
    said = [f"leaves out {', '.join(heavy)}, which the script does not import"] if heavy else []
    said += [f"leaves out {', '.join(old)}, which no image can have, and the script does not import"] if old else []
    return tuple(kept), said


def _refuse_missing(missing: list[Use]) -> None:
    """Raise when a module that a script cannot do without is nowhere."""
    missing = [each for each in missing if each.required]
    if missing:
        first = missing[0]
        others = sorted({each.module for each in missing} - {first.module})
        also = f" (so it is with {', '.join(others)})" if others else ""
        raise SubmissionError(
            f"{first.path}, line {first.line} imports {first.module!r}, which no training image has{also}",
            remedy=f'Name the distribution that brings it in {FILE}: packages = ["…"]; or add it to the code as '
            f"{first.module}.py if it is your own. {HELD}.",
            reason="missing_module",
            file=first.path,
            line=first.line,
        )

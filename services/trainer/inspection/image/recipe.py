"""What the image of a training is made of."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from services.trainer.inspection.image.bases import Base, bound_on_numpy, choose, is_met, too_old
from services.trainer.inspection.image.contents import STAGES, contents, in_standard_library
from services.trainer.inspection.image.distributions import COMPANIONS, DISTRIBUTIONS, HEAVY, is_known, modules_of
from services.trainer.inspection.image.requirements import ListedRequirement, read_requirements
from services.trainer.inspection.plan import Kind, no_such
from trainyard.engine.port import Recipe
from trainyard.errors import SubmissionError
from trainyard.policy import FILE, Policy
from trainyard_analysis.imports import Import
from trainyard_analysis.project import Project
from trainyard_analysis.script import Script

Provides = Callable[[str], bool]
"""Returns whether a top-level module is there where the script will run."""

OWN = "own"
"""The kind of an image by the author's own Dockerfile."""

_HELD = (
    "The images contain numpy, scipy, pandas, scikit-learn, matplotlib, seaborn, xgboost and lightgbm; tensorflow, "
    "keras and h5py, or torch; Pillow and OpenCV (cv2); other well-known modules are installed on top of them"
)

OLD_KERAS = frozenset({"keras2", "python37", OWN})
"""Images that have the very Keras that the author wrote for, so that nothing stands in for it."""


ForeignImport = tuple[Script, Import]
"""An import of a module that has to come from the image, and where it is."""


def foreign_imports(project: Project, reached: list[Script]) -> list[ForeignImport]:
    """Return the imports of what neither Python nor the bundle brings; the script to run is no module of its own."""
    return [
        (script, each)
        for script in reached
        for each in script.imports
        if each.top and not each.level
        if not in_standard_library(each.top) and not project.owns(each.top, but=reached[0].path)
    ]


def find_recipe(
    project: Project,
    reached: list[Script],
    kind: Kind,
    policy: Policy,
    *,
    provides: Provides | None = None,
    certain: Collection[tuple[str, int]] = (),
) -> tuple[Recipe, tuple[str, ...]]:
    """Return the recipe of the image that the scripts *reached* need, and why it is that one.

    No image is made where the place of the training itself *provides* modules. Files and lines of imports that are
    *certain* count as required, although they stand in functions.

    Raises:
        SubmissionError: An import that nothing provides, a requirement that nothing can meet, or a Dockerfile that
            is not there. Names file, line and remedy.
    """
    if policy.dockerfile is not None and provides is None:
        return _by_own_dockerfile(project, policy.dockerfile)
    imports = [
        (script, replace(each, required=each.required or (script.path, each.line) in certain))
        for script, each in foreign_imports(project, reached)
    ]
    if provides is not None:
        _refuse_missing([each for each in imports if not provides(each[1].top)], _not_installed)
        base = choose(kind, _unguarded(imports), {})
        return Recipe(base.stage), (base.why,)
    listed, notes = read_requirements(project.content, reached[0].path, policy)
    recipe, reasons = _layered(kind, imports, listed, notes)
    if "Dockerfile" in project.content:
        reasons.append(f"does not build Dockerfile, since {FILE} does not name it")
    return recipe, tuple(reasons)


def _layered(
    kind: Kind, imports: list[ForeignImport], listed: list[ListedRequirement], notes: list[str]
) -> tuple[Recipe, list[str]]:
    """Return the recipe of an image with what else is needed on top, and why it is that one."""
    modules, strangers = _unguarded(imports), _strangers(imports, listed)
    needed = {each.name: each for each in listed if _is_needed(each, modules, strangers)}
    base = choose(kind, modules, needed)
    bound = bound_on_numpy(needed, base.stage)
    installed = (*_installed(base, modules, needed), *bound)
    optional, left_out = _optional(base.stage, [each for each in listed if each.name not in needed])
    return Recipe(base.stage, requirements=installed, optional=optional), [
        base.why,
        *([f"installs {', '.join(installed)} on top of it"] if installed else ()),
        *(["keeps NumPy below 2, since the listed versions predate NumPy 2"] if bound else ()),
        *notes,
        *left_out,
    ]


def _unguarded(imports: list[ForeignImport]) -> set[str]:
    return {each.top for _, each in imports if not each.guarded}


def _by_own_dockerfile(project: Project, named: str) -> tuple[Recipe, tuple[str, ...]]:
    """Return the recipe by the author's own Dockerfile; whether it may be built, the images' maker knows."""
    path = str(PurePosixPath(named))
    if path not in project.content:
        raise no_such("Dockerfile", named, f"Correct the path, which is relative to {FILE}.")
    return Recipe(OWN, dockerfile=path, context=project.content), (f"trains in the image of {path}: {FILE} names it",)


def _strangers(imports: list[ForeignImport], listed: list[ListedRequirement]) -> frozenset[str]:
    """Return the listed distributions, themselves unknown, that may bring an imported module that nobody knows.

    Raises:
        SubmissionError: There is such a module, and no such distribution.
    """
    unknown = [(script, each) for script, each in imports if each.required and not _is_available(each.top, listed)]
    strangers = frozenset(each.name for each in listed if not is_known(each.name))
    if not strangers:
        _refuse_missing(unknown, _in_no_image)
    return strangers if unknown else frozenset()


def _is_available(module: str, listed: list[ListedRequirement]) -> bool:
    return (
        module in DISTRIBUTIONS
        or any(module in contents(stage).modules for stage in STAGES)
        or any(module in modules_of(each.name) for each in listed)
    )


def _is_needed(listed: ListedRequirement, modules: Collection[str], strangers: Collection[str]) -> bool:
    """Return whether a requirement has to be met: it is asked for by name, or the script imports what it brings."""
    brought = set(modules_of(listed.name))
    if listed.name == "tensorflow-cpu":
        brought.add("keras")
    return listed.by_name or listed.name in strangers or not brought.isdisjoint(modules)


def _installed(base: Base, modules: set[str], needed: Mapping[str, ListedRequirement]) -> tuple[str, ...]:
    unmet = (each for each in needed.values() if not is_met(each.requirement, base.stage))
    listed = {each.name: str(each) for each in unmet}
    framework: dict[str, str] = {canonicalize_name(Requirement(each).name): each for each in base.framework}
    exact = {name: text for name, text in framework.items() if name in ("tensorflow", "tensorflow-cpu")}
    if "tensorflow" in exact:  # it is there without its twin
        listed.pop("tensorflow-cpu", None)
    inferred = _inferred(modules - contents(base.stage).modules, {*framework, *needed})
    return (*sorted({**framework, **listed, **exact}.values()), *sorted(inferred))


def _inferred(modules: set[str], installed: Collection[str]) -> set[str]:
    """Return the distributions of imported modules that none of those installed brings."""
    brought = frozenset().union(*map(modules_of, installed))
    known = [module for module in modules - brought if module in DISTRIBUTIONS]
    return {text for module in known for text in (DISTRIBUTIONS[module], *COMPANIONS.get(module, ()))}


def _optional(stage: str, listed: list[ListedRequirement]) -> tuple[tuple[str, ...], list[str]]:
    """Return what is installed where that can be done, and what there is to report of the rest."""
    unmet = {each for each in listed if not is_met(each.requirement, stage)}
    heavy = {each for each in unmet if each.name in HEAVY}
    old = set(filter(too_old, unmet - heavy))
    reasons = (
        ("which the script does not import", sorted(each.name for each in heavy)),
        ("which no image supports and the script does not import", sorted(map(str, old))),
    )
    notes = [f"leaves out {', '.join(names)}, {why}" for why, names in reasons if names]
    return tuple(sorted(map(str, unmet - heavy - old))), notes


def _refuse_missing(missing: list[ForeignImport], words: Callable[[str, list[str]], tuple[str, str]]) -> None:
    required = [(script, each) for script, each in missing if each.required]
    if required:
        script, first = required[0]
        why, remedy = words(first.top, sorted({each.top for _, each in required} - {first.top}))
        raise SubmissionError(
            f"{script.place(first.line)} imports {first.top!r}, {why}",
            remedy=remedy,
            reason="missing_module",
            file=script.path,
            line=script.line(first.line),
        )


def _in_no_image(module: str, others: list[str]) -> tuple[str, str]:
    """Return what is wrong with a module that no image can have, and the remedy."""
    also = f" (nor does any have {', '.join(others)})" if others else ""
    remedy = f'Name the package that provides it in {FILE}: packages = ["…"]; or, if it is your own module, add '
    return f"which no training image has{also}", f"{remedy}{module}.py to the code. {_HELD}."


def _not_installed(module: str, others: list[str]) -> tuple[str, str]:
    """Return the same of a module that is missing where child processes train."""
    also = f" (nor is {', '.join(others)})" if others else ""
    known = [DISTRIBUTIONS[each] for each in (module, *others) if each in DISTRIBUTIONS]
    remedy = f"Install it there: `python -m pip install {' '.join(known)}`, or train in containers: --engine docker."
    if module not in DISTRIBUTIONS:
        remedy = (
            "Install the package that provides it there by `python -m pip install`; or, if it is your own module, add "
            f"{module}.py to the code."
        )
    return f"which is not installed in the Python that runs the training{also}", remedy

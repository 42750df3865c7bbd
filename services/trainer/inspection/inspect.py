"""From a bundle's files to a plan of how to train them."""

import posixpath
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from services.trainer.inspection.compat.detect import Compat, find_compat
from services.trainer.inspection.entrypoint import Entrypoint, find_entrypoint
from services.trainer.inspection.files.data import Files, find_files
from services.trainer.inspection.files.workdir import find_module_folders, find_workdir
from services.trainer.inspection.image.dockerfile import Dockerfile, read_dockerfiles
from services.trainer.inspection.image.recipe import OLD_KERAS, Provides, find_recipe, foreign_imports
from services.trainer.inspection.inputs.check import Inputs, describe_inputs, refuse_missing_input
from services.trainer.inspection.inputs.flow import certain_imports
from services.trainer.inspection.kind import find_kind
from services.trainer.inspection.plan import Note, Plan, listed
from trainyard.engine.port import Setup
from trainyard.errors import SubmissionError
from trainyard.policy import FILE, Policy
from trainyard_analysis.project import Project
from trainyard_analysis.script import Script

_PYTHON_2 = "Missing parentheses in call to"
"""How Python's message begins about a `print` or `exec` of Python 2."""


def inspect(
    files: Mapping[str, bytes],
    policy: Policy,
    *,
    provides: Provides | None = None,
    variables: Collection[str] = (),
) -> Plan:
    """Find out how to train *files*, without running anything of them.

    Args:
        files: The bundle's content, path relative to its root to bytes.
        policy: The author's settings.
        provides: What the place of the training has, where no image is made for it.
        variables: Environment variables that the place of the training has of itself.

    Raises:
        SubmissionError: No script, or several, could be meant; one that is needed does not parse; it asks for input
            that nothing provides; an import that nothing provides. Names file, line and remedy.
    """
    program = _find_program(files, policy, variables)
    project, entrypoint, reached, inputs = program.project, program.entrypoint, program.reached, program.inputs
    workdir, why_workdir = find_workdir(project, entrypoint, reached, policy)
    kind, why_kind = find_kind(reached)
    certain = certain_imports(project, reached, len(inputs.args))
    recipe, why_recipe = find_recipe(project, reached, kind, policy, provides=provides, certain=certain)
    modules = _find_modules(project, reached)
    used = find_files(project, workdir, reached, (*inputs.args, *inputs.env.values()), program.dockerfiles)
    compat = find_compat(reached, policy.keras)
    return Plan(
        entrypoint=entrypoint.path,
        workdir=workdir,
        kind=kind,
        recipe=recipe,
        setup=_setup(policy, modules, used, Compat((), []) if recipe.kind in OLD_KERAS else compat),
        imports=modules.foreign,
        notes=(
            Note("entrypoint", f"runs {entrypoint.path}: {entrypoint.why}"),
            Note("workdir", why_workdir),
            Note("kind", why_kind),
            *modules.notes(),
            *describe_inputs(reached, inputs),
            *compat.notes,
            *(Note("image", why) for why in why_recipe),
            *used.notes(),
        ),
        args=inputs.args,
        environment={**used.translated(inputs.env, workdir), **policy.env},
        data_files=used.data,
        data_sets=used.data_sets,
        models_loaded=used.models,
        lost_paths=tuple(dict.fromkeys(each.text for each in used.paths.missing)),
    )


@dataclass(frozen=True, slots=True)
class _Program:
    """What is started of a bundle, the scripts that it reaches, and what it is given."""

    project: Project
    dockerfiles: list[Dockerfile]
    entrypoint: Entrypoint
    reached: list[Script]
    inputs: Inputs


def _find_program(files: Mapping[str, bytes], policy: Policy, variables: Collection[str]) -> _Program:
    """Return what is to be run, unless something that it certainly needs is missing."""
    project, dockerfiles = Project(files), read_dockerfiles(files)
    entrypoint = find_entrypoint(project, policy, dockerfiles)
    reached = project.reached_from(entrypoint.path)
    _refuse_broken(reached)
    inputs = _inputs(policy, entrypoint, reached)
    refuse_missing_input(project, reached, inputs, {*variables, *_built_in(policy, dockerfiles)})
    return _Program(project, dockerfiles, entrypoint, reached, inputs)


def _refuse_broken(reached: list[Script]) -> None:
    for script in reached:
        if script.broken:
            line, message = script.broken.line, script.broken.message
            place = script.place(line)
            what = "valid Python 3" if line or not script.is_notebook else "a notebook in Python"
            raise SubmissionError(
                f"{place} is not {what}: {message}",
                remedy=f"Correct {place}{_how_to_correct(script, message)}",
                reason="syntax",
                file=script.path,
                line=script.line(line),
            )


def _how_to_correct(script: Script, message: str) -> str:
    if script.is_notebook:
        return f", or name another script in {FILE}: entrypoint."
    if message.startswith(_PYTHON_2):
        return f"; it is written for Python 2: `2to3 -w {script.path}`, part of Python until 3.12, converts it."
    return f"; `python -m py_compile {script.path}` shows the same error."


def _inputs(policy: Policy, entrypoint: Entrypoint, reached: list[Script]) -> Inputs:
    """Return what the script is started with: the author's settings, or else what its Dockerfile says."""
    dockerfile = entrypoint.dockerfile
    used = frozenset().union(*(script.strings for script in reached))
    env = {name: value for name, value in (dockerfile.env if dockerfile else {}).items() if name in used}
    return Inputs(
        args=policy.args or entrypoint.args,
        source=FILE if policy.args or not dockerfile else dockerfile.path,
        stdin=policy.stdin,
        env={**env, **policy.env},
    )


def _built_in(policy: Policy, dockerfiles: list[Dockerfile]) -> set[str]:
    own = posixpath.normpath(policy.dockerfile) if policy.dockerfile else None
    return {name for each in dockerfiles if each.path == own for name in each.env}


@dataclass(frozen=True, slots=True)
class _Modules:
    """Where modules come from: the image, the repository, and which of its folders beside the script's own."""

    foreign: tuple[str, ...]
    own: list[str]
    folders: dict[str, str]

    def notes(self) -> Iterator[Note]:
        if self.foreign:
            yield Note("modules", f"takes {', '.join(self.foreign)} from the image")
        if self.own:
            yield Note("modules", f"takes {listed(self.own)} from the repository")
        for folder, module in self.folders.items():
            yield Note("modules", f"also looks for modules in {folder}, where {module} is")


def _find_modules(project: Project, reached: list[Script]) -> _Modules:
    foreign = {each.top for _, each in foreign_imports(project, reached)}
    own = {path for script in reached for path in project.imported_by(script)} - {reached[0].path}
    return _Modules(tuple(sorted(foreign)), sorted(own), find_module_folders(project, reached))


def _setup(policy: Policy, modules: _Modules, used: Files, compat: Compat) -> Setup:
    return Setup(
        stdin=policy.stdin,
        paths=used.paths.mapped,
        folders=used.folders,
        pythonpath=tuple(modules.folders),
        compat=compat.needed,
        older=compat.older,
        metrics_files=policy.metrics_files,
    )

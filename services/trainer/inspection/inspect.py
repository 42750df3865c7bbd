"""From a bundle's files to a plan of how to train them."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from services.trainer.inspection.compat.detect import find_generation
from services.trainer.inspection.entrypoint import find_entrypoint
from services.trainer.inspection.files import data
from services.trainer.inspection.files.literals import Literal, literals_in
from services.trainer.inspection.files.paths import Meaning, find_meaning
from services.trainer.inspection.files.uses import uses_in
from services.trainer.inspection.files.workdir import find_module_folders, find_workdir
from services.trainer.inspection.image.dockerfile import Dockerfile, read_dockerfiles
from services.trainer.inspection.image.recipe import OLD_KERAS, Provides, find_recipe, foreign_imports
from services.trainer.inspection.inputs.describe import describe_inputs, refuse_unanswered
from services.trainer.inspection.kind import find_kind
from services.trainer.inspection.plan import Note, Plan
from trainyard.engine.port import Setup
from trainyard.errors import SubmissionError
from trainyard.policy import FILE, Policy
from trainyard_analysis.project import Project
from trainyard_analysis.script import Script

_OTHER = f", or name another script in {FILE}: entrypoint."
_SEE = "; `python -m py_compile {}` shows the same error."
_PYTHON_2 = "; it is written for Python 2, and `2to3 -w {}`, which came with Python until 3.12, rewrites such a script."


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
            that nothing gives; an import that nothing provides. Names file, line and remedy.
    """
    project = Project(files)
    dockerfiles = read_dockerfiles(files)
    found = find_entrypoint(project, policy, dockerfiles)
    reached = project.reached_from(found.path)
    _refuse_broken(reached)
    args = policy.args or found.args
    environment = {**_environment(found.dockerfile, reached), **policy.env}
    refuse_unanswered(
        project, reached, args=args, stdin=policy.stdin, env={*environment, *variables, *_built_in(policy, dockerfiles)}
    )
    kind, why_kind = find_kind(reached)
    workdir, why_workdir = find_workdir(project, found, reached, policy)
    legacy, why_legacy = find_generation(reached, policy.keras)
    recipe, why_recipe = find_recipe(project, reached, kind, policy, provides=provides)
    folders = find_module_folders(project, found.path, reached)
    wanted = _files(project, workdir, reached, (*args, *environment.values()), dockerfiles)
    foreign = tuple(sorted({each.module for each in foreign_imports(project, reached)}))
    whose = FILE if policy.args or not found.dockerfile else found.dockerfile.path
    return Plan(
        entrypoint=found.path,
        workdir=workdir,
        kind=kind,
        recipe=recipe,
        setup=Setup(
            stdin=policy.stdin,
            paths=wanted.meaning.mapped,
            folders=wanted.folders,
            pythonpath=tuple(folder for folder, _ in folders),
            legacy_keras=legacy and recipe.kind not in OLD_KERAS,
            metrics_files=policy.metrics_files,
        ),
        imports=foreign,
        notes=(
            Note("entrypoint", f"runs {found.path}: {found.why}"),
            Note("workdir", why_workdir),
            Note("kind", why_kind),
            *_modules(project, reached, foreign),
            *(Note("modules", f"looks for modules in {where} too, where {name} lies") for where, name in folders),
            *describe_inputs(reached, args=args, stdin=policy.stdin, env=environment, whose=whose),
            *([why_legacy] if why_legacy else []),
            *(Note("image", why) for why in why_recipe),
            *wanted.notes(),
        ),
        args=args,
        environment={**wanted.near(environment, workdir), **policy.env},
        data_files=wanted.data,
        data_sets=wanted.sets,
        models_loaded=wanted.models,
        lost_paths=tuple(dict.fromkeys(each.text for each in wanted.meaning.lost)),
    )


@dataclass(frozen=True, slots=True)
class _Files:
    """What a script wants of files."""

    meaning: Meaning
    folders: tuple[str, ...]
    data: tuple[str, ...]
    sets: tuple[str, ...]
    models: tuple[str, ...]
    addresses: tuple[str, ...]

    def near(self, environment: Mapping[str, str], workdir: str) -> dict[str, str]:
        """Return variables with paths of the image's author as those that they are here."""
        meant = {name: self.meaning.of(value) for name, value in environment.items()}
        return {
            name: value if meant[name] is None else posixpath.relpath(str(meant[name]), workdir)
            for name, value in environment.items()
        }

    def notes(self) -> Iterator[Note]:
        """Say each of them with its reason."""
        if self.data:
            yield Note("data", f"names {_some(self.data)}, which the code brings along")
        for each in self.addresses:
            yield Note("data", f"names {each}, which has to be fetched from the network")
        for each in self.sets:
            yield Note("data sets", f"wants the data set {each}")
        for written, meant in self.meaning.mapped.items():
            yield Note("paths", f"takes {written} for {'the root of the code' if meant == '.' else meant}")
        for lost in self.meaning.lost:
            place = lost.script.place(lost.line)
            yield Note("paths", f"finds no {lost.text} ({place}): nothing in the code is called so")
        for each in self.folders:
            yield Note("folders", f"makes the folder {each}, which the script writes to")
        for each in self.models:
            yield Note("models", f"goes on from {each}, a model in the code that the script loads")


def _files(
    project: Project, workdir: str, reached: list[Script], given: tuple[str, ...], dockerfiles: list[Dockerfile]
) -> _Files:
    uses = [use for script in reached for use in uses_in(script, reached)]
    literals = [each for script in reached for each in literals_in(script)]
    literals += [Literal(each, reached[0], 1) for each in given]
    meaning = find_meaning(project, workdir, literals, uses, dockerfiles)
    places = data.Places(project, workdir, meaning)
    texts = [each.text for each in literals] + [use.text.known for use in uses if use.text.whole]
    return _Files(
        meaning=meaning,
        folders=_once(data.output_folders(project, places, uses)),
        data=_once(data.data_files(places, texts)),
        sets=_once(data.data_sets(reached)),
        models=_once(data.models_loaded(places, uses)),
        addresses=_once(data.addresses(reached)),
    )


def _modules(project: Project, reached: list[Script], foreign: tuple[str, ...]) -> Iterator[Note]:
    """Say where each module comes from."""
    if foreign:
        yield Note("modules", f"takes {', '.join(foreign)} from the image")
    own = {path for script in reached for path in project.imported_by(script)} - {reached[0].path}
    if own:
        yield Note("modules", f"takes {_some(tuple(sorted(own)))} from the code")


def _once(found: Iterator[str]) -> tuple[str, ...]:
    return tuple(sorted(set(found)))


def _some(names: tuple[str, ...], most: int = 5) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def _environment(dockerfile: Dockerfile | None, reached: list[Script]) -> dict[str, str]:
    """Return the variables of the image's author that a script names."""
    named = set().union(*(script.strings for script in reached))
    return {name: value for name, value in (dockerfile.env if dockerfile else {}).items() if name in named}


def _built_in(policy: Policy, dockerfiles: list[Dockerfile]) -> set[str]:
    """Return the variables that the author's own image has."""
    own = posixpath.normpath(policy.dockerfile) if policy.dockerfile else None
    return {name for each in dockerfiles if each.path == own for name in each.env}


def _refuse_broken(reached: list[Script]) -> None:
    """Raise for the first script that does not parse."""
    for script in reached:
        if script.broken:
            line = script.broken.line
            place = script.place(line)
            no_what = "not valid Python 3" if line or not script.is_notebook else "no notebook in Python"
            see = _PYTHON_2 if script.broken.message.startswith("Missing parentheses in call to") else _SEE
            raise SubmissionError(
                f"{place} is {no_what}: {script.broken.message}",
                remedy=f"Correct {place}{_OTHER if script.is_notebook else see.format(script.path)}",
                reason="syntax",
                file=script.path,
                line=script.line(line),
            )

"""Which script is meant to be run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import PurePosixPath

from services.trainer.inspection.project import Project
from trainyard.errors import SubmissionError
from trainyard.policy import FILE, Policy

NAMES = ("main", "train", "model", "run")
"""What people call the script that trains, the likeliest first."""

FRAMEWORKS = frozenset({"keras", "tensorflow", "sklearn", "tf_keras", "torch", "xgboost", "lightgbm"})

_ASIDE = frozenset({"tests", "test", "docs", "doc"})
_MOST_NAMED = 10

Found = tuple[str, str]
"""A path and the reason why it is that one."""


def find_entrypoint(project: Project, policy: Policy) -> Found:
    """Return the script to run and why it is that one.

    Raises:
        SubmissionError: There is none, or several could be meant; names them and the setting that decides.
    """
    if not project.scripts:
        raise _no_script(project)
    if policy.entrypoint is not None:
        return _as_set(project, policy.entrypoint)
    if len(project.scripts) == 1:
        return next(iter(project.scripts)), "it is the only script"
    return _chosen(project)


def _as_set(project: Project, wanted: str) -> Found:
    """Return the script that the author names."""
    path = str(PurePosixPath(wanted))
    if path in project.scripts:
        return path, f"{FILE} names it"
    raise SubmissionError(
        f"{FILE} names the entrypoint {wanted!r}, and there is no such Python file",
        remedy=f"Set entrypoint to one of: {_listed(list(project.scripts))}; paths are relative to {FILE}.",
        reason="entrypoint",
        file=FILE,
    )


def _chosen(project: Project) -> Found:
    """Narrow the scripts down step by step until one is left."""
    pool = list(project.scripts)
    for keep, why in _steps(project):
        pool = [path for path in pool if keep(path)] or pool
        if len(pool) == 1:
            return pool[0], why
    raise _several(project, pool)


Keep = Callable[[str], bool]


def _steps(project: Project) -> Iterator[tuple[Keep, str]]:
    """Yield ways to leave scripts out, the surest first, each with what can be said of the one left."""
    imported = {path for script in project.scripts.values() for path in project.imported_by(script)}
    yield (lambda path: not _aside(path)), "it is the only script beside tests and set-up"
    yield (lambda path: path not in imported), "it is the one that no other script imports"
    yield partial(_trains, project), "it is the one that fits a model"
    yield partial(_frames, project), "it is the one that imports a framework"
    for name in NAMES:
        yield partial(_is_called, name), f"of those that train, it is the one called {name}.py"
        yield partial(_is_called_in_root, name), f"of those that train, it is the {name}.py in the root"


def _is_called(name: str, path: str) -> bool:
    """Tell whether the script has that name, in whatever folder."""
    return PurePosixPath(path).stem.lower() == name


def _is_called_in_root(name: str, path: str) -> bool:
    """Tell whether the script has that name and lies in the root."""
    return _is_called(name, path) and "/" not in path


def _aside(path: str) -> bool:
    """Tell whether a path looks like a test, set-up or documentation."""
    name = PurePosixPath(path).name
    return (
        name in ("setup.py", "conftest.py", "__init__.py", "noxfile.py")
        or name.startswith("test_")
        or name.endswith("_test.py")
        or bool(_ASIDE & set(PurePosixPath(path).parts[:-1]))
    )


def _trains(project: Project, path: str) -> bool:
    """Tell whether the script or what it imports fits a model."""
    return any(script.trains for script in project.reached_from(path))


def _frames(project: Project, path: str) -> bool:
    """Tell whether the script or what it imports uses a training framework."""
    return any(each.top in FRAMEWORKS for script in project.reached_from(path) for each in script.imports)


def _no_script(project: Project) -> SubmissionError:
    """Say that there is nothing to run."""
    notebooks = [path for path in sorted(project.files) if path.endswith(".ipynb")]
    if notebooks:
        return SubmissionError(
            f"there is no Python file in it: it is empty of scripts, and notebooks ({_listed(notebooks)}) are not run",
            remedy=f"Make a script of it: jupyter nbconvert --to script {notebooks[0]}",
            reason="empty",
            file=notebooks[0],
        )
    held = f"it holds only {_listed(sorted(project.files))}" if project.files else "it holds no file at all"
    return SubmissionError(
        f"there is no Python file in it: it is empty of scripts; {held}",
        remedy="Add the script that trains the model, such as train.py.",
        reason="empty",
    )


def _several(project: Project, pool: list[str]) -> SubmissionError:
    """Say which scripts could be meant."""
    what = "fit a model" if any(_trains(project, path) for path in pool) else "could be meant"
    return SubmissionError(
        f"it is not clear which script to run: {_listed(pool)} all {what}",
        remedy=f'Name it in {FILE}: entrypoint = "{pool[0]}"',
        reason="entrypoint",
    )


def _listed(paths: list[str]) -> str:
    """Name paths, at most ten of them."""
    more = len(paths) - _MOST_NAMED
    return ", ".join(paths[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")

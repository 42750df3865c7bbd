"""Which script is meant to be run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from services.trainer.inspection.image.dockerfile import Dockerfile, start_in
from trainyard.errors import SubmissionError
from trainyard.policy import FILE, Policy
from trainyard_analysis.project import Project
from trainyard_analysis.reachable import trains

NAMES = ("main", "train", "model", "run")
"""What people call the script that trains, the likeliest first."""

FRAMEWORKS = frozenset({"keras", "tensorflow", "sklearn", "tf_keras", "torch", "xgboost", "lightgbm", "catboost"})

_ASIDE = frozenset({"tests", "test", "docs", "doc"})
_SET_UP = frozenset({"setup.py", "conftest.py", "__init__.py", "noxfile.py", "fabfile.py", "manage.py", "wsgi.py"})
_TRAINING = re.compile(r"(^|[\W_\d])(train|training|trainer)([\W_\d]|$)")
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Found:
    """The script to run.

    Attributes:
        path: Relative to the root.
        why: Why it is that one.
        args: Its command line as a Dockerfile has it.
        dockerfile: The Dockerfile that starts it.
    """

    path: str
    why: str
    args: tuple[str, ...] = ()
    dockerfile: Dockerfile | None = None


def find_entrypoint(project: Project, policy: Policy, dockerfiles: list[Dockerfile]) -> Found:
    """Return the script or notebook to run and why it is that one.

    Raises:
        SubmissionError: There is none, or several could be meant; names them and the setting that decides.
    """
    if not project.scripts:
        raise _no_script(project)
    if policy.entrypoint is not None:
        return _as_set(project, policy.entrypoint)
    started = _started(project, dockerfiles)
    if started:
        return started
    if len(project.scripts) == 1:
        path = next(iter(project.scripts))
        return Found(path, f"it is the only {'notebook' if project.scripts[path].is_notebook else 'script'}")
    return _chosen(project)


def _as_set(project: Project, wanted: str) -> Found:
    """Return the script that the author names."""
    path = str(PurePosixPath(wanted))
    if path in project.scripts:
        return Found(path, f"{FILE} names it")
    raise SubmissionError(
        f"{FILE} names the entrypoint {wanted!r}, and there is no such Python file",
        remedy=f"Set entrypoint to one of: {_listed(list(project.scripts))}; paths are relative to {FILE}.",
        reason="entrypoint",
        file=FILE,
    )


def _started(project: Project, dockerfiles: list[Dockerfile]) -> Found | None:
    """Return the script that Dockerfiles start: the one that trains, where they start several."""
    found = [each for dockerfile in dockerfiles if (each := _started_by(project, dockerfile))]
    training = [each for each in found if _trains(project, each.path)]
    if training:
        return training[0] if len({each.path for each in training}) == 1 else None
    anything_trains = any(_trains(project, path) for path in project.scripts)
    return found[0] if found and not anything_trains else None


def _started_by(project: Project, dockerfile: Dockerfile) -> Found | None:
    """Return the script that one Dockerfile starts, where it is in the bundle."""
    start = dockerfile.start
    path = start and project.nearest(start.script, dockerfile.folder)
    if start and path and path.endswith(".sh"):
        lines = project.content[path].decode("utf-8", "replace").splitlines()
        starts = [each for line in lines if "python" in line and (each := start_in(line))]
        start = starts[-1] if starts else None
        path = start and project.nearest(start.script, dockerfile.folder)
    if not start or path not in project.scripts:
        return None
    return Found(path, f"{dockerfile.path} starts it", start.args, dockerfile)


def _chosen(project: Project) -> Found:
    """Narrow the scripts down step by step until one is left."""
    pool = list(project.scripts)
    for keep, why in _steps(project):
        pool = [path for path in pool if keep(path)] or pool
        if len(pool) == 1:
            return Found(pool[0], why)
    raise _several(project, pool)


Keep = Callable[[str], bool]


def _steps(project: Project) -> Iterator[tuple[Keep, str]]:
    """Yield ways to leave scripts out, the surest first, each with what can be said of the one left."""
    imported = {path for script in project.scripts.values() for path in project.imported_by(script)}
    yield partial(_trains, project), "it is the one that fits a model"
    yield (lambda path: not _aside(path)), "it is the only script beside tests and set-up"
    yield (lambda path: path not in imported), "it is the one that no other script imports"
    yield (lambda path: not path.endswith(".ipynb")), "it is the one that is no notebook"
    yield partial(_frames, project), "it is the one that imports a framework"
    for name in NAMES:
        yield partial(_is_called, name), f"of those that train, it is the one called {name}"
        yield partial(_is_called_in_root, name), f"of those that train, it is the {name} in the root"
    yield (lambda path: bool(_TRAINING.search(PurePosixPath(path).stem.lower()))), "its name says that it trains"


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
        name in _SET_UP
        or name.startswith("test_")
        or name.endswith("_test.py")
        or bool(_ASIDE & set(PurePosixPath(path).parts[:-1]))
    )


def _trains(project: Project, path: str) -> bool:
    """Tell whether starting the script fits a model, be it in what it imports."""
    if path not in project.training:
        project.training[path] = trains(project.reached_from(path), path)
    return project.training[path]


def _frames(project: Project, path: str) -> bool:
    """Tell whether the script or what it imports uses a training framework."""
    return any(each.top in FRAMEWORKS for script in project.reached_from(path) for each in script.imports)


def _no_script(project: Project) -> SubmissionError:
    """Say that there is nothing to run."""
    held = f"it holds only {_listed(sorted(project.files))}" if project.files else "it holds no file at all"
    return SubmissionError(
        f"there is no Python file in it: it is empty of scripts and notebooks; {held}",
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

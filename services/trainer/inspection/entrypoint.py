"""Which script is meant to be run."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from services.trainer.inspection.image.dockerfile import Dockerfile, Start, start_in
from services.trainer.inspection.plan import listed
from trainyard.errors import SubmissionError
from trainyard.policy import FILE, Policy
from trainyard_analysis.project import Project

NAMES = ("main", "train", "model", "run")
"""What people call the script that trains, the likeliest first."""

FRAMEWORKS = frozenset({"keras", "tensorflow", "sklearn", "tf_keras", "torch", "xgboost", "lightgbm", "catboost"})

_ASIDE = frozenset({"tests", "test", "docs", "doc"})
_SET_UP = frozenset({"setup.py", "conftest.py", "__init__.py", "noxfile.py", "fabfile.py", "manage.py", "wsgi.py"})
_TRAINING = re.compile(r"(^|[\W_\d])(train|training|trainer)([\W_\d]|$)")
_AFTERWARDS = re.compile(r"(^|[\W_\d])(predict\w*|test\w*|eval\w*|infer\w*|demo|app|serve|plot\w*)([\W_\d]|$)")
"""Names of scripts for what comes after a training."""

_DRIVES = frozenset(
    {"open", "write_text", "system", "popen", "Popen", "run", "call", "check_call", "check_output", "getoutput"}
    | {"getstatusoutput", "exec", "execfile", "run_path", "spawnv", "execv"}
)
"""What a script calls that edits or starts another one, beside the other's name in its texts."""

_LOADS = frozenset({"load_model", "load_weights", "load_state_dict", "model_from_json"})
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Entrypoint:
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


def find_entrypoint(project: Project, policy: Policy, dockerfiles: list[Dockerfile]) -> Entrypoint:
    """Return the script or notebook to run and why it is that one.

    Raises:
        SubmissionError: There is none, or several could be meant; names them and the setting that decides.
    """
    if not project.scripts:
        raise _no_script(project)
    if policy.entrypoint is not None:
        return _as_set(project, policy.entrypoint)
    started = _by_dockerfiles(project, dockerfiles)
    if started:
        return started
    if len(project.scripts) == 1:
        path, script = next(iter(project.scripts.items()))
        return Entrypoint(path, f"it is the only {'notebook' if script.is_notebook else 'script'}")
    return _by_elimination(project)


def _as_set(project: Project, named: str) -> Entrypoint:
    path = str(PurePosixPath(named))
    if path in project.scripts:
        return Entrypoint(path, f"{FILE} names it")
    raise SubmissionError(
        f"{FILE} names the entrypoint {named!r}, and there is no such Python file",
        remedy=f"Set entrypoint to one of: {listed(project.scripts, _MOST_NAMED)}; paths are relative to {FILE}.",
        reason="entrypoint",
        file=FILE,
    )


def _by_dockerfiles(project: Project, dockerfiles: list[Dockerfile]) -> Entrypoint | None:
    """Return the script that Dockerfiles start: the one that trains, where they start several."""
    started = list(filter(None, (_started_by(project, each) for each in dockerfiles)))
    by_path = {each.path: each for each in reversed(started)}
    training = list(filter(project.trains, by_path))
    if training:
        return by_path[training[0]] if len(training) == 1 else None
    return started[0] if started and not any(map(project.trains, project.scripts)) else None


def _started_by(project: Project, dockerfile: Dockerfile) -> Entrypoint | None:
    """Return the script that one Dockerfile starts, directly or by a shell script, where it is in the bundle."""
    start = dockerfile.start
    path = project.nearest(start.script, dockerfile.folder) if start else None
    if path and path.endswith(".sh"):
        start = _last_start(project.content[path].decode("utf-8", "replace"))
        path = project.nearest(start.script, dockerfile.folder) if start else None
    if not start or path not in project.scripts:
        return None
    return Entrypoint(path, f"{dockerfile.path} starts it", start.args, dockerfile)


def _last_start(shell_script: str) -> Start | None:
    starts = (start_in(line) for line in reversed(shell_script.splitlines()) if "python" in line)
    return next((start for start in starts if start), None)


def _by_elimination(project: Project) -> Entrypoint:
    """Narrow the scripts down step by step until one is left."""
    pool = list(project.scripts)
    for keep, why in _steps(project):
        pool = [path for path in pool if keep(path)] or pool
        if len(pool) == 1:
            return Entrypoint(pool[0], why)
    raise _several(project, pool)


def _steps(project: Project) -> Iterator[tuple[Callable[[str], bool], str]]:
    """Yield ways to leave scripts out, the surest first, each with what can be said of the one left."""
    imported = {path for script in project.scripts.values() for path in project.imported_by(script)}
    yield project.trains, "it is the only one that fits a model"
    yield (lambda path: not _drives(project, path)), "it is the only one that edits or starts no other that trains"
    yield (lambda path: not _is_aside(path)), "it is the only script besides tests and set-up"
    yield (lambda path: path not in imported), "it is the only one that no other script imports"
    yield (lambda path: not path.endswith(".ipynb")), "it is the only one that is not a notebook"
    yield partial(_uses_framework, project), "it is the only one that imports a framework"
    for name in NAMES:
        yield partial(_is_called, name), f"of those that train, it is the one called {name}"
        yield partial(_is_called_in_root, name), f"of those that train, it is the {name} in the root"
    yield (lambda path: bool(_TRAINING.search(PurePosixPath(path).stem.lower()))), "its name says that it trains"
    yield (
        (lambda path: _LOADS.isdisjoint(project.scripts[path].names)),
        "it is the only one that loads no trained model",
    )
    yield (
        (lambda path: not _AFTERWARDS.search(PurePosixPath(path).stem.lower())),
        "it is the only one that is not named for what follows a training",
    )


def _drives(project: Project, path: str) -> bool:
    """Return whether a script edits or starts another one that trains: it names its file, and calls what does that."""
    script = project.scripts[path]
    trainers = (PurePosixPath(other).name for other in project.scripts if other != path and project.trains(other))
    texts = " ".join(script.strings)
    return not _DRIVES.isdisjoint(script.names) and any(
        re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", texts) for name in trainers
    )


def _is_called(name: str, path: str) -> bool:
    return PurePosixPath(path).stem.lower() == name


def _is_called_in_root(name: str, path: str) -> bool:
    return _is_called(name, path) and "/" not in path


def _is_aside(path: str) -> bool:
    name = PurePosixPath(path).name
    return (
        name in _SET_UP
        or name.startswith("test_")
        or name.endswith("_test.py")
        or not _ASIDE.isdisjoint(PurePosixPath(path).parts[:-1])
    )


def _uses_framework(project: Project, path: str) -> bool:
    return any(FRAMEWORKS & script.modules for script in project.reached_from(path))


def _no_script(project: Project) -> SubmissionError:
    content = f"holds only {listed(sorted(project.files), _MOST_NAMED)}" if project.files else "is empty"
    return SubmissionError(
        f"the repository contains no Python script or notebook: it {content}",
        remedy="Add the script that trains the model, such as train.py.",
        reason="empty",
    )


def _several(project: Project, pool: list[str]) -> SubmissionError:
    what = "fit a model" if any(project.trains(path) for path in pool) else "could be meant"
    return SubmissionError(
        f"it is not clear which script to run: {listed(pool, _MOST_NAMED)} all {what}",
        remedy=f'Name it in {FILE}: entrypoint = "{pool[0]}"',
        reason="entrypoint",
    )

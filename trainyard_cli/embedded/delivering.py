"""Put a job's results where its author finds them, with the commands that apply its patch."""

import os
import shlex
import shutil
from pathlib import Path

from trainyard_cli.errors import CommandError
from trainyard_cli.view.ending import Delivery
from trainyard_cli.view.job import Job

PATCH = "trainyard.patch"


def deliver(job: Job, diff: str, target: Path, folder: Path | None) -> Delivery:
    """Write patch, model, figures and `job.json` to *target*, which is created if necessary.

    *folder* is the author's code, or None where it is elsewhere.

    Raises:
        CommandError: *target* is not writable.
    """
    try:
        target.mkdir(parents=True, exist_ok=True)
        (target / "job.json").write_text(job.model_dump_json(indent=2) + "\n")
        models, others = job.best_files(lambda file: _copy(Path(file.location), target / file.name))
        if not diff:
            return Delivery(None, models, others)
        (target / PATCH).write_text(diff)
    except OSError as error:
        remedy = "Name another folder with --to."
        raise CommandError(f"the results could not be written to {target}: {error}", remedy=remedy) from error
    return Delivery(shown(target / PATCH), models, others, commands(target / PATCH, folder))


def commands(patch: Path, folder: Path | None) -> list[str]:
    """Return the commands that apply *patch* to *folder*, git's first where it is a git checkout."""
    if folder is None:
        return [f"git apply {shlex.quote(str(patch.resolve()))}"]
    plain = f"patch -d {shlex.quote(shown(folder))} -p1 < {shlex.quote(shown(patch))}"
    root = next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), None)
    if root is None:
        return [plain]
    below = folder.relative_to(root)
    directory = f"--directory={shlex.quote(str(below))} " if below.parts else ""
    if root == Path.cwd():
        return [f"git apply {directory}{shlex.quote(shown(patch))}", plain]
    return [f"git -C {shlex.quote(shown(root))} apply {directory}{shlex.quote(str(patch.resolve()))}", plain]


def shown(path: Path) -> str:
    """Return *path* relative to the current folder where it lies within it."""
    path = path.resolve()
    here = Path.cwd()
    return os.path.relpath(path, here) if path.is_relative_to(here) else str(path)


def _copy(source: Path, target: Path) -> str:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return shown(target)

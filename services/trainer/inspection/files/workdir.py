"""Where a script wants to be started, and where it looks for its modules."""

import posixpath
from collections.abc import Iterator
from functools import partial

from services.trainer.inspection.entrypoint import Entrypoint
from services.trainer.inspection.plan import no_such
from trainyard.policy import FILE, Policy
from trainyard_analysis.project import Project
from trainyard_analysis.script import Script

ROOT = "."


def find_workdir(project: Project, entrypoint: Entrypoint, reached: list[Script], policy: Policy) -> tuple[str, str]:
    """Return the folder in which the script finds the files that it names, and why; the root when in doubt.

    Raises:
        SubmissionError: The author names a folder that is not there.
    """
    if policy.workdir is not None:
        folder = posixpath.normpath(policy.workdir)
        if project.has_folder(folder):
            return folder, f"starts in {folder}, as {FILE} says"
        remedy = f'Set workdir to a folder of the code, relative to {FILE}, or to "." for its root.'
        raise no_such("workdir", policy.workdir, remedy)
    folder = posixpath.dirname(entrypoint.path) or ROOT
    if folder == ROOT:
        return ROOT, "starts in the root, where the script is"
    return _by_named_files(project, folder, reached) or _by_custom(entrypoint, folder)


def _by_named_files(project: Project, folder: str, reached: list[Script]) -> tuple[str, str] | None:
    """Return where more of the files are that the scripts name, if any are anywhere."""
    named = frozenset().union(*(script.strings for script in reached))
    beside, below_root = (set(filter(partial(_is_in, project, where), named)) for where in (folder, ROOT))
    if len(beside - below_root) > len(below_root - beside):
        return folder, f"starts in {folder}, since {min(beside - below_root)!r} is beside the script"
    return (ROOT, f"starts in the root, since {min(below_root)!r} is there") if below_root else None


def _is_in(project: Project, folder: str, text: str) -> bool:
    """Return whether *text* is the path of a file or folder as seen from *folder*."""
    path = posixpath.normpath(posixpath.join(folder, text.replace("\\", "/")))
    return not text.startswith("/") and path != ROOT and project.named(path) is not None


def _by_custom(entrypoint: Entrypoint, folder: str) -> tuple[str, str]:
    """Return where such a script is usually started."""
    if entrypoint.path.endswith(".ipynb"):
        return folder, f"starts in {folder}, as notebooks do"
    dockerfile = entrypoint.dockerfile
    if dockerfile and dockerfile.folder == folder:
        return folder, f"starts in {folder}, where {dockerfile.path} is"
    if dockerfile and dockerfile.workdir and dockerfile.workdir.endswith(f"/{folder}"):
        return folder, f"starts in {folder}, since {dockerfile.path} starts it in {dockerfile.workdir}"
    return ROOT, "starts in the root, since the script names no file beside it"


def find_module_folders(project: Project, reached: list[Script]) -> dict[str, str]:
    """Return the folders, beside that of the script to run, that hold imported modules, each with such a module."""
    own = posixpath.dirname(reached[0].path) or ROOT
    folders: dict[str, str] = {}
    imported = dict.fromkeys(each.top for script in reached for each in script.imports if not each.level)
    for module in filter(project.owns, imported):
        bases = set(_bases(project, module))
        if bases and own not in bases:
            folders.setdefault(min(bases, key=lambda base: (base.count("/"), base)), module)
    return folders


def _bases(project: Project, module: str) -> Iterator[str]:
    for path in project.scripts:
        parts = path.split("/")
        if parts[-1] == f"{module}.py":
            yield "/".join(parts[:-1]) or ROOT
        elif module in parts[:-1]:
            yield "/".join(parts[: parts.index(module)]) or ROOT

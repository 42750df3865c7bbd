"""Where a script wants to be started, and where it looks for its modules."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from services.trainer.inspection.entrypoint import Found
from trainyard.errors import SubmissionError
from trainyard.policy import FILE, Policy
from trainyard_analysis.project import Project
from trainyard_analysis.script import Script

ROOT = "."


def find_workdir(project: Project, found: Found, reached: list[Script], policy: Policy) -> tuple[str, str]:
    """Return the folder in which the script finds the files that it names, and why; the root when in doubt.

    Raises:
        SubmissionError: The author names a folder that is not there.
    """
    if policy.workdir is not None:
        return _as_set(project, policy.workdir), f"starts in {posixpath.normpath(policy.workdir)}, since {FILE} says so"
    folder = posixpath.dirname(found.path) or ROOT
    if folder == ROOT:
        return ROOT, "starts in the root, where the script lies"
    return _by_names(project, folder, reached) or _by_custom(found, folder)


def _by_names(project: Project, folder: str, reached: list[Script]) -> tuple[str, str] | None:
    """Tell by the files that the scripts name."""
    named = sorted({text for script in reached for text in script.strings})
    beside = [text for text in named if _lies(project, folder, text)]
    below_root = [text for text in named if _lies(project, ROOT, text)]
    if len(set(beside) - set(below_root)) > len(set(below_root) - set(beside)):
        first = next(text for text in beside if text not in below_root)
        return folder, f"starts in {folder}, since {first!r} lies beside the script"
    return (ROOT, f"starts in the root, since {below_root[0]!r} lies there") if below_root else None


def _by_custom(found: Found, folder: str) -> tuple[str, str]:
    """Tell by how such a script is usually started."""
    if found.path.endswith(".ipynb"):
        return folder, f"starts in {folder}, as a notebook does"
    dockerfile = found.dockerfile
    if dockerfile and dockerfile.folder == folder:
        return folder, f"starts in {folder}, where {dockerfile.path} lies"
    if dockerfile and dockerfile.workdir and dockerfile.workdir.endswith(f"/{folder}"):
        return folder, f"starts in {folder}, since {dockerfile.path} starts it in {dockerfile.workdir}"
    return ROOT, "starts in the root, since the script names no file that lies beside it"


def find_module_folders(project: Project, entrypoint: str, reached: list[Script]) -> list[tuple[str, str]]:
    """Return the folders, beside the script's own, in which modules lie that are imported, each with such a module."""
    own = posixpath.dirname(entrypoint) or ROOT
    found: dict[str, str] = {}
    for script in reached:
        for each in script.imports:
            if not each.level and project.owns(each.top):
                bases = [base for base in _bases(project, each.top) if base is not None]
                if bases and own not in bases:
                    found.setdefault(min(bases, key=lambda base: (base.count("/"), base)), each.top)
    return list(found.items())


def _bases(project: Project, module: str) -> Iterator[str]:
    """Yield the folders that a module of the bundle lies in."""
    for path in project.scripts:
        parts = path.split("/")
        if parts[-1] == f"{module}.py":
            yield "/".join(parts[:-1]) or ROOT
        elif module in parts[:-1]:
            yield "/".join(parts[: parts.index(module)]) or ROOT


def _as_set(project: Project, wanted: str) -> str:
    folder = posixpath.normpath(wanted)
    if project.has_folder(folder):
        return folder
    raise SubmissionError(
        f"{FILE} names the workdir {wanted!r}, and there is no such folder",
        remedy=f'Set workdir to a folder of the code, relative to {FILE}, or to "." for its root.',
        reason="config",
        file=FILE,
    )


def _lies(project: Project, folder: str, text: str) -> bool:
    """Tell whether *text* is the path of a file or folder as seen from *folder*."""
    if text.startswith("/"):
        return False
    path = posixpath.normpath(posixpath.join(folder, text.replace("\\", "/")))
    return path != ROOT and project.named(path) is not None

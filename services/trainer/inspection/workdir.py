"""Where a script wants to be started."""

from __future__ import annotations

import posixpath

from services.trainer.inspection.project import Project
from services.trainer.inspection.script import Script

ROOT = "."


def find_workdir(project: Project, entrypoint: str, reached: list[Script]) -> tuple[str, str]:
    """Return the folder in which the script finds the files that it names, and why; the root when in doubt."""
    folder = posixpath.dirname(entrypoint) or ROOT
    if folder == ROOT:
        return ROOT, "starts in the root, where the script lies"
    named = sorted({text for script in reached for text in script.strings})
    beside = [text for text in named if _lies(project, folder, text)]
    below_root = [text for text in named if _lies(project, ROOT, text)]
    if len(set(beside) - set(below_root)) > len(set(below_root) - set(beside)):
        found = next(text for text in beside if text not in below_root)
        return folder, f"starts in {folder}, since {found!r} lies beside the script"
    if below_root:
        return ROOT, f"starts in the root, since {below_root[0]!r} lies there"
    return ROOT, "starts in the root, since the script names no file that lies beside it"


def _lies(project: Project, folder: str, text: str) -> bool:
    """Tell whether *text* is the path of a file or folder as seen from *folder*."""
    return not text.startswith("/") and project.has(posixpath.normpath(posixpath.join(folder, text)))

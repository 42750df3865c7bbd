"""What PATH may be: a folder, one script, or a git URL."""

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from trainyard_cli.errors import UsageError

_REMOTE = re.compile(r"^(?!file://)([a-z][a-z0-9+.-]*://|[\w.-]+@[\w.-]+:)")


@dataclass(frozen=True, slots=True)
class Source:
    """Where the code is.

    Attributes:
        code: As in `code.submitted`: a git URL, or `file://` and a folder.
        folder: The folder, where it is one on this machine.
    """

    code: str
    folder: Path | None
    title: str
    entrypoint: str | None = None


def read_source(path: str) -> Source:
    """Return what *path* means.

    Raises:
        UsageError: It is empty, does not exist, or is not a Python script or notebook.
    """
    if not path.strip():
        raise UsageError("PATH is empty", remedy="Name a folder, a .py file or a git URL.")
    if _REMOTE.match(path):
        title = path.rstrip("/").removesuffix(".git").rpartition("/")[2].rpartition(":")[2]
        return Source(path, None, title)
    local = Path(unquote(urlsplit(path).path) if path.startswith("file://") else path).expanduser()
    if local.is_dir():
        return _folder(local.resolve())
    if not local.exists():
        raise UsageError(f"there is no folder or file {path!r}", remedy="Name a folder, a .py file or a git URL.")
    if local.suffix not in (".py", ".ipynb"):
        raise UsageError(
            f"{path!r} is not a Python script or notebook", remedy="Name a folder, a .py file, a notebook or a git URL."
        )
    folder = _folder(local.resolve().parent)
    return Source(folder.code, folder.folder, local.stem, local.name)


def overrides(
    *, threshold: float | None, trials: int | None, seed: int | None = None, entrypoint: str | None = None
) -> dict[str, Any]:
    """Return the settings that override the author's `trainyard.toml`.

    Raises:
        UsageError: The threshold is infinite or not a number.
    """
    if threshold is not None and not math.isfinite(threshold):
        raise UsageError(f"--threshold {threshold} cannot be reached", remedy="Give one such as 0.95.")
    named = {"threshold": threshold, "seed": seed, "entrypoint": entrypoint}
    values: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
    return {**values, "budget": {"trials": trials}} if trials is not None else values


def _folder(folder: Path) -> Source:
    return Source(folder.as_uri(), folder, folder.name)

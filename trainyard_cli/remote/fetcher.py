"""Uploads to the fetcher."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import httpx

from trainyard_cli.errors import CommandError
from trainyard_cli.remote.answers import ask

SETTING = "TRAINYARD_FETCHER_URL"
LEFT_OUT = frozenset(
    {".git", ".hg", ".svn", ".trainyard", ".venv", "venv", "__pycache__", "node_modules", ".ipynb_checkpoints"}
    | {".mypy_cache", ".ruff_cache", ".pytest_cache", ".tox", ".idea", ".vscode"}
)
"""Folders that are never part of what is trained."""

UPLOAD = httpx.Timeout(600.0, connect=3.0)


def upload(folder: Path, url: str) -> str:
    """Pack *folder*, hand it to the fetcher at *url* and return the code's name, `bundle:<sha256>`.

    Raises:
        CommandError: The fetcher does not answer or refuses it; says why.
    """
    address = url.rstrip("/") + "/archives"
    response = ask("POST", address, who="fetcher", setting=SETTING, body=packed(folder), timeout=UPLOAD)
    if not response.is_success:
        reason = f"{response.status_code} {_reason(response)}"
        raise CommandError(f"the fetcher refused {folder}: {reason}", remedy="Mend what it names and submit again.")
    return str(response.json()["code"])


def packed(folder: Path) -> bytes:
    """Return the files of *folder* as a compressed tar, without version control, environments and caches."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for parent, folders, files in os.walk(folder):
            folders[:] = sorted(set(folders) - LEFT_OUT)
            for name in sorted(files):
                path = Path(parent, name)
                if path.is_file():
                    archive.add(path, arcname=str(path.relative_to(folder)), recursive=False)
    return buffer.getvalue()


def _reason(response: httpx.Response) -> str:
    """Return what the fetcher says is wrong."""
    try:
        return str(response.json().get("error", response.text))
    except ValueError:
        return response.text[:200]

"""What inspection says of a folder on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.trainer.inspection import Plan, inspect
from trainyard.errors import SubmissionError
from trainyard.policy import FILE, read_policy
from trainyard_cli.remote.fetcher import LEFT_OUT

MOST_BYTES = 16 << 20
"""Larger files are no code: of them only the name counts."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """A plan, or why there is none."""

    plan: Plan | None = None
    refusal: SubmissionError | None = None


def inspect_folder(folder: Path, entrypoint: str | None = None) -> Inspected:
    """Inspect the code in *folder* as a job would find it; *entrypoint* wins over what its settings name."""
    files = dict(_files(folder))
    settings = files.get(FILE)
    try:
        text = settings.decode("utf-8", "replace") if settings is not None else None
        policy = read_policy(text, {"entrypoint": entrypoint} if entrypoint else {})
        return Inspected(plan=inspect(files, policy))
    except SubmissionError as refusal:
        return Inspected(refusal=refusal)


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield each file by its path, without version control, environments and caches."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in set(folders) - LEFT_OUT if not Path(parent, name, "pyvenv.cfg").exists())
        for name in sorted(names):
            path = Path(parent, name)
            if path.is_file():
                small = path.stat().st_size <= MOST_BYTES
                yield path.relative_to(folder).as_posix(), path.read_bytes() if small else b""

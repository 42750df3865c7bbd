"""Makes the folders that a script takes for granted."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Callable, Iterable, Optional, Set


def make(folders: Iterable[str], code: Path) -> None:
    """Make *folders*, relative to *code*; a script that makes one of them itself does not find it there."""
    made: Set[str] = set()
    for folder in folders:
        path = str(code / folder)
        while not os.path.isdir(path):
            made.add(os.path.realpath(path))
            path = os.path.dirname(path)
        os.makedirs(str(code / folder), exist_ok=True)
    if made:
        os.mkdir = _mkdir(os.mkdir, made)


def _mkdir(original: Callable[..., None], made: Set[str]) -> Callable[..., None]:
    def mkdir(path: "os.PathLike[str]", mode: int = 0o777, *, dir_fd: Optional[int] = None) -> None:
        try:
            original(path, mode, dir_fd=dir_fd)
        except FileExistsError:
            ours = os.path.realpath(os.fspath(path))
            if ours not in made:
                raise
            made.discard(ours)

    return mkdir

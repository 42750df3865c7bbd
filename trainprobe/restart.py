"""Puts the code's folder back to what it was before the run that was broken off."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Iterator

from trainprobe.files import write_whole

LISTING = "manifest.json"
ASIDE = "aside"


def start_clean(code: Path, checkpoints: Path) -> None:
    """Move what an earlier run of the trial left in *code* aside, to *checkpoints*.

    The author's own files are as they were, put there by the engine: a script that loads `mymodel.h5` if it is there
    decides as it did in the first run, also where that run had come as far as to save it.
    """
    listing = checkpoints / LISTING
    if not listing.exists():
        text = json.dumps(sorted(_paths(code)))
        write_whole(listing, lambda stream: stream.write(text.encode("ascii")))
        return
    known = set(json.loads(listing.read_text(encoding="ascii")))
    left = [path for path in sorted(_paths(code)) if path not in known]
    files = [path for path in left if not _is_folder(code / path)]
    for path in files:
        target = checkpoints / ASIDE / path
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(str(code / path), str(target))
    for path in reversed(left):
        if _is_folder(code / path):
            os.rmdir(str(code / path))


def _paths(folder: Path) -> Iterator[str]:
    """Yield every file and folder below *folder*; sorted, a folder goes before what is in it."""
    for root, folders, names in os.walk(str(folder)):
        yield from (os.path.relpath(os.path.join(root, name), str(folder)) for name in (*folders, *names))


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()

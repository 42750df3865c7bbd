"""Puts the code's folder back to what it was before the run that was broken off."""

from __future__ import annotations

import json
import os
import re
import shutil
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
        text = json.dumps({"code": str(code), "paths": sorted(_paths(code))})
        write_whole(listing, lambda stream: stream.write(text.encode("ascii")))
        return
    left = sorted(set(_paths(code)).difference(json.loads(listing.read_text(encoding="ascii"))["paths"]))
    folders = [path for path in left if (code / path).is_dir() and not (code / path).is_symlink()]
    for path in sorted(set(left).difference(folders)):
        target = checkpoints / ASIDE / path
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(str(code / path), str(target))
    for path in reversed(folders):
        os.rmdir(str(code / path))


def bring_back(template: Path, checkpoints: Path) -> None:
    """Put files back that were moved aside: those named like *template*, a path with fields such as ``{epoch:02d}``.

    A `ModelCheckpoint` wrote them, an epoch each; the run that goes on does not write those again.
    """
    listing = checkpoints / LISTING
    if listing.exists():
        code = Path(json.loads(listing.read_text(encoding="ascii"))["code"])
        wanted = os.path.relpath(os.path.abspath(str(template)), str(code))
        pattern = re.compile(r".+".join(map(re.escape, re.split(r"\{[^{}]*\}", wanted))))
        for path in filter(pattern.fullmatch, sorted(_paths(checkpoints / ASIDE))):
            if not (checkpoints / ASIDE / path).is_dir():
                (code / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(str(checkpoints / ASIDE / path), str(code / path))


def _paths(folder: Path) -> Iterator[str]:
    """Yield every file and folder below *folder*; sorted, a folder goes before what is in it."""
    for root, folders, names in os.walk(str(folder)):
        yield from (os.path.relpath(os.path.join(root, name), str(folder)) for name in (*folders, *names))

"""The tar archives by which files go into a container's volume and come out of it."""

from __future__ import annotations

import io
import tarfile
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath


def packed(folders: Iterable[str], files: Mapping[str, bytes], owner: int) -> bytes:
    """Return an archive in which all, the top folder too, belongs to the user *owner*."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for folder in sorted({".", *folders, *_parents(files)}):
            archive.addfile(_entry(folder, owner, 0o755, tarfile.DIRTYPE))
        for path, data in sorted(files.items()):
            entry = _entry(path, owner, 0o644, tarfile.REGTYPE)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def only_file(chunks: Iterable[bytes]) -> bytes | None:
    """Return the content of the archive's first entry, or None if there is none or it is no plain file."""
    buffer = io.BytesIO(b"".join(chunks))
    if not buffer.getbuffer().nbytes:
        return None
    with tarfile.open(fileobj=buffer) as archive:
        entry = archive.next()
        stream = archive.extractfile(entry) if entry and entry.isreg() else None
        return stream.read() if stream else None


def _parents(files: Iterable[str]) -> Iterator[str]:
    for path in files:
        yield from (str(parent) for parent in PurePosixPath(path).parents)


def _entry(path: str, owner: int, mode: int, kind: bytes) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(path)
    entry.uid = entry.gid = owner
    entry.mode, entry.type = mode, kind
    entry.mtime = time.time()  # not 1970, which zip files cannot hold
    return entry

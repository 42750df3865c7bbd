"""The tar archives by which files go into a container's volume and come out of it."""

import io
import tarfile
import time
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath


def packed(folders: Iterable[str], files: Mapping[str, bytes], owner: int) -> bytes:
    """Return an archive in which everything, the top folder included, belongs to the user *owner*."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for folder in sorted({".", *folders, *parents(files)}):
            archive.addfile(entry(folder, tarfile.DIRTYPE, owner=owner))
        for path, data in sorted(files.items()):
            archive.addfile(entry(path, tarfile.REGTYPE, len(data), owner), io.BytesIO(data))
    return buffer.getvalue()


def only_file(chunks: Iterable[bytes]) -> bytes | None:
    """Return the content of the archive's first entry, or None if it is not a plain file."""
    buffer = io.BytesIO(b"".join(chunks))
    if not buffer.getbuffer().nbytes:
        return None
    with tarfile.open(fileobj=buffer) as archive:
        first = archive.next()
        stream = archive.extractfile(first) if first and first.isreg() else None
        return stream.read() if stream else None


def parents(files: Iterable[str]) -> set[str]:
    """Return the folders of *files*, "." included."""
    return {str(parent) for path in files for parent in PurePosixPath(path).parents}


def entry(path: str, kind: bytes, size: int = 0, owner: int = 0) -> tarfile.TarInfo:
    """Return the header of a folder or file that all may read and its *owner* may write."""
    info = tarfile.TarInfo(path)
    info.type, info.size, info.uid, info.gid = kind, size, owner, owner
    info.mode = 0o755 if kind == tarfile.DIRTYPE else 0o644
    info.mtime = time.time()  # not 1970, which zip files cannot hold
    return info

"""Bundles: the code of one trial as a normalised tar, named by its sha256.

Order, times and owners are fixed, so that the same files always give the same name.
"""

import hashlib
import io
import tarfile
from collections.abc import Mapping
from pathlib import PurePosixPath

from trainyard.errors import PermanentError


def pack(files: Mapping[str, bytes]) -> bytes:
    """Pack *files* (relative POSIX path to content) into a normalised, uncompressed tar."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in sorted(files):
            entry = tarfile.TarInfo(_checked(name))
            entry.size = len(files[name])
            entry.mode = 0o644
            archive.addfile(entry, io.BytesIO(files[name]))
    return buffer.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """Return the files of a bundle made by `pack`.

    Raises:
        PermanentError: *data* is not a tar archive, or a path in it leaves the bundle.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            members = [member for member in archive.getmembers() if member.isfile()]
            return {_checked(member.name): _content(archive, member) for member in members}
    except tarfile.TarError as error:
        raise PermanentError(f"a bundle is not a tar archive: {error}") from error


def digest(data: bytes) -> str:
    """Return the name of a bundle: its sha256 in hex."""
    return hashlib.sha256(data).hexdigest()


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = archive.extractfile(member)
    return stream.read() if stream else b""


def _checked(name: str) -> str:
    """Refuse paths that would leave the bundle's folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise PermanentError(f"a bundle may not contain the path {name!r}")
    return str(path)

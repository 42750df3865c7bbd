"""Uploaded archives, by `POST /archives`: tar, tar.gz (also bz2 and xz) and zip, read with limits and without trust."""

import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import IO

from services.fetcher.domain import BUNDLE
from services.fetcher.ports import MEBIBYTE, MOST_BYTES, MOST_FILES
from trainyard.bundle import pack
from trainyard.errors import PermanentError, TransientError
from trainyard.pages import Page, Request, Response, as_json
from trainyard.storage import Storage


class ArchiveError(PermanentError):
    """The archive cannot be read."""


def archives_page(storage: Storage, *, most: int = MOST_BYTES) -> Page:
    """Return the page that keeps an uploaded archive and answers with what to submit."""

    def page(request: Request) -> Response:
        if request.method != "POST" or request.rest:
            return as_json({"error": "POST a tar, tar.gz or zip archive to /archives"}, 405)
        try:
            return as_json({"code": BUNDLE + storage.put_blob(pack(read_archive(request.body, most=most)))})
        except ArchiveError as error:
            return as_json({"error": str(error)}, 400)
        except TransientError as error:
            return as_json({"error": f"{error}; try again in a moment"}, 503)

    return page


def read_archive(data: bytes, *, most: int = MOST_BYTES) -> dict[str, bytes]:
    """Return an archive's files, relative path to content; at most *most* bytes in all.

    Raises:
        ArchiveError: It is not an archive, holds no file, is too large, or a path in it leaves its folder.
    """
    try:
        files = _checked(_members(data), most)
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise ArchiveError(f"the archive is broken: {error}") from error
    except RuntimeError as error:  # zipfile raises it for encrypted files
        raise ArchiveError(f"the archive cannot be read: {error}") from error
    if not files:
        raise ArchiveError("the archive holds no file")
    return files


Members = Iterator[tuple[str, IO[bytes]]]


def _members(data: bytes) -> Members:
    stream = io.BytesIO(data)
    if zipfile.is_zipfile(stream):
        return _zipped(data)
    stream.seek(0)
    if tarfile.is_tarfile(stream):
        return _tarred(data)
    raise ArchiveError("the body is neither a tar (plain or compressed) nor a zip archive")


def _zipped(data: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            if not entry.is_dir():
                with archive.open(entry) as stream:
                    yield entry.filename, stream


def _tarred(data: bytes) -> Members:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isfile() else None
            if stream:
                yield member.name, stream


def _checked(members: Iterable[tuple[str, IO[bytes]]], most: int) -> dict[str, bytes]:
    """Read the members, never more than the limits allow, whatever sizes the archive claims."""
    files: dict[str, bytes] = {}
    left = most
    for name, stream in members:
        content = stream.read(left + 1)
        left -= len(content)
        if left < 0 or len(files) >= MOST_FILES:
            raise ArchiveError(
                f"the archive holds more than {most / MEBIBYTE:g} MiB or {MOST_FILES} files; "
                "keep data and models out of the code"
            )
        files[_path(name)] = content
    return files


def _path(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in name:
        raise ArchiveError(f"the archive may not hold the path {name!r}")
    return str(path)

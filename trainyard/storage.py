"""Bundles, artifacts and marks under one fsspec URL: a folder by default, or an object store."""

import contextlib
import os
import re
import uuid
from pathlib import PurePosixPath

import fsspec
from fsspec.implementations.local import LocalFileSystem

from trainyard.bundle import digest
from trainyard.errors import BlobMissingError, StorageUnavailableError

_BLOB = re.compile(r"[0-9a-f]{64}")


class Storage:
    """Content-addressed blobs, the files of trials, and write-once marks.

    Args:
        url: A folder or an fsspec URL such as `s3://bucket/prefix`.

    Every method raises StorageUnavailableError when the storage does not answer.
    """

    def __init__(self, url: str) -> None:
        self._files, self._root = fsspec.url_to_fs(url)
        self._local = isinstance(self._files, LocalFileSystem)

    @property
    def folder(self) -> str | None:
        """Its folder, or None for an object store."""
        return self._root if self._local else None

    def put_blob(self, data: bytes) -> str:
        """Store *data* and return its sha256; an existing blob is not written again."""
        name = digest(data)
        path = self._path("blobs", name[:2], name)
        if not self._exists(path):
            self._write(path, data)
        return name

    def get_blob(self, name: str) -> bytes:
        """Return the blob with this sha256.

        Raises:
            BlobMissingError: There is none.
        """
        if not _BLOB.fullmatch(name):
            raise BlobMissingError(f"there is no blob {name!r} in storage: the name is not a sha256")
        return self._read(self._path("blobs", name[:2], name), f"blob {name}")

    def discard_blob(self, name: str) -> None:
        """Remove the blob with this sha256, if it exists."""
        path = self._path("blobs", name[:2], name)
        if not _BLOB.fullmatch(name):
            return
        try:
            self._files.rm_file(path)
        except FileNotFoundError:
            return
        except OSError as error:
            raise StorageUnavailableError(f"storage could not remove {path}: {error}") from error

    def put_file(self, job: str, trial: int, name: str, data: bytes) -> str:
        """Store a file of a trial and return its location: a path for a folder, else a URL."""
        path = self._path("jobs", job, f"t{trial}", *_parts(name))
        self._write(path, data)
        return path if self._local else str(self._files.unstrip_protocol(path))

    def get_file(self, job: str, trial: int, name: str) -> bytes:
        """Return a file that `put_file` stored.

        Raises:
            BlobMissingError: There is none.
        """
        return self._read(self._path("jobs", job, f"t{trial}", *_parts(name)), f"{name} of {job}, trial {trial}")

    def mark(self, name: str, content: bytes = b"") -> None:
        """Set the mark *name*, such as `wines-1a2b/ended`; a second call keeps the first content."""
        path = self._path("marks", *_parts(name))
        if not self._exists(path):
            self._write(path, content)

    def marked(self, name: str) -> bool:
        """Return whether the mark is set."""
        return self._exists(self._path("marks", *_parts(name)))

    def read_mark(self, name: str) -> bytes:
        """Return the content of a mark.

        Raises:
            BlobMissingError: It is not set.
        """
        return self._read(self._path("marks", *_parts(name)), f"mark {name}")

    def _path(self, *parts: str) -> str:
        return "/".join((self._root.rstrip("/"), *parts))

    def _exists(self, path: str) -> bool:
        try:
            self._files.info(path)  # exists() returns False on any error
        except FileNotFoundError:
            return False
        except OSError as error:
            raise StorageUnavailableError(f"storage did not answer for {path}: {error}") from error
        return True

    def _read(self, path: str, what: str) -> bytes:
        try:
            return bytes(self._files.cat_file(path))
        except FileNotFoundError as error:
            raise BlobMissingError(f"there is no {what} in storage (looked at {path})") from error
        except OSError as error:
            raise StorageUnavailableError(f"storage could not read {path}: {error}") from error

    def _write(self, path: str, data: bytes) -> None:
        """Write atomically: an object store does so by itself, a folder by fsync and rename."""
        try:
            if self._local:
                _write_local(path, data)
            else:
                self._files.pipe_file(path, data)
        except OSError as error:
            raise StorageUnavailableError(f"storage could not write {path}: {error}") from error


def _parts(name: str) -> tuple[str, ...]:
    """Split a relative name; refuse one that would leave its folder."""
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or parts[0] == "/":
        raise BlobMissingError(f"{name!r} is not a name within storage")
    return parts


def _write_local(path: str, data: bytes) -> None:
    """Write beside the target, fsync, rename; an incomplete file is removed, or retries would fill the disk."""
    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    temporary = os.path.join(folder, f".{uuid.uuid4().hex}.tmp")  # short: the target's name may have the maximal length
    try:
        with open(temporary, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
    _sync(folder)


def _sync(folder: str) -> None:
    """Write the folder itself to disk, with its new entry."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

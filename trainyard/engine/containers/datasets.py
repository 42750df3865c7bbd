"""The volume of data sets that all trainings read: filled and listed through the engine's archives, nothing is run.

Its folders: `keras` is what `~/.keras/datasets` holds, `sklearn` what `~/scikit_learn_data` does, `torch` what
torchvision calls its root.
"""

from __future__ import annotations

import io
import os
import tarfile
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from trainyard.engine.containers.connection import Connection
from trainyard.engine.containers.hardening import DATASETS

LIBRARIES = ("keras", "sklearn", "torch")
"""The folders, by the library that finds its data sets there."""

EMPTY = "trainyard/empty:1"
"""An image with nothing in it: a container that is never started needs no more."""

LABEL = "trainyard.datasets"
CHUNK = 1 << 20
END = bytes(2 * tarfile.BLOCKSIZE)


class DockerDatasets:
    """The data sets on a Docker engine, which may be on another host.

    Args:
        url: Where the engine answers.
        volume: The volume they lie in, made on demand.
    """

    def __init__(self, url: str, volume: str) -> None:
        self._engine = Connection(url)
        self._volume = volume

    def add(self, files: Mapping[str, str]) -> None:
        """Put files into the volume, path within it to path here; what was there under these names is replaced.

        Raises:
            EngineUnavailableError: The engine does not answer.
            OSError: A file cannot be read.
        """
        opened = {path: open(file, "rb") for path, file in files.items()}  # noqa: SIM115  closed below, all at once
        try:
            with self._mounted() as (api, container):
                api.put_archive(container, DATASETS, _archive(opened))
        finally:
            for file in opened.values():
                file.close()

    def files(self) -> dict[str, int]:
        """Return the files in the volume, path to size in bytes; the engine reads all of them for that.

        Raises:
            EngineUnavailableError: The engine does not answer.
        """
        with self._mounted() as (api, container):
            chunks, _ = api.get_archive(container, f"{DATASETS}/.", chunk_size=CHUNK)
            with tarfile.open(fileobj=io.BufferedReader(_Stream(chunks)), mode="r|") as archive:
                return {entry.name.removeprefix("./"): entry.size for entry in archive if entry.isreg()}

    def close(self) -> None:
        """Let go of the engine."""
        self._engine.close()

    @contextmanager
    def _mounted(self) -> Iterator[tuple[Any, str]]:
        """Give the engine and a container that has the volume, and is removed in the end."""
        name = f"trainyard-datasets-{uuid.uuid4().hex[:12]}"
        with self._engine.answering() as api:
            _have_empty_image(api)
            host = api.create_host_config(binds={self._volume: {"bind": DATASETS, "mode": "rw"}})
            config = api.create_container_config(EMPTY, ["none"], host_config=host, labels={LABEL: self._volume})
            api.create_container_from_config(config, name)
            try:
                yield api, name
            finally:
                api.remove_container(name)


def _have_empty_image(api: Any) -> None:
    """Make the empty image if it is missing; no registry has to be reached."""
    if not api.images(name=EMPTY):
        name, _, tag = EMPTY.partition(":")
        api.import_image_from_data(END, repository=name, tag=tag)


def _archive(files: Mapping[str, io.BufferedReader]) -> Iterator[bytes]:
    """Yield a tar archive piece by piece: data sets are larger than the memory they need not have."""
    folders = {parent for path in files for parent in _parents(path)}
    for folder in sorted(folders):
        yield _header(folder, tarfile.DIRTYPE, 0o755, 0)
    for path, file in sorted(files.items()):
        size = os.fstat(file.fileno()).st_size
        yield _header(path, tarfile.REGTYPE, 0o644, size)
        yield from _padded(file, size)
    yield END


def _header(path: str, kind: bytes, mode: int, size: int) -> bytes:
    entry = tarfile.TarInfo(path)
    entry.type, entry.mode, entry.size = kind, mode, size
    return entry.tobuf(tarfile.PAX_FORMAT)


def _padded(file: io.BufferedReader, size: int) -> Iterator[bytes]:
    """Yield *size* bytes of a file and what fills its last block; one that was cut short meanwhile is an error."""
    left = size
    while left:
        chunk = file.read(min(CHUNK, left))
        if not chunk:
            raise OSError(f"{file.name} became shorter while it was read")
        left -= len(chunk)
        yield chunk
    yield bytes(-size % tarfile.BLOCKSIZE)


def _parents(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


class _Stream(io.RawIOBase):
    """The engine's chunks as a file."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill *buffer* as far as one chunk goes; return how far, 0 at the end."""
        if not self._rest:
            self._rest = memoryview(next(self._chunks, b""))
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

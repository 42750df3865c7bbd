"""The volume of data sets that all trainings read, filled and listed through the engine's archives.

Its folders: `keras` is `~/.keras/datasets`, `sklearn` is `~/scikit_learn_data`, `torch` is the root of torchvision.
"""

import io
import os
import tarfile
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from trainyard.engine.containers.archive import entry, parents
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
    """The data sets in a volume, created on demand, of a Docker engine that may be on another host."""

    def __init__(self, url: str, volume: str) -> None:
        self._engine = Connection(url)
        self._volume = volume

    def add(self, files: Mapping[str, str]) -> None:
        """Put files into the volume, path within it to path here; existing ones are replaced.

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
                return {each.name.removeprefix("./"): each.size for each in archive if each.isreg()}

    def close(self) -> None:
        """Disconnect."""
        self._engine.close()

    @contextmanager
    def _mounted(self) -> Iterator[tuple[Any, str]]:
        """Yield the engine's client and a container that has the volume and is removed afterwards."""
        name = f"trainyard-datasets-{uuid.uuid4().hex[:12]}"
        with self._engine.client() as api:
            _have_empty_image(api)
            host = api.create_host_config(binds={self._volume: {"bind": DATASETS, "mode": "rw"}})
            config = api.create_container_config(EMPTY, ["none"], host_config=host, labels={LABEL: self._volume})
            api.create_container_from_config(config, name)
            try:
                yield api, name
            finally:
                api.remove_container(name)


def _have_empty_image(api: Any) -> None:
    """Create the empty image if it is missing; no registry is needed."""
    if not api.images(name=EMPTY):
        name, _, tag = EMPTY.partition(":")
        api.import_image_from_data(END, repository=name, tag=tag)


def _archive(files: Mapping[str, io.BufferedReader]) -> Iterator[bytes]:
    """Yield a tar archive piece by piece: data sets may be larger than the memory."""
    for folder in sorted(parents(files) - {"."}):
        yield entry(folder, tarfile.DIRTYPE).tobuf(tarfile.PAX_FORMAT)
    for path, file in sorted(files.items()):
        size = os.fstat(file.fileno()).st_size
        yield entry(path, tarfile.REGTYPE, size).tobuf(tarfile.PAX_FORMAT)
        yield from _padded(file, size)
    yield END


def _padded(file: io.BufferedReader, size: int) -> Iterator[bytes]:
    """Yield *size* bytes of a file and the padding of its last block; a file that became shorter is an error."""
    left = size
    while left:
        chunk = file.read(min(CHUNK, left))
        if not chunk:
            raise OSError(f"{file.name} became shorter while it was read")
        left -= len(chunk)
        yield chunk
    yield bytes(-size % tarfile.BLOCKSIZE)


class _Stream(io.RawIOBase):
    """The engine's chunks as a file."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill *buffer* as far as one chunk goes; return how far, 0 at the end."""
        if not self._rest:
            self._rest = memoryview(next(self._chunks, b""))
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

"""Training images: stages of one Dockerfile, built on first need, named by what they were built from."""

from __future__ import annotations

import hashlib
import os
import queue
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from typing import Any

import structlog

from trainyard.engine.archive import packed
from trainyard.engine.connection import Connection
from trainyard.engine.port import Recipe
from trainyard.errors import EngineUnavailableError, ImageBuildError, TrainyardError

DEADLINE_SECONDS = 20 * 60.0
"""Below the broker's limit of 30 minutes for an unacked message."""

PAUSE_SECONDS = 20.0
LOG_LINES = 40
STEP = re.compile(r"Step (?P<number>\d+)/(?P<total>\d+) : (?P<what>.*)")
TELLING = ("Downloading ", "Installing ")
WORDS = 120

Line = dict[str, Any]
Report = Callable[[str], None]

log = structlog.get_logger()


class DockerImages:
    """Builds the stages of a folder's Dockerfile by a Docker engine.

    Args:
        url: Where the engine answers.
        folder: Holds `Dockerfile` and the requirements it copies.
        deadline: The longest a build may take, in seconds.
        pause: How long after a build that failed it is tried once more, in seconds.
        repository: What the images' names start with.
    """

    def __init__(
        self,
        url: str,
        folder: str,
        *,
        deadline: float = DEADLINE_SECONDS,
        pause: float = PAUSE_SECONDS,
        repository: str = "trainyard",
    ) -> None:
        self._engine = Connection(url, timeout=deadline)
        self._folder = folder
        self._deadline = deadline
        self._pause = pause
        self._repository = repository
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def name(self, recipe: Recipe) -> str:
        """Return the name of the image for *recipe* as the folder is now.

        Raises:
            ImageBuildError: The folder cannot be read.
        """
        return f"{self._repository}/{recipe.kind}:{_digest(_files(self._folder))[:12]}"

    def find(self, recipe: Recipe) -> str | None:
        """Return the image's name if it is there already."""
        name = self.name(recipe)
        with suppress(EngineUnavailableError):  # a missing image; an engine that is away says so at the build
            with self._engine.answering() as api:
                api.inspect_image(name)
            return name
        return None

    def build(self, recipe: Recipe, report: Report) -> str:
        """Build the image, unless somebody else did meanwhile; *report* gets "step 3 of 9: RUN pip install …"."""
        name = self.name(recipe)
        with self._lock:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            return self.find(recipe) or self._build(recipe.kind, name, report)

    def close(self) -> None:
        """Let go of the engine."""
        self._engine.close()

    def _build(self, kind: str, name: str, report: Report) -> str:
        """Build, and where that fails once more after a pause: a registry or the network may be away for a moment."""
        until = time.monotonic() + self._deadline
        try:
            return self._built(kind, name, report, until)
        except ImageBuildError as error:
            if time.monotonic() + self._pause >= until:
                raise
            log.warning("an image did not build and is built once more", pause=self._pause, error=str(error))
        report(f"did not build, is tried once more in {self._pause:g} s")
        time.sleep(self._pause)
        return self._built(kind, name, report, until)

    def _built(self, kind: str, name: str, report: Report, until: float) -> str:
        tail: deque[str] = deque(maxlen=LOG_LINES)
        step = ""
        for line in self._lines(kind, name, until):
            text = str(line.get("stream", "")).strip()
            tail.extend(text.splitlines())
            if line.get("error"):
                raise ImageBuildError(_failed(kind, str(line["error"]), tail))
            words = in_words(text, step)
            if words:
                report(words)
                step = words.partition(":")[0]
        with self._engine.answering() as api:  # an engine that was ended meanwhile ends the stream without a word
            api.inspect_image(name)
        return name

    def _lines(self, kind: str, name: str, until: float) -> Iterator[Line]:
        """Yield the engine's lines until then, on the monotonic clock; a build given up ends with its next line."""
        lines: queue.Queue[Line | TrainyardError | None] = queue.Queue()
        given_up = threading.Event()
        worker = threading.Thread(
            target=self._pump, args=(kind, name, lines, given_up), name=f"build-{kind}", daemon=True
        )
        worker.start()
        try:
            while (line := _next(lines, until, kind)) is not None:
                yield line
        finally:
            given_up.set()

    def _pump(
        self, kind: str, name: str, lines: queue.Queue[Line | TrainyardError | None], given_up: threading.Event
    ) -> None:
        """Hand on what the engine says, then how it ended."""
        options = {"t": name, "target": kind, "rm": "1", "forcerm": "1"}
        try:
            with closing(self._engine.built(packed((), _files(self._folder), owner=0), options)) as said:
                for line in said:
                    lines.put(line)
                    if given_up.is_set():
                        return
            lines.put(None)
        except TrainyardError as error:
            lines.put(error)


class NoImages:
    """For engines that run scripts in the Python that is there."""

    NAME = "local"

    def find(self, recipe: Recipe) -> str | None:  # noqa: ARG002  one Python for every kind
        """Return the one name there is."""
        return self.NAME

    def build(self, recipe: Recipe, report: Report) -> str:  # noqa: ARG002  nothing is built
        """Return the one name there is."""
        return self.NAME


def in_words(text: str, step: str = "") -> str:
    """Say a line of the engine's in words, or return "" for one that tells nothing new.

    Args:
        text: The line.
        step: What the newest step was called, such as "step 3 of 9".
    """
    found = STEP.match(text)
    if found:
        return f"step {found['number']} of {found['total']}: {_short(found['what'])}"
    if step and text.startswith(TELLING):
        return f"{step}: {_short(text)}"
    return ""


def _next(lines: queue.Queue[Line | TrainyardError | None], until: float, kind: str) -> Line | None:
    """Take the next line, or None at the build's end."""
    try:
        line = lines.get(timeout=max(0.0, until - time.monotonic()))
    except queue.Empty as error:
        raise ImageBuildError(
            f"the training image for {kind} did not build in time; `make images` builds it without a deadline's haste"
        ) from error
    if isinstance(line, TrainyardError):
        raise line
    return line


def _digest(files: Mapping[str, bytes]) -> str:
    """Hash names and contents."""
    digest = hashlib.sha256()
    for name, data in sorted(files.items()):
        digest.update(name.encode() + b"\0" + data + b"\0")
    return digest.hexdigest()


def _files(folder: str) -> dict[str, bytes]:
    """Read the folder's files.

    Raises:
        ImageBuildError: That failed.
    """
    files = {}
    try:
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), "rb") as file:
                files[name] = file.read()
    except OSError as error:
        raise ImageBuildError(f"the training images' folder cannot be read: {error}") from error
    return files


def _short(text: str) -> str:
    return text if len(text) <= WORDS else f"{text[: WORDS - 1]}…"


def _failed(kind: str, reason: str, tail: deque[str]) -> str:
    log = "\n".join(tail)
    return f"the training image for {kind} did not build: {reason}. The end of its log:\n{log}"

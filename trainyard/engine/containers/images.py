"""Training images: stages of one Dockerfile and layers on them, built on first use, named by their inputs."""

import json
import queue
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any

import structlog

from trainyard.engine.containers.archive import packed
from trainyard.engine.containers.blueprints import Blueprint, blueprints
from trainyard.engine.containers.buildlog import BuildLog
from trainyard.engine.containers.connection import Connection
from trainyard.engine.containers.site import Site
from trainyard.engine.port import Recipe
from trainyard.errors import EngineUnavailableError, ImageBuildError, SubmissionError, TrainyardError

DEADLINE_SECONDS = 20 * 60.0
"""Below the broker's limit of 30 minutes for an unacked message."""

PAUSE_SECONDS = 20.0
STEP = re.compile(r"Step (?P<number>\d+)/(?P<total>\d+) : (?P<what>.*)")
TELLING = ("Downloading ", "Installing ", "trainyard: ")
WORDS = 120

Line = dict[str, Any]
Report = Callable[[str], None]

log = structlog.get_logger()


class DockerImages:
    """Builds the stages of a folder's Dockerfile, and layers on them, by a Docker engine.

    Args:
        url: The engine's address.
        folder: Holds `Dockerfile` and the requirements it copies.
        site: How builds reach packages.
        logs: The folder for build logs; empty for none.
        dockerfiles: Whether authors' own Dockerfiles are built.
        deadline: The longest a build may take, in seconds.
        pause: The seconds before a failed build is tried once more.
        repository: The prefix of the images' names.
    """

    def __init__(
        self,
        url: str,
        folder: str,
        *,
        site: Site | None = None,
        logs: str = "",
        dockerfiles: bool = False,
        deadline: float = DEADLINE_SECONDS,
        pause: float = PAUSE_SECONDS,
        repository: str = "trainyard",
    ) -> None:
        self._engine = Connection(url, timeout=deadline)
        self._folder = folder
        self._site = site or Site()
        self._logs = logs
        self._dockerfiles = dockerfiles
        self._deadline = deadline
        self._pause = pause
        self._repository = repository
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def name(self, recipe: Recipe) -> str:
        """Return the name of the image for *recipe* as the folder is now.

        Raises:
            ImageBuildError: The folder cannot be read.
            SubmissionError: It needs the author's own Dockerfile, and those are not built here.
        """
        return self._blueprints(recipe)[-1].name

    def find(self, recipe: Recipe) -> str | None:
        """Return the image's name if it exists already."""
        name = self.name(recipe)
        return name if self._is_there(name) else None

    def build(self, recipe: Recipe, report: Report) -> str:
        """Build the image, unless another thread did meanwhile; *report* gets "step 3 of 9: RUN pip install …".

        Raises:
            ImageBuildError: It did not build, or exceeded its time limit.
            SubmissionError: It cannot be built as its author wants it.
        """
        until = time.monotonic() + self._deadline
        if found := self.find(recipe):
            return found
        for blueprint in self._blueprints(recipe):
            with self._lock:
                lock = self._locks.setdefault(blueprint.name, threading.Lock())
            with lock:
                if not self._is_there(blueprint.name):
                    self._build_or_refuse(recipe, blueprint, report, until)
        return self.name(recipe)

    def close(self) -> None:
        """Disconnect."""
        self._engine.close()

    def _blueprints(self, recipe: Recipe) -> list[Blueprint]:
        if recipe.dockerfile and not self._dockerfiles:
            raise SubmissionError(
                f"trainyard.toml names the Dockerfile {recipe.dockerfile!r}; authors' Dockerfiles are not built here",
                remedy="Remove `dockerfile` to use one of the images here; or ask the operator to set "
                "TRAINYARD_TRAINER_DOCKERFILES=true.",
                reason="config",
                file="trainyard.toml",
            )
        return blueprints(recipe, self._folder, self._repository)

    def _is_there(self, name: str) -> bool:
        with suppress(EngineUnavailableError):  # a missing image; an unavailable engine is reported by the build
            with self._engine.client() as api:
                api.inspect_image(name)
            return True
        return False

    def _build_or_refuse(self, recipe: Recipe, blueprint: Blueprint, report: Report, until: float) -> None:
        """Build; a failure of an author's own Dockerfile is the author's to fix."""
        try:
            self._build(recipe, blueprint, report, until)
        except ImageBuildError as error:
            if not recipe.dockerfile:
                raise
            raise SubmissionError(
                str(error),
                remedy=f"Fix {recipe.dockerfile}, or remove `dockerfile` from trainyard.toml to use an image here.",
                reason="image",
                file=recipe.dockerfile,
            ) from error

    def _build(self, recipe: Recipe, blueprint: Blueprint, report: Report, until: float) -> None:
        """Build; on failure, try once more after a pause: a registry or the network may be unavailable for a moment."""
        try:
            return self._build_once(blueprint, report, until)
        except ImageBuildError as error:
            if time.monotonic() + self._pause >= until:
                raise
            log.warning("an image did not build and will be built once more", pause=self._pause, error=str(error))
        report(f"did not build; next try in {self._pause:g} s")
        time.sleep(self._pause)
        again = {each.title: each for each in self._blueprints(recipe)}  # the folder may have been fixed meanwhile
        return self._build_once(again.get(blueprint.title, blueprint), report, until)

    def _build_once(self, blueprint: Blueprint, report: Report, until: float) -> None:
        build, step = BuildLog(self._logs, blueprint.name), ""
        with closing(build):
            for line in self._lines(blueprint, until):
                text = str(line.get("stream", "")).strip()
                if text:
                    build.add(text)
                if line.get("error"):
                    build.add(str(line["error"]))
                    raise (build.refusal() if blueprint.by_author else None) or _failed(blueprint, line["error"], build)
                if words := in_words(text, step):
                    report(words)
                    step = words.partition(":")[0]
        with self._engine.client() as api:  # an engine that was stopped meanwhile ends the stream silently
            api.inspect_image(blueprint.name)

    def _lines(self, blueprint: Blueprint, until: float) -> Iterator[Line]:
        """Yield the engine's lines until a monotonic time; an abandoned build ends with its next line."""
        lines: queue.Queue[Line | TrainyardError | None] = queue.Queue()
        given_up = threading.Event()
        worker = threading.Thread(
            target=self._pump, args=(blueprint, lines, given_up), name=f"build-{blueprint.name}", daemon=True
        )
        worker.start()
        try:
            while (line := _next(lines, until, blueprint)) is not None:
                yield line
        finally:
            given_up.set()

    def _pump(
        self, blueprint: Blueprint, lines: queue.Queue[Line | TrainyardError | None], given_up: threading.Event
    ) -> None:
        """Put the engine's lines into the queue, then None or the error."""
        try:
            files = {**blueprint.files, **(self._site.files(blueprint.installs) if blueprint.site else {})}
            with closing(self._engine.build(packed((), files, owner=0), self._options(blueprint))) as built:
                for line in built:
                    lines.put(line)
                    if given_up.is_set():
                        return
            lines.put(None)
        except TrainyardError as error:
            lines.put(error)

    def _options(self, blueprint: Blueprint) -> dict[str, str]:
        """Return the options of the build; the engine keeps the proxies' variables out of the image's history."""
        return {
            "t": blueprint.name,
            "target": blueprint.target,
            "dockerfile": blueprint.dockerfile,
            "buildargs": json.dumps(dict(self._site.proxies)),
            "rm": "1",
            "forcerm": "1",
        }


class NoImages:
    """The images of engines that run scripts in the installed Python."""

    NAME = "local"

    def find(self, recipe: Recipe) -> str | None:  # noqa: ARG002  one Python for every kind
        """Return the one name there is."""
        return self.NAME

    def build(self, recipe: Recipe, report: Report) -> str:  # noqa: ARG002  nothing is built
        """Return the one name there is."""
        return self.NAME


def in_words(text: str, step: str = "") -> str:
    """Return what a line of the engine's means for people, "" where that is nothing new since *step*, as "step 3"."""
    found = STEP.match(text)
    if found:
        return f"step {found['number']} of {found['total']}: {_short(found['what'])}"
    if step and text.startswith(TELLING):
        return f"{step}: {_short(text)}"
    return ""


def _next(lines: queue.Queue[Line | TrainyardError | None], until: float, blueprint: Blueprint) -> Line | None:
    """Take the next line, or None at the build's end."""
    try:
        line = lines.get(timeout=max(0.0, until - time.monotonic()))
    except queue.Empty as error:
        raise ImageBuildError(
            f"the training image {blueprint.title} did not build in time; `make images` builds the images without a "
            "deadline"
        ) from error
    if isinstance(line, TrainyardError):
        raise line
    return line


def _short(text: str) -> str:
    return text if len(text) <= WORDS else f"{text[: WORDS - 1]}…"


def _failed(blueprint: Blueprint, reason: object, build: BuildLog) -> ImageBuildError:
    return ImageBuildError(
        f"the training image {blueprint.title} did not build: {reason}. The end of its log:\n{build.tail()}"
    )

"""What trainer and monitor know of the engine that runs a training.

A run's container, labelled with its `code.ready`, is the durable record of the run; its trial's volume keeps code,
checkpoints and results. Both outlive the services.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from trainyard.errors import EngineUnavailableError
from trainyard.messages import CodeReady

MOST_BYTES = 1 << 30
"""A larger file of a volume is treated as absent, unless the reader says otherwise: none could take it into memory."""

UNKNOWN_KIND = "unknown"
"""The kind of a run that was started by an earlier version, which did not record it."""

State = Literal["created", "running", "exited"]


class EngineBusyError(EngineUnavailableError):
    """The container engine is there and did not answer in time."""


class GoneError(EngineUnavailableError):
    """The container is gone: another service was first. A file missing from its volume must not be judged."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a training image is made of.

    Attributes:
        kind: A stage of the training images' Dockerfile.
        requirements: What pip installs on top of it, one per line; scripts with the same requirements share the layer.
        optional: What it also installs where available; the script itself does not import it.
        dockerfile: The author's own Dockerfile, relative to the code's root; then it alone is built.
        context: The files that it is built from, path to content; empty without one.
    """

    kind: str
    requirements: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    dockerfile: str | None = None
    context: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setup:
    """The preparation of a script, so that it runs as it did where it was written.

    Attributes:
        stdin: What it reads from standard input.
        paths: A path as the script writes it to the one that is meant, relative to the code's root.
        folders: Folders that it expects, relative to the code's root.
        pythonpath: Folders in which it looks for modules, relative to the code's root.
        compat: The libraries (keras, numpy, pandas, sklearn) whose older names and behaviour it needs.
        older: Of those, what it is tried with once more if today's version refuses what it does.
        metrics_files: Files it writes its metrics to, relative to the code's root.
    """

    stdin: str = ""
    paths: Mapping[str, str] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    pythonpath: tuple[str, ...] = ()
    compat: tuple[str, ...] = ()
    older: tuple[str, ...] = ()
    metrics_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spec:
    """All that is needed to start a run; paths are relative to the code's root.

    Attributes:
        image: What to run it in; an adapter without images ignores it.
        files: The bundle's content, path to bytes.
        warm: The checkpoint that it starts from, if that still exists.
        kind: The kind of model that it trains, for the metrics.
    """

    message: CodeReady
    image: str
    entrypoint: str
    workdir: str
    args: tuple[str, ...]
    files: Mapping[str, bytes]
    environment: Mapping[str, str]
    setup: Setup = Setup()
    warm: bytes | None = None
    kind: str = UNKNOWN_KIND


@dataclass(frozen=True, slots=True)
class Container:
    """One run as the engine sees it now.

    Attributes:
        name: `trainyard-<job>-t<trial>-r<run>`.
        message: The `code.ready` it was started for.
        kind: The kind of model that it trains, for the metrics.
        exit_code: Once it has exited.
        out_of_memory: Whether the engine saw it reach its memory limit.
        started: Seconds since 1970, 0 if it never ran.
        finished: Seconds since 1970, 0 while it runs.
    """

    name: str
    message: CodeReady
    state: State
    exit_code: int | None = None
    out_of_memory: bool = False
    started: float = 0.0
    finished: float = 0.0
    host: str = ""
    kind: str = UNKNOWN_KIND


@dataclass(frozen=True, slots=True)
class Output:
    """What a script printed since the last time.

    Attributes:
        text: Of a progress bar only its last state.
        cursor: The position to continue from next time.
    """

    text: str
    cursor: str


@dataclass(frozen=True, slots=True)
class Usage:
    """The resources that a run uses.

    Attributes:
        memory: Bytes in use, without caches that could be freed.
        memory_limit: Bytes at which it is killed; None where there is no limit.
        cpu_seconds: Time of all processors together, since its start.
    """

    memory: int
    memory_limit: int | None
    cpu_seconds: float


class Engine(Protocol):
    """Runs trainings. Every method raises EngineUnavailableError when the engine does not answer."""

    def start(self, spec: Spec) -> Container:
        """Create, fill and start the run's container; adopt an existing one of that name.

        One that was created but never ran is filled and started; one that runs or has run is left as it is.
        """

    def find(self, name: str) -> Container | None:
        """Return the container of that name."""

    def containers(self) -> list[Container]:
        """Return every container of ours, whatever its state."""

    def read(self, container: Container, path: str, most: int = MOST_BYTES) -> bytes | None:
        """Return a file of the trial's volume, such as `r1/result.json`, or None where there is none.

        This works while the container runs and after it has ended. A file of more than *most* bytes counts as absent.

        Raises:
            GoneError: The container is gone, so that nothing is known of its files.
        """

    def logs(self, container: Container, tail: int = 200) -> str:
        """Return the last lines that the script printed, at most 64 KiB; of a progress bar only its last state."""

    def output(self, container: Container, cursor: str = "") -> Output:
        """Return what the script printed after *cursor*; without one, the end of what it printed so far.

        Where it prints more in between than 64 KiB or 500 lines, the end of it.
        """

    def usage(self, container: Container) -> Usage | None:
        """Return what a running container uses; None where that is unknown, as for one that has ended."""

    def last_output(self, container: Container) -> float:
        """Return when the script last printed or finished an epoch, in seconds since 1970."""

    def kill(self, name: str) -> None:
        """Kill a running container; one that is gone or has ended is left alone."""

    def remove(self, name: str) -> None:
        """Remove a container that has ended; one that is gone is fine. Its trial's volume stays."""

    def volumes(self) -> list[tuple[str, int]]:
        """Return (job, trial) of every trial that still has a volume."""

    def remove_volume(self, job: str, trial: int) -> None:
        """Remove the trial's volume; one that is gone is fine, one in use stays."""

    def wait_for_change(self, timeout: float) -> bool:
        """Return True when a container of ours may have started or ended since this thread last called it.

        Returns False after *timeout* seconds without a sign of that. It is only a hint, and some may be missed.
        """

    def check(self) -> str:
        """Return the engine's name and version."""


class Images(Protocol):
    """Where training images come from."""

    def find(self, recipe: Recipe) -> str | None:
        """Return the name of the image of *recipe* if it exists already."""

    def build(self, recipe: Recipe, report: Callable[[str], None]) -> str:
        """Build the image of *recipe* and return its name; *report* gets each step in words.

        Two builds of one image wait for each other.

        Raises:
            ImageBuildError: It did not build, or exceeded its time limit; holds the end of the log.
            SubmissionError: It cannot be built as its author wants it.
        """


def container_name(job: str, trial: int, run: int) -> str:
    """Return the name of a run's container; the same run always has the same."""
    return f"trainyard-{job}-t{trial}-r{run}"


def volume_name(job: str, trial: int) -> str:
    """Return the name of a trial's volume."""
    return f"trainyard-{job}-t{trial}"


def running(containers: Iterable[Container]) -> int:
    """Count the containers that occupy a slot."""
    return sum(container.state == "running" for container in containers)

"""An engine and images in memory, for what real ones do too slowly or too seldom: vanish, refuse, half start."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from trainyard.engine.port import MOST_BYTES, Container, GoneError, Output, Recipe, Spec, State, Usage, container_name
from trainyard.errors import EngineUnavailableError, ImageBuildError, PermanentError
from trainyard.messages import CodeReady


@dataclass
class MemoryEngine:
    """Keeps containers as values; nothing runs.

    Attributes:
        started: Every spec that a container was filled and started with.
        gone: Containers that another service removed.
        broken: Containers whose files cannot be read, for a reason that nobody foresaw.
        printed: All that a container printed.
        damaged: Containers whose log cannot be read.
        used: What a container uses now.
        refuses: Why nothing can be started, ever.
        down: While True, the engine does not answer.
    """

    held: dict[str, Container] = field(default_factory=dict)
    files: dict[tuple[str, int, str], bytes] = field(default_factory=dict)
    started: list[Spec] = field(default_factory=list)
    trial_volumes: set[tuple[str, int]] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    printed: dict[str, str] = field(default_factory=dict)
    damaged: set[str] = field(default_factory=set)
    used: dict[str, Usage] = field(default_factory=dict)
    refuses: str = ""
    down: bool = False

    def put(
        self, message: CodeReady, state: State = "running", exit_code: int | None = None, kind: str = "knn"
    ) -> Container:
        """Have a container of this run."""
        name = container_name(message.job, message.trial, message.run)
        container = Container(
            name,
            message,
            state,
            exit_code,
            started=100.0,
            finished=112.0 if state == "exited" else 0.0,
            kind=kind,
        )
        self.held[name] = container
        self.trial_volumes.add((message.job, message.trial))
        return container

    def write(self, message: CodeReady, path: str, data: bytes) -> None:
        """Have a file in the trial's volume."""
        self.files[message.job, message.trial, path] = data

    def start(self, spec: Spec) -> Container:
        """Start the run, unless it runs or ran."""
        self._answer()
        if self.refuses:
            raise PermanentError(self.refuses)
        name = container_name(spec.message.job, spec.message.trial, spec.message.run)
        if name not in self.held or self.held[name].state == "created":
            self.started.append(spec)
            self.put(spec.message, kind=spec.kind)
        return self.held[name]

    def find(self, name: str) -> Container | None:
        """Return the container of that name."""
        self._answer()
        return self.held.get(name)

    def containers(self) -> list[Container]:
        """Return every container."""
        self._answer()
        return list(self.held.values())

    def read(self, container: Container, path: str, most: int = MOST_BYTES) -> bytes | None:
        """Return a file of the trial's volume."""
        self._answer()
        if container.name in self.gone:
            raise GoneError
        if container.name in self.broken:
            raise ValueError(f"{container.name} is broken")
        data = self.files.get((container.message.job, container.message.trial, path))
        return data if data is None or len(data) <= most else None

    def logs(self, container: Container, tail: int = 200) -> str:
        """Return nothing: nothing runs."""
        return f"{container.name}:{tail}"

    def output(self, container: Container, cursor: str = "") -> Output:
        """Return what was printed since; the cursor counts characters."""
        self._answer()
        if container.name in self.damaged:
            raise EngineUnavailableError("the log is damaged")
        printed = self.printed.get(container.name, "")
        return Output(printed[int(cursor or 0) :], str(len(printed)))

    def usage(self, container: Container) -> Usage | None:
        """Return what it was said to use."""
        self._answer()
        return self.used.get(container.name)

    def last_output(self, container: Container) -> float:
        """Return when it started."""
        return container.started

    def kill(self, name: str) -> None:
        """End the container."""
        self.held[name] = replace(self.held[name], state="exited", exit_code=137)

    def remove(self, name: str) -> None:
        """Forget the container."""
        self._answer()
        self.held.pop(name, None)

    def volumes(self) -> list[tuple[str, int]]:
        """Return the trials that have a volume."""
        return sorted(self.trial_volumes)

    def remove_volume(self, job: str, trial: int) -> None:
        """Forget the trial's volume."""
        self.trial_volumes.discard((job, trial))

    def wait_for_change(self, timeout: float) -> bool:
        """Return at once: nothing changes by itself."""
        self._answer()
        return timeout < 0

    def check(self) -> str:
        """Return its name."""
        return "memory"

    def _answer(self) -> None:
        if self.down:
            raise EngineUnavailableError


@dataclass
class MemoryImages:
    """Images by kind; what is not there is built in the steps given.

    Attributes:
        fails: What a build ends with, if it shall not work.
        during: Called while an image is built.
    """

    there: set[str] = field(default_factory=lambda: {"sklearn", "ann", "cnn"})
    steps: tuple[str, ...] = ("step 1 of 2", "step 2 of 2")
    fails: str | None = None
    during: Callable[[], None] = lambda: None

    def find(self, recipe: Recipe) -> str | None:
        """Return the image's name if it is there."""
        return f"trainyard/{recipe.kind}:twin" if recipe.kind in self.there else None

    def build(self, recipe: Recipe, report: Callable[[str], None]) -> str:
        """Build it in its steps."""
        for step in self.steps:
            report(step)
        self.during()
        if self.fails:
            raise ImageBuildError(self.fails)
        self.there.add(recipe.kind)
        return f"trainyard/{recipe.kind}:twin"


@dataclass
class MemoryCounts:
    """Keeps what was counted."""

    endings: list[tuple[str, str]] = field(default_factory=list)
    builds: list[tuple[str, str]] = field(default_factory=list)
    seen_slots: tuple[int, int] = (0, 0)
    looks: int = 0

    def ended(self, kind: str, outcome: str, seconds: float | None = None) -> None:
        """Keep an ending."""
        self.endings.append((kind, outcome if seconds is None else f"{outcome} in {seconds:g} s"))

    def built(self, kind: str, outcome: str) -> None:
        """Keep a build."""
        self.builds.append((kind, outcome))

    def slots(self, used: int, total: int) -> None:
        """Keep the slots."""
        self.seen_slots = (used, total)

    def looked(self) -> None:
        """Keep the look."""
        self.looks += 1

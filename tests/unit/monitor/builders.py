"""Containers and an engine that stands still, for the monitor's tests."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trainyard.engine.port import MOST_BYTES, Container, GoneError, Output, Spec, State, Usage, container_name
from trainyard.engine.verdict import Ending
from trainyard.errors import EngineUnavailableError
from trainyard.messages import CodeReady
from trainyard.policy import Policy, Resources
from trainyard.testing import a_code_ready

START = 1_000_000.0
"""When every container here was started."""

RESULT = json.dumps({"final": True, "measurement": {"metric": "accuracy", "value": 0.98, "data": "test"}}).encode()
ERROR = json.dumps(
    {
        "reason": "raised",
        "type": "ValueError",
        "message": "no such column",
        "traceback": "Traceback …",
        "file": "train.py",
        "line": 12,
        "remedy": "Correct the script.",
    }
).encode()

FILES: dict[Ending, dict[str, bytes]] = {
    "succeeded": {"result.json": RESULT},
    "failed": {"error.json": ERROR},
    "no_result": {},
    "crashed": {},
}


def a_message(job: str = "wines", trial: int = 1, run: int = 1, hours: float = 6.0) -> CodeReady:
    """Make a request to train that may take so many hours."""
    policy = Policy(resources=Resources(hours=hours, memory="4g"))
    return a_code_ready(job=job, trial=trial, run=run).model_copy(update={"policy": policy})


def a_container(
    state: State = "exited",
    *,
    job: str = "wines",
    trial: int = 1,
    run: int = 1,
    exit_code: int = 137,
    out_of_memory: bool = False,
    seconds: float = 60.0,
    hours: float = 6.0,
) -> Container:
    """Make a container; one that has exited ran for so many seconds."""
    exited = state == "exited"
    return Container(
        name=container_name(job, trial, run),
        message=a_message(job, trial, run, hours),
        state=state,
        exit_code=exit_code if exited else None,
        out_of_memory=out_of_memory,
        started=0.0 if state == "created" else START,
        finished=START + seconds if exited else 0.0,
        host="here",
    )


@dataclass
class StillEngine:
    """An engine whose containers are what the test says and change only by what is done to them.

    Attributes:
        files: Content by (container's name, path within its run's folder).
        printed: When a container last printed; its end, or its start while it runs, where nothing is said.
        broken: What reading a container's files fails with.
        away: Every question fails.
    """

    present: dict[str, Container] = field(default_factory=dict)
    files: dict[tuple[str, str], bytes] = field(default_factory=dict)
    printed: dict[str, float] = field(default_factory=dict)
    kept: list[tuple[str, int]] = field(default_factory=list)
    killed: list[str] = field(default_factory=list)
    broken: dict[str, Exception] = field(default_factory=dict)
    away: bool = False
    reads: int = 0

    def put(self, container: Container, files: Mapping[str, bytes] | None = None) -> Container:
        """Add a container with its run's files, and its trial's volume."""
        self.present[container.name] = container
        self.files.update({(container.name, name): data for name, data in (files or {}).items()})
        trial = (container.message.job, container.message.trial)
        self.kept += [] if trial in self.kept else [trial]
        return container

    def start(self, spec: Spec) -> Container:
        """Refuse: the monitor starts nothing."""
        raise AssertionError(f"the monitor started {spec.message}")

    def find(self, name: str) -> Container | None:
        """Return the container of that name."""
        return self.present.get(name)

    def containers(self) -> list[Container]:
        """Return all of them."""
        self._answer()
        return list(self.present.values())

    def read(self, container: Container, path: str, most: int = MOST_BYTES) -> bytes | None:
        """Return a file of the run."""
        self._answer()
        self.reads += 1
        if container.name not in self.present:
            raise GoneError(container.name)
        if container.name in self.broken:
            raise self.broken[container.name]
        data = self.files.get((container.name, path.partition("/")[2]))
        return data if data is None or len(data) <= most else None

    def logs(self, container: Container, tail: int = 200) -> str:
        """Return a log that names its container."""
        self._answer()
        return f"the last {tail} lines of {container.name}"

    def output(self, container: Container, cursor: str = "") -> Output:  # noqa: ARG002  nothing prints
        """Return nothing new."""
        return Output("", cursor)

    def usage(self, container: Container) -> Usage | None:  # noqa: ARG002  nothing runs
        """Know nothing."""
        return None

    def last_output(self, container: Container) -> float:
        """Return when it last printed."""
        self._answer()
        return self.printed.get(container.name, container.finished or container.started)

    def kill(self, name: str) -> None:
        """Note the kill."""
        self._answer()
        self.killed.append(name)

    def remove(self, name: str) -> None:
        """Remove the container."""
        self._answer()
        self.present.pop(name, None)

    def volumes(self) -> list[tuple[str, int]]:
        """Return what is kept."""
        self._answer()
        return list(self.kept)

    def remove_volume(self, job: str, trial: int) -> None:
        """Remove the volume unless a container has it."""
        used = {(each.message.job, each.message.trial) for each in self.present.values()}
        self.kept = [each for each in self.kept if each != (job, trial) or each in used]

    def wait_for_change(self, timeout: float) -> bool:  # noqa: ARG002  nothing ever changes by itself
        """Signal that something may have changed, so that the next look comes at once."""
        self._answer()
        return True

    def check(self) -> str:
        """Return its name."""
        return "an engine that stands still"

    def _answer(self) -> None:
        if self.away:
            raise EngineUnavailableError("the engine is away")


@dataclass
class Counted:
    """What was counted, in order."""

    seen: list[tuple[str, Any]] = field(default_factory=list)

    def resumed(self, cause: str) -> None:
        """Note a resume."""
        self.seen.append(("resumed", cause))

    def failed(self, reason: str) -> None:
        """Note a failure."""
        self.seen.append(("failed", reason))

    def compared(self, containers: Any) -> None:
        """Note a look."""
        self.seen.append(("compared", len(list(containers))))

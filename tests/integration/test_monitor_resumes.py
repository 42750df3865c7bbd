"""The monitor on real processes and a bus in memory: what crashed goes on, what raised is told."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

import trainprobe
from services.monitor.bootstrap import assemble
from services.monitor.domain import Limits
from trainyard import marks
from trainyard.bus.envelope import decode
from trainyard.bus.memory import MemoryBus
from trainyard.engine.port import Container, Spec, running
from trainyard.engine.process import ProcessEngine
from trainyard.engine.verdict import read_result
from trainyard.messages import CodeReady, Message, TrainingFailed, TrainingProgressed
from trainyard.service import run
from trainyard.storage import Storage
from trainyard.testing import a_code_ready, eventually
from trainyard.topology import BINDINGS

M = TypeVar("M", bound=Message)

WAITS_AT_FIRST = """
import os, signal
if not os.path.exists("been_here.txt"):
    open("been_here.txt", "w").close()
    print("pid", os.getpid(), flush=True)
    signal.pause()
accuracy = 9 / 10
"""
RAISES = "import math\nmath.sqrt(-1)\n"
ALWAYS_DIES = "import os\nos.kill(os.getpid(), 9)\n"


@dataclass
class Scene:
    """A monitor that runs, and the two queues that it speaks to."""

    engine: ProcessEngine
    storage: Storage
    bus: MemoryBus

    def start(self, script: str, message: CodeReady | None = None) -> Container:
        """Do what the trainer does with a code.ready."""
        spec = Spec(message or a_code_ready(), "", "train.py", ".", (), {"train.py": script.encode()}, {})
        return self.engine.start(spec)

    def told(self, kind: type[M], timeout: float = 10) -> M | None:
        """Return the next message of this type that the service which hears it gets; others are passed over."""
        service = "trainer" if kind is CodeReady else "evaluator"
        with contextlib.closing(self.bus.consume(BINDINGS[service].queue)) as consumer:
            while delivery := consumer.get(timeout=timeout):
                delivery.ack()
                message = decode(delivery.envelope)
                if isinstance(message, kind):
                    return message
        return None

    def pid(self, container: Container) -> int:
        """Return the process that the script said it is."""
        found = eventually(lambda: re.search(r"pid (\d+)", self.engine.logs(container)), message="no pid was printed")
        assert found is not None
        return int(found[1])


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    engine = ProcessEngine(str(tmp_path / "volumes"), probe=os.path.dirname(trainprobe.__file__))
    storage, bus, stop = Storage(str(tmp_path / "storage")), MemoryBus(), threading.Event()
    service = assemble(engine=engine, storage=storage, limits=Limits(max_runs=2, backoff=0.2), every=1.0)
    thread = threading.Thread(target=run, args=(service, bus, stop))
    thread.start()
    yield Scene(engine, storage, bus)
    stop.set()
    thread.join()
    engine.close()
    bus.close()


class TestMonitor:
    def test_a_killed_script_goes_on_as_the_next_run(self, scene: Scene) -> None:
        """Announced, published, and the second run of the same volume gets through; the old run is gone."""
        first = scene.start(WAITS_AT_FIRST)

        os.kill(scene.pid(first), signal.SIGKILL)
        announced, again = scene.told(TrainingProgressed), scene.told(CodeReady)

        assert announced is not None
        assert (announced.phase, announced.until is not None) == ("crashed", True)
        assert again == a_code_ready(run=2)
        assert scene.storage.marked(marks.superseded("wines", 1, 1))
        second = scene.start(WAITS_AT_FIRST, again)
        result = eventually(lambda: read_result(scene.engine, second), message="the second run gave no result")
        assert result is not None
        assert result.measurement.value == 0.9
        eventually(lambda: scene.engine.find(first.name) is None, message="the first run is not removed")

    def test_a_script_that_raised_is_told_once(self, scene: Scene) -> None:
        """With file and line; its folder is kept until the verdict, and gone after it."""
        container = scene.start(RAISES)

        told = scene.told(TrainingFailed)

        assert told is not None
        assert told.result.failure is not None
        assert (told.result.failure.reason, told.result.failure.line) == ("raised", 2)
        assert "ValueError" in told.result.failure.log_tail
        assert scene.engine.find(container.name) is not None
        scene.storage.mark(marks.decided("wines", 1))
        eventually(lambda: not scene.engine.volumes(), message="the volume is left behind")
        assert scene.told(TrainingFailed, timeout=1) is None

    def test_a_script_that_always_dies_is_given_up(self, scene: Scene) -> None:
        """After as many runs as the operator allows, with what happened the last time."""
        scene.start(ALWAYS_DIES)
        again = scene.told(CodeReady)

        scene.start(ALWAYS_DIES, again)

        told = scene.told(TrainingFailed)
        assert told is not None
        assert told.result.failure is not None
        assert told.result.failure.reason == "crashed"
        assert "started 2 times" in told.result.failure.message

    def test_what_runs_for_an_ended_job_is_ended_and_collected(self, scene: Scene) -> None:
        """A cancel leaves nothing behind, and publishes nothing."""
        container = scene.start(WAITS_AT_FIRST)
        scene.pid(container)

        scene.storage.mark(marks.ended("wines"))

        eventually(lambda: not running(scene.engine.containers()), message="it runs on")
        eventually(lambda: not scene.engine.volumes(), message="its folder is left behind")

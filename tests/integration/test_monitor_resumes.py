"""The monitor on real engines and a bus in memory: what crashed goes on, what raised is told."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from services.monitor.bootstrap import assemble
from services.monitor.domain import Limits
from tests.contract.engines import WAITS, Yard, docker_api, docker_yard, process_yard, yard
from trainyard import marks
from trainyard.bus.envelope import decode
from trainyard.bus.memory import MemoryBus
from trainyard.engine.port import Container, running
from trainyard.engine.verdict import read_result
from trainyard.messages import CodeReady, Message, TrainingFailed
from trainyard.service import run
from trainyard.storage import Storage
from trainyard.testing import eventually
from trainyard.topology import BINDINGS

__all__ = ["docker_api", "docker_yard", "process_yard", "yard"]  # fixtures

M = TypeVar("M", bound=Message)

DIES_AT_FIRST = """
import os
been_here = "../checkpoints/been_here.txt"
if not os.path.exists(been_here):
    open(been_here, "w").close()
    os.kill(os.getpid(), 9)
accuracy = 9 / 10
"""
ALWAYS_DIES = "import os\nos.kill(os.getpid(), 9)\n"
RAISES = "import math\nmath.sqrt(-1)\n"
EATS_MEMORY = "hoard = []\nwhile True:\n    hoard.append(bytearray(8 << 20))\n"


@dataclass
class Scene:
    """A monitor that runs, and whoever hears it."""

    yard: Yard
    storage: Storage
    bus: MemoryBus

    def start(self, script: str, message: CodeReady | None = None, **changes: Any) -> Container:
        """Do what the trainer does with a code.ready."""
        spec = self.yard.spec(script, **changes)
        return self.yard.engine.start(replace(spec, message=message or spec.message))

    def told(self, kind: type[M], timeout: float = 20) -> M | None:
        """Return the next message of this type that the service which hears it gets; others are passed over."""
        service = "trainer" if kind is CodeReady else "evaluator"
        with contextlib.closing(self.bus.consume(BINDINGS[service].queue)) as consumer:
            while delivery := consumer.get(timeout=timeout):
                delivery.ack()
                message = decode(delivery.envelope)
                if isinstance(message, kind):
                    return message
        return None


@pytest.fixture
def scene(yard: Yard, tmp_path: Path) -> Iterator[Scene]:
    storage, bus, stop = Storage(str(tmp_path / "storage")), MemoryBus(), threading.Event()
    service = assemble(engine=yard.engine, storage=storage, limits=Limits(max_runs=2, backoff=0.2), every=1.0)
    thread = threading.Thread(target=run, args=(service, bus, stop))
    thread.start()
    yield Scene(yard, storage, bus)
    stop.set()
    thread.join()
    bus.close()


class TestMonitor:
    def test_a_killed_script_goes_on_as_the_next_run(self, scene: Scene) -> None:
        """Published, and the second run of the same volume gets through; the old run is gone."""
        first = scene.start(DIES_AT_FIRST)

        again = scene.told(CodeReady)

        assert again == first.message.model_copy(update={"run": 2})
        assert scene.storage.marked(marks.superseded(first.message.job, 1, 1))
        second = scene.yard.ended(scene.start(DIES_AT_FIRST, again))
        result = read_result(scene.yard.engine, second)
        assert result is not None, scene.yard.engine.logs(second)
        assert result.measurement.value == 0.9
        eventually(lambda: scene.yard.engine.find(first.name) is None, message="the first run is not removed")

    def test_a_script_that_raised_is_told_once(self, scene: Scene) -> None:
        """With file and line; its volume is kept until the verdict, and gone after it."""
        container = scene.start(RAISES)

        told = scene.told(TrainingFailed)

        assert told is not None
        assert told.result.failure is not None
        assert (told.result.failure.reason, told.result.failure.line) == ("raised", 2)
        assert "ValueError" in told.result.failure.log_tail
        assert scene.yard.engine.find(container.name) is not None
        scene.storage.mark(marks.decided(container.message.job, 1))
        eventually(lambda: not scene.yard.engine.volumes(), message="the volume is left behind")
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
        container = scene.start(WAITS)

        scene.storage.mark(marks.ended(container.message.job))

        eventually(lambda: not running(scene.yard.engine.containers()), message="it runs on")
        eventually(lambda: not scene.yard.engine.volumes(), message="its volume is left behind")
        assert scene.told(TrainingFailed, timeout=1) is None


class TestMemory:
    @pytest.fixture
    def yard(self, docker_yard: Yard) -> Yard:
        """Docker: processes have no limit to hit."""
        return docker_yard

    def test_a_script_that_outgrows_its_limit_is_told_so(self, scene: Scene) -> None:
        """The mail names the limit and the setting to raise."""
        scene.start(EATS_MEMORY, memory="64m")
        again = scene.told(CodeReady)

        scene.start(EATS_MEMORY, again)

        told = scene.told(TrainingFailed)
        assert told is not None
        assert told.result.failure is not None
        assert told.result.failure.reason == "out_of_memory"
        assert "64m (resources.memory)" in told.result.failure.message
        assert "resources.memory in trainyard.toml" in told.result.failure.remedy

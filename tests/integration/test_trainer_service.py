"""The trainer on real engines and a bus in memory: from a bundle to its accuracy, however often it is interrupted."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest

from services.trainer.bootstrap import assemble
from tests.contract.engines import IMAGE, WAITS, Yard, docker_api, docker_yard, process_yard, yard
from trainyard import marks
from trainyard.bundle import pack
from trainyard.bus.envelope import decode, encode
from trainyard.bus.memory import MemoryBus
from trainyard.engine.port import Recipe, container_name, volume_name
from trainyard.messages import AccuracyMeasured, CodeReady, CodeSubmitted, Message, TrainingFailed, TrainingStarted
from trainyard.service import run
from trainyard.storage import Storage
from trainyard.testing import a_code_ready, eventually
from trainyard.topology import BINDINGS

__all__ = ["docker_api", "docker_yard", "process_yard", "yard"]  # fixtures

TRAINING = Path(__file__).parents[2] / "images" / "training"
M = TypeVar("M", bound=Message)

MEASURES = "open('model.pkl', 'w').write('weights')\naccuracy = 3 / 4\n"
RAISES = "raise ValueError('no such column')\n"


class OneImage:
    """One image for every kind, small enough for tests."""

    def find(self, recipe: Recipe) -> str | None:
        """Return it."""
        return IMAGE if recipe.kind else None

    def build(self, recipe: Recipe, report: Callable[[str], None]) -> str:
        """Return it."""
        report(recipe.kind)
        return IMAGE


@dataclass
class Scene:
    """A trainer that runs, and whoever hears it."""

    yard: Yard
    storage: Storage
    bus: MemoryBus
    heard: list[Message] = field(default_factory=list)

    def wants(self, script: str, *, trial: int = 1) -> CodeReady:
        """Make a request to train a one-file script."""
        bundle = self.storage.put_blob(pack({"train.py": script.encode()}))
        return a_code_ready(job=self.yard.job, trial=trial, bundle=bundle)

    def publish(self, message: Message) -> None:
        """Publish as a service does."""
        self.bus.publish(encode(message, app="test"))

    def told(self, kind: type[M], timeout: float = 30) -> M | None:
        """Return the next message of this type that its service gets; others are kept for a later question."""
        for message in self.heard:
            if isinstance(message, kind):
                self.heard.remove(message)
                return message
        service = "fetcher" if kind is CodeSubmitted else "evaluator"
        with contextlib.closing(self.bus.consume(BINDINGS[service].queue)) as consumer:
            while delivery := consumer.get(timeout=timeout):
                delivery.ack()
                message = decode(delivery.envelope)
                if isinstance(message, kind):
                    return message
                self.heard.append(message)
        return None

    def is_clear(self, message: CodeReady) -> bool:
        """Return whether nothing is left of a trial."""
        engine = self.yard.engine
        name = container_name(message.job, message.trial, message.run)
        return engine.find(name) is None and (message.job, message.trial) not in engine.volumes()


@contextlib.contextmanager
def training(scene: Scene) -> Iterator[None]:
    """Run a trainer; leaving ends it as a stop does."""
    stop = threading.Event()
    service = assemble(storage=scene.storage, engine=scene.yard.engine, images=OneImage(), slots=1)
    thread = threading.Thread(target=run, args=(service, scene.bus, stop))
    thread.start()
    yield
    stop.set()
    thread.join()


@pytest.fixture
def scene(yard: Yard, tmp_path: Path) -> Iterator[Scene]:
    with contextlib.closing(MemoryBus()) as bus:
        yield Scene(yard, Storage(str(tmp_path / "storage")), bus)


class TestTraining:
    def test_ends_in_an_accuracy_and_leaves_nothing_once_decided(self, scene: Scene) -> None:
        """Started, measured, its model kept; container and volume go with the verdict."""
        message = scene.wants(MEASURES)
        with training(scene):
            scene.publish(message)

            started = scene.told(TrainingStarted)
            measured = scene.told(AccuracyMeasured)
            scene.storage.mark(marks.decided(message.job, 1))

            assert started is not None
            assert started.container == container_name(message.job, 1, 1)
            assert measured is not None
            assert measured.result.measurement is not None
            assert measured.result.measurement.value == 0.75
            assert [each.name for each in measured.result.artifacts] == ["model.pkl"]
            assert scene.storage.get_file(message.job, 1, "model.pkl") == b"weights"
            eventually(lambda: scene.is_clear(message), message=f"{volume_name(message.job, 1)} is still there")

    def test_is_adopted_by_a_trainer_that_comes_later(self, scene: Scene) -> None:
        """A trainer dies once the container runs; the next one gets the message again and collects what came of it."""
        message = scene.wants(MEASURES)
        with training(scene):
            scene.publish(message)
            assert scene.told(TrainingStarted)

        with training(scene):
            scene.publish(message)

            assert scene.told(TrainingStarted)
            assert scene.told(AccuracyMeasured)
        assert len(scene.yard.engine.containers()) == 1

    def test_that_is_over_is_not_started_again(self, scene: Scene) -> None:
        """The late duplicate of a decided trial and the request behind it: only the second is trained."""
        late, next_trial = scene.wants(MEASURES), scene.wants(MEASURES, trial=2)
        scene.storage.mark(marks.decided(late.job, 1))
        with training(scene):
            scene.publish(late)
            scene.publish(next_trial)

            started = scene.told(TrainingStarted)

        assert started is not None
        assert started.trial == 2

    def test_that_raises_is_left_to_the_monitor(self, scene: Scene) -> None:
        """The trainer goes on with the next one and says nothing of the first."""
        with training(scene):
            scene.publish(scene.wants(RAISES))
            scene.publish(scene.wants(MEASURES, trial=2))

            measured = scene.told(AccuracyMeasured)

        assert measured is not None
        assert measured.trial == 2
        assert scene.yard.engine.find(container_name(scene.yard.job, 1, 1)) is not None

    def test_waits_for_a_free_slot(self, scene: Scene) -> None:
        """With one slot taken the next message stays in the queue; it is taken when the slot is free."""
        first, second = scene.wants(WAITS), scene.wants(MEASURES, trial=2)
        with training(scene):
            scene.publish(first)
            assert scene.told(TrainingStarted)
            scene.publish(second)
            assert scene.told(TrainingStarted, timeout=1.5) is None

            scene.yard.engine.kill(container_name(first.job, 1, 1))

            started = scene.told(TrainingStarted)
        assert started is not None
        assert started.trial == 2

    def test_of_code_that_cannot_start_fails_at_once(self, scene: Scene) -> None:
        """No container is made; file and line are in the message."""
        with training(scene):
            scene.publish(scene.wants("print('hello'\n"))

            failed = scene.told(TrainingFailed)

        assert failed is not None
        assert failed.result.failure is not None
        assert (failed.result.failure.reason, failed.result.failure.line) == ("syntax", 1)
        assert scene.yard.engine.containers() == []

    def test_of_a_hand_published_code_ready_is_passed_to_the_fetcher(self, scene: Scene) -> None:
        """A body with nothing but the code is enough."""
        submitted = CodeSubmitted(code="file:///examples/wines")
        envelope = encode(submitted, app="test")
        by_hand = type(envelope)(key="code.ready", body=b'{"code": "file:///examples/wines"}', message_id="by-hand")
        with training(scene):
            scene.bus.publish(by_hand)

            passed = scene.told(CodeSubmitted)

        assert passed is not None
        assert (passed.code, passed.submission) == ("file:///examples/wines", "by-hand")

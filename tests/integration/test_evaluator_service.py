"""The evaluator as a whole: its run loop on a bus, its ledger in a file, its pages over HTTP."""

import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest

from services.evaluator.bootstrap import assemble, open_ledger
from services.evaluator.handlers import GRACE_SECONDS
from tests.unit.evaluator.builders import JOB, a_code_ready, a_policy, a_progress, an_accuracy
from trainyard import marks
from trainyard.bus.envelope import Envelope, decode, encode
from trainyard.bus.memory import MemoryBus
from trainyard.errors import BusClosedError
from trainyard.messages import CancelRequested, JobFinished, Message, ThresholdMissed, ThresholdPassed, TweaksExhausted
from trainyard.pages import serving
from trainyard.policy import Policy
from trainyard.service import Service, run
from trainyard.storage import Storage
from trainyard.testing import eventually
from trainyard.topology import PARKED_QUEUE

M = TypeVar("M", bound=Message)

NOTIFIER, TWEAKER = "trainyard.notifier", "trainyard.tweaker"


@dataclass
class Yard:
    """A bus, a storage and a ledger that outlive the evaluator that runs on them."""

    home: Path
    bus: MemoryBus = field(default_factory=MemoryBus)
    seconds: float = 1_000_000.0

    def evaluator(self) -> Service:
        """A fresh instance of the service."""
        ledger = open_ledger(f"sqlite:///{self.home}/ledger.db")
        return assemble(ledger=ledger, storage=self.storage, now=lambda: self.seconds, every=0.02)

    @property
    def storage(self) -> Storage:
        """Where marks lie."""
        return Storage(str(self.home / "storage"))

    def say(self, *messages: Message) -> None:
        """Publish what others would."""
        for message in messages:
            self.bus.publish(encode(message, app="test"))

    def heard(self, queue: str, kind: type[M]) -> M:
        """The next message in *queue*, which has to be of this kind."""
        with closing(self.bus.consume(queue)) as consumer:
            delivery = consumer.get(10)
            assert delivery, f"no message came to {queue}"
            delivery.ack()
            message = decode(delivery.envelope)
        assert isinstance(message, kind)
        return message

    def silent(self, queue: str) -> bool:
        """Whether nothing waits in *queue*."""
        with self.bus.browse(queue) as waiting:
            return not list(waiting)


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    return Yard(tmp_path)


@contextmanager
def running(service: Service, bus: MemoryBus) -> Iterator[Callable[[str], Any]]:
    """Run *service* in a thread, with its pages; yields a way to read them."""
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(service, bus, stop))
    with serving("127.0.0.1", 0, service.pages, lambda: None) as port:
        thread.start()
        try:
            yield lambda path: read(f"http://127.0.0.1:{port}{path}")
        finally:
            stop.set()
            thread.join(timeout=20)
            assert not thread.is_alive()


def read(url: str) -> str:
    """Return the text of a page."""
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310  loopback
        return str(answer.read().decode())


class TestCourseOfAJob:
    def test_goes_from_the_first_code_to_the_end(self, yard: Yard) -> None:
        """Each message has its answer, and people can follow it on the pages."""
        with running(yard.evaluator(), yard.bus) as page:
            yard.say(a_code_ready(1, policy=Policy(confirm=0)), a_progress(1, epoch=12))
            eventually(lambda: "training trial 1, epoch 12 of 100" in page("/jobs"))

            yard.say(an_accuracy(1, 0.4))
            missed = yard.heard(TWEAKER, ThresholdMissed)
            eventually(lambda: "looking for a tweak" in page("/jobs"))

            yard.say(a_code_ready(2), an_accuracy(2, 0.983))
            reached = yard.heard(TWEAKER, ThresholdPassed)
            yard.say(TweaksExhausted(job=JOB, trial=2, why="The diff is a single tweak."))
            finished = yard.heard(NOTIFIER, JobFinished)
            shown = json.loads(page(f"/jobs/{JOB}"))
            metrics = page("/metrics")

        assert [trial.trial for trial in missed.history] == [1]
        assert reached.winner == 2
        assert (finished.outcome, finished.assurance, finished.best) == ("passed", "reached", 2)
        assert shown["state"] == "reached: accuracy 0.983 on test data in trial 2, threshold 0.9"
        assert yard.storage.marked(marks.ended(JOB))
        assert 'trainyard_jobs_finished_total{outcome="cancelled"}' in metrics
        assert 'trainyard_job_duration_seconds_count{outcome="reached"}' in metrics
        assert "trainyard_jobs_active 0.0" in metrics

    def test_is_cancelled(self, yard: Yard) -> None:
        """A person asks, and the job ends."""
        with running(yard.evaluator(), yard.bus):
            yard.say(a_code_ready(1), CancelRequested(job=JOB, by="ada"))
            finished = yard.heard(NOTIFIER, JobFinished)

        assert finished.outcome == "cancelled"

    def test_ends_by_its_deadline_though_nothing_comes_any_more(self, yard: Yard) -> None:
        """A message that was parked, or a host that is gone, still ends in a mail."""
        with running(yard.evaluator(), yard.bus) as page:
            yard.say(a_code_ready(1, policy=a_policy(hours=1)))
            eventually(lambda: "waiting for a slot" in page("/jobs"))
            yard.seconds += 3600
            finished = yard.heard(NOTIFIER, JobFinished)

        assert finished.outcome == "failed"
        assert finished.why.startswith("The budget of 1 h is spent. At that time the job was waiting for a slot.")

    def test_parks_a_cancel_of_an_unknown_job(self, yard: Yard) -> None:
        """And lives on."""
        with running(yard.evaluator(), yard.bus):
            yard.say(CancelRequested(job="nobody"), an_accuracy(1, policy=a_policy(trials=1)))
            yard.heard(NOTIFIER, JobFinished)

        with yard.bus.browse(PARKED_QUEUE) as parked:
            [delivery] = list(parked)
        assert "there is no job 'nobody'" in str(delivery.envelope.headers["trainyard-reason"])


class KilledBeforePublishing(MemoryBus):
    """A bus on which the process dies between the ledger's commit and the first publish of its service."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key: str | None = key

    def publish(self, envelope: Envelope) -> None:
        """Publish, unless this is the moment."""
        if envelope.key == self._key:
            self._key = None
            raise BusClosedError
        super().publish(envelope)


class TestCrash:
    @pytest.mark.parametrize(("trials", "queue", "kind"), [(2, TWEAKER, ThresholdMissed), (1, NOTIFIER, JobFinished)])
    def test_between_commit_and_publish_loses_nothing(
        self, tmp_path: Path, trials: int, queue: str, kind: type[Message]
    ) -> None:
        """The redelivery finds the verdict and publishes its messages, once."""
        yard = Yard(tmp_path, KilledBeforePublishing(kind.key))
        policy = a_policy(trials=trials)
        yard.say(a_code_ready(1, policy=policy), an_accuracy(1, policy=policy))
        killed = threading.Thread(target=run, args=(yard.evaluator(), yard.bus, threading.Event()))
        killed.start()
        killed.join(timeout=20)

        with running(yard.evaluator(), yard.bus):
            yard.heard(queue, kind)
            eventually(lambda: yard.silent("trainyard.evaluator"))

        assert yard.silent(queue)

    def test_between_a_deadline_and_its_message_loses_nothing(self, tmp_path: Path) -> None:
        """A source that could not publish starts again; what was not confirmed is announced then, once."""
        yard = Yard(tmp_path, KilledBeforePublishing(JobFinished.key))
        with running(yard.evaluator(), yard.bus) as page:
            yard.say(a_code_ready(1, policy=a_policy(hours=1)))
            eventually(lambda: JOB in page("/jobs"))
            yard.seconds += 3600
            eventually(lambda: '"failed"' in page("/jobs"))
        quiet_after_the_crash = yard.silent(NOTIFIER)

        with running(yard.evaluator(), yard.bus):
            yard.seconds += GRACE_SECONDS
            finished = yard.heard(NOTIFIER, JobFinished)
            eventually(lambda: not open_ledger(f"sqlite:///{tmp_path}/ledger.db").unannounced(yard.seconds))

        assert quiet_after_the_crash
        assert finished.outcome == "failed"
        assert yard.silent(NOTIFIER)

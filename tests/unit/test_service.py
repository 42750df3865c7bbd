"""The run loop: what a handler returns is published and confirmed before its delivery is acked."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import pytest

from trainyard.bus.envelope import ATTEMPT, QUEUE, REASON, TRACE, Envelope, encode
from trainyard.bus.memory import MemoryBus
from trainyard.errors import BusClosedError, PermanentError, TopologyError, TransientError
from trainyard.messages import CancelRequested, Message, ThresholdMissed, TweaksExhausted
from trainyard.middleware.retry import MOST_ATTEMPTS
from trainyard.service import Handler, Service, Source, run
from trainyard.testing import a_missed_threshold, eventually
from trainyard.topology import BINDINGS, PARKED_QUEUE, TIERS

TWEAKER = BINDINGS["tweaker"]
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def exhausted(event: ThresholdMissed) -> Iterable[Message]:
    """Answer every missed threshold with the same words."""
    return [TweaksExhausted(job=event.job, trial=1, why="nothing left")]


class RefusingBus(MemoryBus):
    """A bus that sends nothing to a queue by its name."""

    def send(self, envelope: Envelope, queue: str) -> None:
        """Refuse for good."""
        raise TopologyError(f"{envelope.key} cannot go to {queue}")


@dataclass
class Loop:
    """A tweaker under test, on a bus of its own."""

    bus: MemoryBus = field(default_factory=MemoryBus)

    @contextmanager
    def running(
        self, handler: Handler, *, sources: tuple[Source, ...] = (), has_room: Callable[[], bool] = lambda: True
    ) -> Iterator[None]:
        """Run the service in a thread and stop it at the end."""
        stop = threading.Event()
        service = Service("tweaker", {ThresholdMissed: handler}, sources, has_room)
        thread = threading.Thread(target=run, args=(service, self.bus, stop))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(timeout=10)
            assert not thread.is_alive()

    def ask(self, traceparent: str | None = None) -> None:
        """Publish what the tweaker hears."""
        self.bus.publish(encode(a_missed_threshold(), app="evaluator", traceparent=traceparent))

    def take(self, queue: str = "trainyard.evaluator", timeout: float = 5.0) -> Envelope | None:
        """Return the next message of *queue*, acked."""
        with closing(self.bus.consume(queue)) as consumer:
            delivery = consumer.get(timeout)
            if delivery is None:
                return None
            delivery.ack()
            return delivery.envelope

    def waiting(self, queue: str) -> list[Envelope]:
        """Return what lies in *queue*."""
        with self.bus.browse(queue) as deliveries:
            return [delivery.envelope for delivery in deliveries]


@pytest.fixture
def loop() -> Iterator[Loop]:
    it = Loop()
    yield it
    it.bus.close()


class TestHandlers:
    def test_what_a_handler_returns_is_published(self, loop: Loop) -> None:
        """A missed threshold leads to the handler's answer, from this service, about this job."""
        with loop.running(exhausted):
            loop.ask()
            envelope = loop.take()

        assert envelope is not None
        assert (envelope.key, envelope.app_id, envelope.correlation_id) == ("tweaks.exhausted", "tweaker", "wines")

    def test_a_generators_messages_go_out_while_it_still_works(self, loop: Loop) -> None:
        """The first message has arrived before the handler goes on."""
        heard: list[Envelope | None] = []

        def slow(event: ThresholdMissed) -> Iterator[Message]:
            yield TweaksExhausted(job=event.job, trial=1, why="working on it")
            heard.append(loop.take())

        with loop.running(slow):
            loop.ask()
            eventually(lambda: heard)

        assert heard[0] is not None
        assert b"working on it" in heard[0].body

    def test_a_service_that_ends_in_the_middle_leaves_the_delivery_unacked(self, loop: Loop) -> None:
        """What it published is out, and the message it was handling is the broker's to give to somebody else."""

        def dies(event: ThresholdMissed) -> Iterator[Message]:
            yield TweaksExhausted(job=event.job, trial=1, why="half done")
            raise BusClosedError

        with loop.running(dies):
            loop.ask()
            assert loop.take() is not None

        again = loop.waiting(TWEAKER.queue)
        assert [envelope.key for envelope in again] == ["threshold.missed"]

    def test_what_is_published_stays_in_the_trace(self, loop: Loop) -> None:
        """One trace runs through all services."""
        with loop.running(exhausted):
            loop.ask(traceparent=PARENT)
            envelope = loop.take()

        assert envelope is not None
        assert str(envelope.headers[TRACE]).split("-")[1] == PARENT.split("-")[1]


class TestFailedHandlers:
    def test_a_transient_error_waits_in_the_first_delay_queue(self, loop: Loop) -> None:
        """The message carries its attempt and the reason; the work queue is free for its neighbours."""

        def fails(_: ThresholdMissed) -> Iterable[Message]:
            raise TransientError("the database is away")

        with loop.running(fails):
            loop.ask()
            waiting = eventually(lambda: loop.waiting(TWEAKER.delay_queue(TIERS[0])))

        assert waiting[0].headers[ATTEMPT] == 1
        assert waiting[0].headers[REASON] == "TransientError: the database is away"

    @pytest.mark.parametrize("attempt", [len(TIERS), MOST_ATTEMPTS - 1])
    def test_a_transient_error_stays_in_the_last_tier(self, attempt: int, loop: Loop) -> None:
        """A database that is away for hours is no reason to ask a person."""

        def fails(_: ThresholdMissed) -> Iterable[Message]:
            raise TransientError("the database is away")

        with loop.running(fails):
            loop.bus.publish(encode(a_missed_threshold(), app="evaluator").with_headers({ATTEMPT: attempt}))
            waiting = eventually(lambda: loop.waiting(TWEAKER.delay_queue(TIERS[-1])))

        assert waiting[0].headers[ATTEMPT] == attempt + 1

    @pytest.mark.parametrize(
        ("error", "attempt"), [(TransientError("away"), MOST_ATTEMPTS), (KeyError("a defect"), len(TIERS))]
    )
    def test_after_its_last_attempt_it_is_parked(self, error: Exception, attempt: int, loop: Loop) -> None:
        """What was away for a day, and a defect after one try a tier, is kept for a person: why, and where it was."""

        def fails(_: ThresholdMissed) -> Iterable[Message]:
            raise error

        with loop.running(fails):
            loop.bus.publish(encode(a_missed_threshold(), app="evaluator").with_headers({ATTEMPT: attempt}))
            parked = eventually(lambda: loop.waiting(PARKED_QUEUE))

        assert parked[0].headers[REASON] == f"{type(error).__name__}: {error}"
        assert parked[0].headers[QUEUE] == TWEAKER.queue

    def test_the_patience_is_a_day(self) -> None:
        """Three tries that follow soon, then one every ten minutes."""
        assert MOST_ATTEMPTS == 3 + 144

    def test_without_its_delay_queue_it_is_parked(self) -> None:
        """A topology that is not whole loses nothing and does not end the service."""
        loop = Loop(MemoryBus(tiers=()))

        def fails(_: ThresholdMissed) -> Iterable[Message]:
            raise TransientError("the database is away")

        with loop.running(fails):
            loop.ask()
            parked = eventually(lambda: loop.waiting(PARKED_QUEUE))

        assert "trainyard.tweaker.retry.5s" in str(parked[0].headers[REASON])
        loop.bus.close()

    def test_that_its_delay_queue_refuses_for_good_is_parked(self) -> None:
        """A broker whose topology is another one's does not end the service."""
        loop = Loop(RefusingBus())

        def fails(_: ThresholdMissed) -> Iterable[Message]:
            raise TransientError("the database is away")

        with loop.running(fails):
            loop.ask()
            parked = eventually(lambda: loop.waiting(PARKED_QUEUE))

        assert parked[0].headers[REASON] == "TopologyError: threshold.missed cannot go to trainyard.tweaker.retry.5s"
        loop.bus.close()

    def test_an_error_that_is_no_text_is_told_as_far_as_it_is(self, loop: Loop) -> None:
        """Half a character, such as in the name of a file of another encoding, fits no header."""

        def fails(_: ThresholdMissed) -> Iterable[Message]:
            raise PermanentError("there is no caf\udce9.csv")

        with loop.running(fails):
            loop.ask()
            parked = eventually(lambda: loop.waiting(PARKED_QUEUE))

        assert parked[0].headers[REASON] == "PermanentError: there is no caf?.csv"

    def test_a_permanent_error_is_parked_at_once(self, loop: Loop) -> None:
        """Trying again could not help."""

        def fails(_: ThresholdMissed) -> Iterable[Message]:
            raise PermanentError("the bundle is gone")

        with loop.running(fails):
            loop.ask()
            parked = eventually(lambda: loop.waiting(PARKED_QUEUE))

        assert parked[0].headers[REASON] == "PermanentError: the bundle is gone"

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            (b"not JSON", "Invalid JSON"),
            (b"[1, 2]", "Input should be an object"),
            (b'{"job": "wines"}', "history: Field required"),
            (b'{"job": "Not A Job!", "history": []}', "job: String should match pattern"),
        ],
    )
    def test_what_does_not_validate_is_parked_and_its_neighbours_flow(
        self, body: bytes, reason: str, loop: Loop
    ) -> None:
        """Poison is told what is wrong with it; the message behind it is handled."""
        with loop.running(exhausted):
            loop.bus.publish(Envelope(key="threshold.missed", body=body))
            loop.ask()
            envelope = loop.take()

        assert envelope is not None
        assert reason in str(loop.waiting(PARKED_QUEUE)[0].headers[REASON])

    def test_a_defect_of_a_handler_does_not_stop_the_loop(self, loop: Loop) -> None:
        """Whatever a handler raises, the next message is handled."""
        seen: list[str] = []

        def defective(event: ThresholdMissed) -> Iterable[Message]:
            seen.append(event.job)
            if len(seen) == 1:
                raise KeyError("a defect")
            return exhausted(event)

        with loop.running(defective):
            loop.ask()
            loop.ask()
            assert loop.take() is not None

        assert loop.waiting(TWEAKER.delay_queue(TIERS[0]))[0].headers[REASON] == "KeyError: 'a defect'"


class TestSources:
    def test_a_source_goes_on_only_after_its_message_is_confirmed(self, loop: Loop) -> None:
        """What a source does after a yield may rely on the message being with the broker."""
        confirmed: list[int] = []

        def source(stop: threading.Event) -> Iterator[Message]:
            yield TweaksExhausted(job="wines", trial=1, why="from a source")
            confirmed.append(len(loop.waiting("trainyard.evaluator")))
            stop.wait()

        with loop.running(exhausted, sources=(source,)):
            eventually(lambda: confirmed)

        assert confirmed == [1]

    def test_a_source_that_raises_is_started_again(self, loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
        """An engine that is away for a moment does not end the watch over it."""
        monkeypatch.setattr("trainyard.service.SOURCE_BACKOFF_SECONDS", 0.01)
        starts: list[int] = []

        def source(stop: threading.Event) -> Iterator[Message]:
            starts.append(1)
            if len(starts) < 3:
                raise TransientError("the engine is away")
            yield TweaksExhausted(job="wines", trial=1, why="it is back")
            stop.wait()

        with loop.running(exhausted, sources=(source,)):
            envelope = loop.take()

        assert envelope is not None
        assert len(starts) == 3


class TestSlots:
    def test_a_service_without_room_leaves_messages_to_others(self, loop: Loop) -> None:
        """Its consumer is cancelled before the ack that fills the last slot, so that it holds nothing it cannot use."""
        room, handled = [True], []

        def fills(event: ThresholdMissed) -> Iterable[Message]:
            handled.append(event.job)
            room[0] = False
            return []

        with loop.running(fills, has_room=lambda: room[0]):
            loop.ask()
            eventually(lambda: handled)
            loop.ask()
            other = loop.take(TWEAKER.queue)
            assert other is not None
            loop.ask()
            room[0] = True
            eventually(lambda: len(handled) == 2)

        assert len(handled) == 2

    def test_a_question_for_room_that_fails_is_a_no(self, loop: Loop) -> None:
        """An engine that is away for a moment does not end the loop; messages wait meanwhile."""
        answers: list[bool | Exception] = [RuntimeError("the engine is away"), True]
        handled: list[str] = []

        def has_room() -> bool:
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            if isinstance(answer, Exception):
                raise answer
            return answer

        def handler(event: ThresholdMissed) -> Iterable[Message]:
            handled.append(event.job)
            return []

        with loop.running(handler, has_room=has_room):
            loop.ask()
            eventually(lambda: handled)

        assert handled == ["wines"]


class TestUnknownMessages:
    def test_a_message_the_service_has_no_use_for_is_parked(self, loop: Loop) -> None:
        """A binding that should not be there loses nothing."""
        with loop.running(exhausted):
            loop.bus.send(encode(CancelRequested(job="wines"), app="test"), TWEAKER.queue)
            parked = eventually(lambda: loop.waiting(PARKED_QUEUE))

        assert "tweaker does not handle cancel.requested" in str(parked[0].headers[REASON])


class TestEnd:
    def test_a_service_of_sources_alone_ends_when_its_bus_is_closed(self, loop: Loop) -> None:
        """Nobody has to set its stop event."""

        def source(stop: threading.Event) -> Iterator[Message]:
            while not stop.wait(0.01):
                yield TweaksExhausted(job="wines", trial=1, why="again")

        thread = threading.Thread(target=run, args=(Service("monitor", sources=(source,)), loop.bus, threading.Event()))
        thread.start()
        assert loop.take() is not None

        loop.bus.close()

        thread.join(timeout=5)
        assert not thread.is_alive()

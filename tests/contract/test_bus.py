"""What every bus promises, in memory and on RabbitMQ."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest

from tests.contract.brokers import Twin
from trainyard.bus.envelope import REASON, Envelope, encode
from trainyard.bus.port import Bus, Delivery
from trainyard.errors import BusClosedError, TopologyError, UnroutableError
from trainyard.messages import ThresholdMissed
from trainyard.service import Service, run
from trainyard.testing import a_code_ready, a_missed_threshold, eventually
from trainyard.topology import BINDINGS, PARKED_QUEUE, TIERS

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
TWEAKER, TRAINER, EVALUATOR = (BINDINGS[name].queue for name in ("tweaker", "trainer", "evaluator"))


def an_envelope(job: str = "wines") -> Envelope:
    """Make a message that only the tweaker's queue takes; the same one every time."""
    return replace(encode(a_missed_threshold(job=job), app="evaluator", traceparent=TRACE), timestamp=1_700_000_000)


def waiting(bus: Bus, queue: str) -> list[Envelope]:
    """What waits in *queue*."""
    with bus.browse(queue) as deliveries:
        return [delivery.envelope for delivery in deliveries]


def take(bus: Bus, queue: str) -> Delivery:
    """Take one message of *queue* through a consumer that stays until the bus is closed."""
    delivery = bus.consume(queue).get(timeout=5)
    assert delivery is not None, f"nothing came from {queue}"
    return delivery


class TestPublishing:
    def test_reaches_every_queue_that_is_bound_to_the_key(self, bus: Bus) -> None:
        """A `code.ready` goes to the trainer, and to the evaluator so that it knows the job."""
        envelope = encode(a_code_ready(), app="fetcher")

        bus.publish(envelope)

        assert waiting(bus, TRAINER) == [envelope]
        assert waiting(bus, EVALUATOR) == [envelope]
        assert waiting(bus, TWEAKER) == []

    def test_everything_of_a_message_arrives(self, bus: Bus) -> None:
        """Key, body, id, type, job, service, time and headers are the same on the other side."""
        envelope = an_envelope().with_headers({"note": "by hand", "trainyard-attempt": 2})

        bus.publish(envelope)

        assert take(bus, TWEAKER).envelope == envelope

    def test_a_bare_message_arrives_as_it_is(self, bus: Bus) -> None:
        """Who publishes by hand sets no properties; the key alone says what the message is."""
        bare = Envelope(key="code.ready", body=b'{"code": "file:///examples/wines"}')

        bus.publish(bare)

        arrived = take(bus, TRAINER).envelope
        assert (arrived.key, arrived.body, arrived.type, arrived.headers) == (bare.key, bare.body, None, {})

    def test_returns_once_the_message_is_kept(self, twin: Twin) -> None:
        """After publish() somebody else already finds the message in its queue."""
        twin.bus.publish(an_envelope())

        assert len(waiting(twin.make(), TWEAKER)) == 1

    def test_a_message_that_no_queue_takes_is_an_error(self, bus: Bus) -> None:
        """Nothing is dropped in silence, neither by its key nor by the queue's name."""
        with pytest.raises(UnroutableError, match=r"no\.such\.key"):
            bus.publish(Envelope(key="no.such.key", body=b"{}"))

        with pytest.raises(UnroutableError):
            bus.send(an_envelope(), "trainyard.nobody")

    def test_goes_on_after_a_message_that_no_queue_took(self, bus: Bus) -> None:
        """The error belongs to that one message."""
        with pytest.raises(UnroutableError):
            bus.publish(Envelope(key="no.such.key", body=b"{}"))

        bus.publish(an_envelope())

        assert len(waiting(bus, TWEAKER)) == 1

    def test_many_threads_may_publish_at_once(self, bus: Bus) -> None:
        """Sources and handlers share one bus."""
        jobs = [f"job-{number}" for number in range(20)]
        threads = [threading.Thread(target=bus.publish, args=(an_envelope(job),)) for job in jobs]

        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(str(envelope.correlation_id) for envelope in waiting(bus, TWEAKER)) == sorted(jobs)


class TestConsuming:
    def test_messages_come_in_order(self, bus: Bus) -> None:
        """One queue, one consumer: first in, first out."""
        envelopes = [an_envelope(f"job-{number}") for number in range(5)]
        for envelope in envelopes:
            bus.publish(envelope)

        with closing(bus.consume(TWEAKER)) as consumer:
            arrived = []
            while delivery := consumer.get(timeout=0.5):
                arrived.append(delivery.envelope)
                delivery.ack()

        assert arrived == envelopes

    def test_returns_nothing_after_the_timeout(self, bus: Bus) -> None:
        """The run loop comes back to look whether it should stop."""
        consumer = bus.consume(TWEAKER)
        began = time.monotonic()

        assert consumer.get(timeout=0.2) is None

        assert 0.2 <= time.monotonic() - began < 2

    def test_holds_at_most_one_unacked_message(self, bus: Bus) -> None:
        """What a busy consumer has not taken is there for others."""
        bus.publish(an_envelope("first"))
        bus.publish(an_envelope("second"))
        consumer = bus.consume(TWEAKER)
        first = consumer.get(timeout=5)

        held_back = consumer.get(timeout=0.3)
        assert first is not None
        first.ack()
        second = consumer.get(timeout=5)

        assert held_back is None
        assert second is not None
        assert second.envelope.correlation_id == "second"

    def test_an_unacked_message_comes_again_after_its_consumer_is_gone(self, twin: Twin) -> None:
        """A consumer that crashes loses nothing: the message is marked as redelivered and comes first."""
        for job in ("first", "second"):
            twin.bus.publish(an_envelope(job))
        crashing = twin.make().consume(TWEAKER)
        before = crashing.get(timeout=5)
        crashing.close()

        again = take(twin.bus, TWEAKER)

        assert before is not None
        assert (before.redelivered, again.redelivered) == (False, True)
        assert again.envelope == before.envelope

    def test_an_acked_message_does_not_come_again(self, twin: Twin) -> None:
        """The ack goes out before its consumer ends."""
        twin.bus.publish(an_envelope())
        with closing(twin.make().consume(TWEAKER)) as consumer:
            delivery = consumer.get(timeout=5)
            assert delivery is not None
            delivery.ack()

        assert waiting(twin.bus, TWEAKER) == []

    def test_a_late_ack_does_nothing(self, twin: Twin) -> None:
        """Who was given up for dead cannot take the message away from its next consumer."""
        twin.bus.publish(an_envelope())
        slow = twin.make().consume(TWEAKER)
        late = slow.get(timeout=5)
        slow.close()
        following = twin.make().consume(TWEAKER)
        assert following.get(timeout=5)

        assert late is not None
        late.ack()
        following.close()

        assert len(waiting(twin.bus, TWEAKER)) == 1

    def test_a_queue_that_is_not_there_is_an_error_with_its_remedy(self, bus: Bus) -> None:
        """A service on a broker without the topology says so instead of waiting for ever."""
        with pytest.raises(TopologyError, match=r"trainyard\.nobody"):
            bus.consume("trainyard.nobody")


class TestPausing:
    def test_a_paused_consumer_leaves_messages_to_others(self, twin: Twin) -> None:
        """While its slots are full, a second trainer gets the work."""
        full = twin.bus.consume(TWEAKER)
        full.pause()
        twin.bus.publish(an_envelope())

        other = take(twin.make(), TWEAKER)

        assert full.paused
        assert full.get(timeout=0.2) is None
        assert other.envelope == an_envelope()

    def test_takes_messages_again_when_resumed(self, bus: Bus) -> None:
        """A free slot brings it back."""
        consumer = bus.consume(TWEAKER)
        consumer.pause()
        bus.publish(an_envelope())

        consumer.resume()

        assert not consumer.paused
        assert consumer.get(timeout=5) is not None

    def test_a_message_can_be_acked_while_paused(self, twin: Twin) -> None:
        """The consumer pauses before the ack that fills its last slot, so that no message slips in between."""
        consumer = twin.bus.consume(TWEAKER)
        for job in ("first", "second"):
            twin.bus.publish(an_envelope(job))
        first = consumer.get(timeout=5)
        assert first is not None

        consumer.pause()
        first.ack()
        consumer.close()

        assert [envelope.correlation_id for envelope in waiting(twin.bus, TWEAKER)] == ["second"]


class TestRetrying:
    def test_a_delayed_message_comes_back_to_its_one_queue(self, twin: Twin) -> None:
        """After the tier's time, to the service that failed and to no other subscriber of the key, key and all."""
        envelope = encode(a_code_ready(), app="fetcher").with_headers({"trainyard-attempt": 1})
        consumer = twin.bus.consume(TRAINER)
        began = time.monotonic()

        twin.bus.send(envelope, BINDINGS["trainer"].delay_queue(TIERS[0]))
        delivery = consumer.get(timeout=twin.delay + 5)
        waited = time.monotonic() - began

        assert delivery is not None
        assert delivery.envelope == envelope
        assert twin.delay * 0.99 <= waited < twin.delay + 2
        assert waiting(twin.bus, EVALUATOR) == []

    def test_a_failed_handling_is_tried_again(self, twin: Twin) -> None:
        """The run loop sends it through the first tier, counts the attempt and acks."""
        seen: list[ThresholdMissed] = []

        def fails_once(event: ThresholdMissed) -> Iterable[ThresholdMissed]:
            seen.append(event)
            if len(seen) == 1:
                raise RuntimeError("the optimiser is not ready")
            return ()

        with running(fails_once, twin.make()):
            twin.bus.publish(an_envelope())
            eventually(lambda: len(seen) == 2, timeout=twin.delay + 10, message="it was not tried again")
            eventually(lambda: not waiting(twin.bus, TWEAKER), message="it was not acked")

        assert seen[0] == seen[1]


class TestParking:
    def test_what_is_parked_waits_for_a_person(self, bus: Bus) -> None:
        """Looking at it does not take it away."""
        envelope = an_envelope().with_headers({"trainyard-reason": "it does not validate", "trainyard-queue": TWEAKER})

        bus.park(envelope)

        assert waiting(bus, PARKED_QUEUE) == [envelope]
        assert waiting(bus, PARKED_QUEUE) == [envelope]

    def test_poison_is_parked_with_its_reason_and_its_neighbours_flow(self, twin: Twin) -> None:
        """The service lives on; nothing is tried again that cannot get better."""
        handled: list[ThresholdMissed] = []

        def handler(event: ThresholdMissed) -> Iterable[ThresholdMissed]:
            handled.append(event)
            return ()

        not_json = Envelope(key="threshold.missed", body=b"not json")
        too_new = an_envelope().with_headers({"trainyard-version": 99})

        with running(handler, twin.make()):
            for envelope in (not_json, too_new, an_envelope()):
                twin.bus.publish(envelope)
            eventually(lambda: handled, message="the good message was not handled")

        reasons = [str(envelope.headers[REASON]) for envelope in waiting(twin.bus, PARKED_QUEUE)]
        assert "Invalid JSON" in reasons[0]
        assert "version 99" in reasons[1]
        assert len(reasons) == 2


class TestBrowsing:
    def test_only_what_is_acked_is_taken_away(self, bus: Bus) -> None:
        """The rest goes back in its old order."""
        for job in ("first", "second", "third"):
            bus.park(an_envelope(job))

        with bus.browse(PARKED_QUEUE) as deliveries:
            for delivery in deliveries:
                if delivery.envelope.correlation_id == "second":
                    delivery.ack()

        assert [envelope.correlation_id for envelope in waiting(bus, PARKED_QUEUE)] == ["first", "third"]

    def test_looks_at_no_more_than_the_limit(self, bus: Bus) -> None:
        """A full parking does not fill the memory of whoever looks."""
        for job in ("first", "second", "third"):
            bus.park(an_envelope(job))

        with bus.browse(PARKED_QUEUE, limit=2) as deliveries:
            seen = len(list(deliveries))

        assert seen == 2

    def test_a_queue_that_is_not_there_is_an_error(self, bus: Bus) -> None:
        """As for a consumer."""
        with pytest.raises(TopologyError), bus.browse("trainyard.nobody") as deliveries:
            list(deliveries)


class TestClosing:
    def test_wakes_who_waits_for_a_message(self, twin: Twin) -> None:
        """A stop does not have to wait for a message to come."""
        bus = twin.make()
        consumer = bus.consume(TWEAKER)
        threading.Timer(0.2, bus.close).start()
        began = time.monotonic()

        with pytest.raises(BusClosedError):
            consumer.get(timeout=30)

        assert time.monotonic() - began < 10

    def test_nothing_can_be_published_afterwards(self, twin: Twin) -> None:
        """Whoever comes late is told, instead of waiting for a confirm that never comes."""
        bus = twin.make()
        bus.close()

        with pytest.raises(BusClosedError):
            bus.publish(an_envelope())
        assert not bus.healthy()

    def test_may_be_repeated(self, twin: Twin) -> None:
        """A signal and the end of the program both close it."""
        bus = twin.make()

        bus.close()
        bus.close()

    def test_an_open_bus_is_healthy(self, bus: Bus) -> None:
        """The health page asks."""
        eventually(bus.healthy, message="the bus is not healthy")


@contextmanager
def running(handler: Callable[[ThresholdMissed], Iterable[ThresholdMissed]], bus: Bus) -> Iterator[None]:
    """Run a tweaker with *handler* in a thread."""
    stop = threading.Event()
    service = Service("tweaker", handlers={ThresholdMissed: handler})
    thread = threading.Thread(target=run, args=(service, bus, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()

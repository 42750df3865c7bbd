"""What a person can do about parked messages, on every bus."""

from tests.contract.brokers import Twin
from tests.contract.test_bus import TWEAKER, an_envelope, waiting
from trainyard.bus.envelope import ATTEMPT, QUEUE, REASON, Envelope
from trainyard.bus.parking import drop, parked, replay
from trainyard.bus.port import Bus
from trainyard.topology import BINDINGS


def park(bus: Bus, job: str) -> Envelope:
    """Park a message as the run loop does after its last attempt."""
    envelope = an_envelope(job)
    bus.park(envelope.with_headers({ATTEMPT: 3, REASON: "RuntimeError: no", QUEUE: TWEAKER}))
    return envelope


class TestParked:
    def test_says_what_why_and_from_where(self, bus: Bus) -> None:
        """A person decides by this list."""
        envelope = park(bus, "wines")

        [item] = parked(bus)

        assert (item.id, item.type, item.job) == (envelope.message_id, "threshold.missed", "wines")
        assert (item.reason, item.queue, item.attempts) == ("RuntimeError: no", TWEAKER, 3)
        assert (item.published, item.body) == (envelope.timestamp, envelope.body)

    def test_a_message_without_an_id_has_one_to_name_it_by(self, bus: Bus) -> None:
        """It was published by hand."""
        bus.park(Envelope(key="code.ready", body=b"not json"))

        [item] = parked(bus)

        assert len(item.id) >= 12
        assert item.reason == "unknown reason"


class TestReplay:
    def test_sends_it_back_with_its_attempts_forgotten(self, bus: Bus) -> None:
        """It gets all its retries again; what is not wanted stays."""
        envelope, other = park(bus, "wines"), park(bus, "digits")

        sent = replay(bus, lambda item: item.id == envelope.message_id)

        assert [item.job for item in sent] == ["wines"]
        assert waiting(bus, TWEAKER) == [envelope]
        assert [item.id for item in parked(bus)] == [other.message_id]

    def test_without_its_queue_it_goes_by_its_key(self, bus: Bus) -> None:
        """A message that somebody put there by hand finds its way too."""
        envelope = an_envelope()
        bus.park(envelope)

        replay(bus, lambda _: True)

        assert waiting(bus, TWEAKER) == [envelope]

    def test_a_queue_of_its_own_service_only(self, twin: Twin) -> None:
        """Other subscribers of the key had it already."""
        bus = twin.bus
        queue = BINDINGS["trainer"].queue
        bus.park(Envelope(key="code.ready", body=b"{}", headers={QUEUE: queue}))

        replay(bus, lambda _: True)

        assert len(waiting(bus, queue)) == 1
        assert waiting(bus, BINDINGS["evaluator"].queue) == []


class TestDrop:
    def test_throws_away_what_is_wanted_and_nothing_else(self, bus: Bus) -> None:
        """And says what it was."""
        envelope, other = park(bus, "wines"), park(bus, "digits")

        gone = drop(bus, lambda item: item.id == envelope.message_id)

        assert [item.job for item in gone] == ["wines"]
        assert [item.id for item in parked(bus)] == [other.message_id]
        assert waiting(bus, TWEAKER) == []

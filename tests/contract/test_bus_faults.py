"""What the bus on RabbitMQ does when the broker, the connection or the topology fails."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest

from tests.contract.brokers import QUICK, Broker, MakeRabbitBus
from tests.contract.test_bus import TWEAKER, an_envelope, take, waiting
from trainyard.bus.envelope import Envelope
from trainyard.bus.parking import parked, replay
from trainyard.bus.port import Bus
from trainyard.bus.rabbit.publisher import EXIT_UNCONFIRMED
from trainyard.errors import BusClosedError, BusUnavailableError, TopologyError
from trainyard.metrics import RECONNECTS, RETURNS
from trainyard.testing import eventually
from trainyard.topology import BINDINGS, DELIVERY_LIMIT, PARKED_QUEUE, PARKING_EXCHANGE, VHOST

SCRATCH = "trainyard.scratch"


@contextmanager
def in_thread(
    work: Callable[[], None], otherwise: Callable[[], str] = lambda: "it does not end"
) -> Iterator[threading.Thread]:
    """Do *work* beside the test, and see it end; *otherwise* says what is wrong."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield thread
    thread.join(20)
    assert not thread.is_alive(), otherwise()


@pytest.fixture
def scratch(broker: Broker) -> Iterator[Callable[..., None]]:
    """Makes the queue SCRATCH, with arguments, and again; it is gone after the test."""

    def make(**arguments: object) -> None:
        broker.declare(SCRATCH, **arguments)

    yield make
    broker.management.delete("queues", VHOST, SCRATCH)


class TestBrokerRestart:
    @pytest.mark.parametrize("way", ["kill", "restart"])
    def test_nothing_confirmed_is_lost(self, way: str, broker: Broker, rabbit: MakeRabbitBus) -> None:
        """Killed or stopped in order while messages flow: publisher and consumer come back by themselves."""
        publishing, consuming = rabbit("evaluator"), rabbit("tweaker")
        confirmed: list[str] = []
        arrived: set[str] = set()
        stop, published = threading.Event(), threading.Event()

        def publish() -> None:
            while not stop.is_set():
                job = f"job-{len(confirmed)}"
                publishing.publish(an_envelope(job))
                confirmed.append(job)

        def consume() -> None:
            with closing(consuming.consume(TWEAKER)) as consumer:
                while not (published.is_set() and set(confirmed) <= arrived):
                    if delivery := consumer.get(timeout=0.2):
                        arrived.add(str(delivery.envelope.correlation_id))
                        delivery.ack()

        with in_thread(consume, otherwise=lambda: f"lost: {set(confirmed) - arrived}"):
            with in_thread(publish):
                eventually(lambda: len(confirmed) > 100, timeout=20, message="nothing is confirmed before the restart")
                getattr(broker, way)()
                before = len(confirmed)
                eventually(lambda: len(confirmed) > before + 100, timeout=60, message="nothing is confirmed afterwards")
                stop.set()
            published.set()


class TestLostConnections:
    def test_publishing_goes_on_over_a_new_connection(self, broker: Broker, rabbit: MakeRabbitBus) -> None:
        """A connection that an administrator closes is made again, and counted."""
        bus = rabbit("evaluator")
        bus.publish(an_envelope("before"))
        counted = RECONNECTS.labels("evaluator")._value.get()

        broker.cut("evaluator publishing")
        bus.publish(an_envelope("after"))

        assert [envelope.correlation_id for envelope in waiting(rabbit(), TWEAKER)] == ["before", "after"]
        eventually(
            lambda: RECONNECTS.labels("evaluator")._value.get() > counted, message="the reconnect was not counted"
        )

    def test_an_ack_for_a_lost_connection_is_dropped(self, broker: Broker, rabbit: MakeRabbitBus) -> None:
        """On the new connection its tag belongs to another delivery, which must not be acked by it."""
        rabbit().publish(an_envelope())
        consumer = rabbit("tweaker").consume(TWEAKER)
        stale = consumer.get(timeout=5)
        broker.cut(f"tweaker consuming {TWEAKER}")
        again = consumer.get(timeout=20)

        assert stale is not None
        stale.ack()
        consumer.close()

        assert again is not None
        assert again.redelivered
        assert len(waiting(rabbit(), TWEAKER)) == 1

    def test_a_paused_consumer_stays_paused(self, broker: Broker, rabbit: MakeRabbitBus) -> None:
        """A new connection does not bring work to a trainer whose slots are full."""
        bus = rabbit("tweaker")
        consumer = bus.consume(TWEAKER)
        consumer.pause()
        broker.cut(f"tweaker consuming {TWEAKER}")
        eventually(lambda: not bus.healthy(), message="the loss was not noticed")
        eventually(bus.healthy, timeout=20, message="the connection did not come back")

        rabbit().publish(an_envelope())

        assert consumer.get(timeout=0.5) is None
        consumer.resume()
        assert consumer.get(timeout=5) is not None

    def test_a_subscription_that_the_broker_cancels_is_made_again(
        self, broker: Broker, rabbit: MakeRabbitBus, scratch: Callable[..., None]
    ) -> None:
        """A queue that is deleted and made again has its consumer back without a restart."""
        scratch()
        consumer = rabbit().consume(SCRATCH)
        broker.management.delete("queues", VHOST, SCRATCH)
        scratch()

        rabbit().send(an_envelope(), SCRATCH)

        assert consumer.get(timeout=20) is not None

    def test_a_channel_that_the_broker_closes_is_opened_again(self, broker: Broker, rabbit: MakeRabbitBus) -> None:
        """A consumer timeout closes only the channel, without an error from pika: it has to be looked at."""
        rabbit().publish(an_envelope())

        with broker.consumer_timeout(milliseconds=500):
            consumer = rabbit("tweaker").consume(TWEAKER)
            held = consumer.get(timeout=5)
            again = consumer.get(timeout=20)

        assert held is not None
        assert again is not None
        assert again.redelivered

    def test_a_broker_that_is_away_is_waited_for_until_the_bus_is_closed(self, rabbit: MakeRabbitBus) -> None:
        """A service's stop does not hang on a broker that does not come back."""
        bus = unreachable(rabbit)

        with in_thread(lambda: closes_soon(bus)), pytest.raises(BusClosedError):
            bus.publish(an_envelope())

    def test_a_broker_that_is_away_cannot_be_browsed(self, rabbit: MakeRabbitBus) -> None:
        """A person's command ends at once with a reason."""
        with pytest.raises(BusUnavailableError, match="looking at"), unreachable(rabbit).browse(PARKED_QUEUE):
            pass


def unreachable(rabbit: MakeRabbitBus) -> Bus:
    """A bus whose user the broker does not know: the connection is made, and refused."""
    return rabbit("nobody")


def closes_soon(bus: Bus) -> None:
    """Close *bus* once it has tried."""
    threading.Event().wait(0.3)
    bus.close()


class TestAlarms:
    def test_publishers_wait_consumers_go_on_then_all_resumes(self, broker: Broker, rabbit: MakeRabbitBus) -> None:
        """Out of memory or disk the broker blocks publishers; the bus gives the connection up and tries again."""
        rabbit().publish(an_envelope("before"))
        publishing, consuming = rabbit("evaluator"), rabbit("tweaker")
        consumer = consuming.consume(TWEAKER)

        with ExitStack() as alarm:
            alarm.enter_context(broker.memory_alarm())
            with in_thread(lambda: publishing.publish(an_envelope("during"))) as thread:
                first = consumer.get(timeout=5)
                thread.join(QUICK.blocked + 1)
                waited = thread.is_alive()
                alarm.close()
        assert first is not None
        first.ack()
        second = consumer.get(timeout=20)

        assert waited
        assert second is not None
        assert second.envelope == an_envelope("during")

    def test_a_confirm_that_never_comes_ends_the_process(self, broker: Broker) -> None:
        """Pika would wait for ever; the watchdog says why it ends and lets the supervisor start anew."""
        program = (
            "import sys\n"
            "from tests.contract.test_bus import an_envelope\n"
            "from trainyard.bus.rabbit import Limits, RabbitBus\n"
            "bus = RabbitBus(sys.argv[1], app='evaluator', limits=Limits(blocked=300, confirm=1))\n"
            "bus.publish(an_envelope())\n"
        )

        with broker.memory_alarm():
            done = subprocess.run(
                [sys.executable, "-c", program, broker.url()], capture_output=True, text=True, check=False, timeout=60
            )

        assert done.returncode == EXIT_UNCONFIRMED, done.stderr
        assert "confirmed nothing for too long" in done.stdout + done.stderr


class TestRefusals:
    def test_a_full_queue_is_waited_for(self, rabbit: MakeRabbitBus, scratch: Callable[..., None]) -> None:
        """The broker refuses what does not fit; the publisher backs off and nothing is lost."""
        scratch(**{"x-max-length": 1, "x-overflow": "reject-publish"})
        bus = rabbit()
        jobs = [f"job-{number}" for number in range(4)]

        def publish() -> None:
            for job in jobs:
                bus.send(an_envelope(job), SCRATCH)

        arrived: list[str | None] = []
        with in_thread(publish), closing(rabbit().consume(SCRATCH)) as consumer:
            while len(arrived) < len(jobs) and (delivery := consumer.get(timeout=20)):
                arrived.append(delivery.envelope.correlation_id)
                delivery.ack()

        assert arrived == jobs

    def test_parking_waits_for_its_exchange(self, broker: Broker, rabbit: MakeRabbitBus) -> None:
        """A message that could not be parked is kept until it can."""
        bus = rabbit()
        broker.management.delete("exchanges", VHOST, PARKING_EXCHANGE)

        with in_thread(lambda: bus.park(an_envelope())) as thread:
            thread.join(0.5)
            kept_trying = thread.is_alive()
            broker.apply()

        assert kept_trying
        assert len(waiting(bus, PARKED_QUEUE)) == 1

    def test_returned_messages_are_counted(self, rabbit: MakeRabbitBus) -> None:
        """An operator sees that a binding is missing."""
        bus = rabbit("evaluator")
        counted = RETURNS.labels("evaluator")._value.get()

        with pytest.raises(Exception, match="no queue takes it"):
            bus.publish(Envelope(key="no.such.key", body=b"{}"))

        assert RETURNS.labels("evaluator")._value.get() == counted + 1


class TestMessagesByHand:
    def test_have_an_id_that_a_redelivery_shares(self, rabbit: MakeRabbitBus) -> None:
        """Who publishes by hand gives none; a trainer that dies at the wrong moment would else make two jobs."""
        rabbit().publish(Envelope(key="threshold.missed", body=b"{}"))
        consumer = rabbit("tweaker").consume(TWEAKER)
        first = consumer.get(timeout=5)
        consumer.close()

        again = take(rabbit("tweaker"), TWEAKER)

        assert first is not None
        assert first.envelope.message_id is not None
        assert again.envelope.message_id == first.envelope.message_id


class TestDeliveryLimit:
    def test_what_seems_to_kill_its_consumer_is_parked_and_can_be_sent_back(self, rabbit: MakeRabbitBus) -> None:
        """The broker parks it itself; it says from where and why, and `replay` finds the way back."""
        rabbit().publish(an_envelope())
        consuming = rabbit("tweaker")
        for _ in range(DELIVERY_LIMIT + 1):
            with closing(consuming.consume(TWEAKER)) as consumer:
                assert consumer.get(timeout=5) is not None

        bus = rabbit()
        [item] = eventually(lambda: parked(bus), message="it was not parked")
        replay(bus, lambda _: True)

        assert (item.queue, item.type, item.job) == (TWEAKER, "threshold.missed", "wines")
        assert "delivery limit" in item.reason
        assert parked(bus) == []
        assert take(bus, TWEAKER).envelope == an_envelope()


class TestRights:
    def test_a_service_cannot_read_the_queue_of_another(self, rabbit: MakeRabbitBus) -> None:
        """A tweaker that went astray takes no verdicts away from the evaluator."""
        with pytest.raises(TopologyError, match="ACCESS_REFUSED"):
            rabbit("tweaker").consume(BINDINGS["evaluator"].queue)

    def test_a_service_cannot_read_what_is_parked(self, rabbit: MakeRabbitBus) -> None:
        """That is for people."""
        with pytest.raises(TopologyError, match="ACCESS_REFUSED"), rabbit("tweaker").browse(PARKED_QUEUE) as deliveries:
            next(deliveries, None)

    def test_a_service_without_a_queue_can_only_publish(self, rabbit: MakeRabbitBus) -> None:
        """The monitor consumes nothing, so it may put nothing past the exchange either."""
        bus = rabbit("monitor")

        bus.publish(an_envelope())

        with pytest.raises(TopologyError, match="ACCESS_REFUSED"):
            bus.send(an_envelope(), TWEAKER)
        assert len(waiting(rabbit(), TWEAKER)) == 1

    @pytest.mark.parametrize("service", [name for name, binding in BINDINGS.items() if binding.consumes])
    def test_a_service_can_do_its_own_work(self, service: str, rabbit: MakeRabbitBus) -> None:
        """It reads its queue, sends to its delay queues and parks."""
        bus = rabbit(service)
        binding = BINDINGS[service]
        rabbit().send(an_envelope(), binding.queue)

        delivery = take(bus, binding.queue)
        bus.park(delivery.envelope)
        delivery.ack()

        assert len(waiting(rabbit(), PARKED_QUEUE)) == 1

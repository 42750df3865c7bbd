"""What `trainyard topology apply` makes of a real broker."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.contract.brokers import Broker, MakeRabbitBus
from tests.contract.test_bus import TWEAKER, an_envelope, waiting
from trainyard.bus.definitions import definitions
from trainyard.bus.provision import BrokerPasswords, apply, check
from trainyard.errors import BusUnavailableError, TopologyError
from trainyard.testing import eventually
from trainyard.topology import EXCHANGE, VHOST


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def restored(broker: Broker) -> Iterator[Broker]:
    """A broker that a test may break."""
    yield broker
    broker.apply()


def wrong(broker: Broker) -> list[str]:
    """What is not as wanted, in words."""
    return [str(row) for row in check(broker.management_url) if not row.ok]


class TestApply:
    def test_the_broker_obeys_every_policy(self, broker: Broker) -> None:
        """RabbitMQ swallows what it does not know, so that the policies in force are looked at, not the wanted ones."""
        eventually(lambda: not wrong(broker), timeout=15, message=lambda: "\n".join(wrong(broker)))

    def test_may_be_repeated_by_several_at_once(self, restored: Broker, said: list[str]) -> None:
        """Two hosts that come up together do not get in each other's way."""
        restored.management.delete("queues", VHOST, TWEAKER)
        passwords = BrokerPasswords().model_dump()

        with ThreadPoolExecutor(4) as pool:
            runs = [pool.submit(apply, restored.management_url, passwords, report=said.append) for _ in range(4)]
            rows = [row for run in runs for row in run.result()]

        assert all(row.ok for row in rows), [str(row) for row in rows if not row.ok]

    def test_leaves_messages_alone(self, broker: Broker, rabbit: MakeRabbitBus) -> None:
        """An update applies it while messages wait."""
        rabbit().publish(an_envelope())

        broker.apply()

        assert len(waiting(rabbit(), TWEAKER)) == 1

    def test_a_queue_of_another_kind_is_named_and_left_alone(self, restored: Broker, said: list[str]) -> None:
        """Only a person may throw away what is in it."""
        restored.management.delete("queues", VHOST, TWEAKER)
        restored.declare(TWEAKER, **{"x-queue-type": "classic"})

        with pytest.raises(TopologyError, match="wanted durable quorum, found durable classic"):
            apply(restored.management_url, BrokerPasswords().model_dump(), report=said.append)

        restored.management.delete("queues", VHOST, TWEAKER)

    def test_an_old_binding_is_shown_and_not_removed(self, broker: Broker) -> None:
        """A newer version may need it while both run; it is a person's decision."""
        where = ("bindings", VHOST, "e", EXCHANGE, "q", TWEAKER)
        broker.management.post(*where, body={"routing_key": "old.key"})

        broker.apply()
        shown = [row for row in check(broker.management_url) if row.surplus]
        broker.management.delete(*where, "old.key")

        assert [str(row) for row in shown] == [
            "binding trainyard.tweaker old.key: wanted nothing, found bound to trainyard"
        ]

    def test_waits_for_the_broker_and_says_so(self, said: list[str]) -> None:
        """It is started together with the broker; after a while it gives up with the remedy."""
        with pytest.raises(BusUnavailableError, match="TRAINYARD_MANAGEMENT_URL"):
            apply("http://trainyard:trainyard@127.0.0.1:1", {}, patience=0.1, report=said.append)

        assert said[0].startswith("waiting for the broker at 127.0.0.1:1")

    def test_a_refused_user_is_no_reason_to_wait(self, broker: Broker, said: list[str]) -> None:
        """A wrong password does not become right."""
        url = broker.management_url.replace("trainyard:trainyard", "trainyard:wrong")

        with pytest.raises(TopologyError, match="refuses the user 'trainyard'"):
            apply(url, BrokerPasswords().model_dump(), report=said.append)


class TestDefinitionsFile:
    def test_a_broker_that_loads_it_keeps_its_users_and_messages(self, broker: Broker, rabbit: MakeRabbitBus) -> None:
        """It may be loaded at every start of the broker."""
        rabbit().publish(an_envelope())

        broker.management.post("definitions", body=definitions())

        assert len(waiting(rabbit("trainyard"), TWEAKER)) == 1
        rabbit("tweaker").consume(TWEAKER)

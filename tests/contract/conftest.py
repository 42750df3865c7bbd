"""Buses on the session's RabbitMQ; every test finds its queues empty."""

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from tests.contract.brokers import ADMIN, QUICK, Broker, MakeRabbitBus, Twin
from trainyard.bus.memory import MemoryBus
from trainyard.bus.port import Bus
from trainyard.bus.rabbit import Limits, RabbitBus
from trainyard.topology import TIERS, Tier


@pytest.fixture
def broker(running_broker: Broker) -> Broker:
    """The broker with its topology complete and its queues empty; who breaks the topology applies it again."""
    running_broker.empty()
    return running_broker


@pytest.fixture
def rabbit(broker: Broker) -> Iterator[MakeRabbitBus]:
    """Makes a bus on the broker, as the administrator unless told; closed at the test's end."""
    with ExitStack() as stack:

        def make(user: str = ADMIN, *, limits: Limits = QUICK) -> RabbitBus:
            return stack.enter_context(closing(RabbitBus(broker.url(user), app=user, limits=limits)))

        yield make


@pytest.fixture(params=["memory", "rabbitmq"])
def twin(request: pytest.FixtureRequest) -> Iterator[Twin]:
    """Each kind of bus."""
    if request.param == "rabbitmq":
        make = request.getfixturevalue("rabbit")
        yield Twin(make, make(), delay=TIERS[0].seconds)
        return
    with closing(MemoryBus(tiers=[Tier(tier.name, 0.3) for tier in TIERS])) as memory:
        yield Twin(lambda: memory, memory, delay=0.3)


@pytest.fixture
def bus(twin: Twin) -> Bus:
    """A bus of each kind."""
    return twin.bus

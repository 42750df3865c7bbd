"""The table that everything about the broker is made from."""

import re

import pytest

from trainyard.bus.provision import BrokerPasswords
from trainyard.messages import MESSAGES, CancelRequested
from trainyard.topology import (
    BINDINGS,
    DEFAULT_EXCHANGE,
    EXCHANGE,
    NO_LIMIT,
    PARKED_QUEUE,
    PARKING_EXCHANGE,
    TIERS,
    Binding,
    Queue,
    queues,
    rights,
)

CONSUMERS = [binding for binding in BINDINGS.values() if binding.consumes]
BY_NAME = {queue.name: queue for queue in queues()}


class TestBindings:
    def test_every_message_is_heard_and_said_by_somebody(self) -> None:
        """A message nobody hears would be unroutable; one nobody says is a person's."""
        heard = {message for binding in BINDINGS.values() for message in binding.consumes}
        said = {message for binding in BINDINGS.values() for message in binding.produces}

        assert heard == set(MESSAGES)
        assert set(MESSAGES) - said == {CancelRequested}

    def test_every_service_has_a_password_setting(self) -> None:
        """So that nobody has to look for its name."""
        assert set(BrokerPasswords.model_fields) == set(BINDINGS)


class TestQueues:
    def test_a_service_that_hears_nothing_has_no_queue(self) -> None:
        """The monitor looks at the engine instead."""
        assert not any(name.startswith(BINDINGS["monitor"].queue) for name in BY_NAME)

    @pytest.mark.parametrize("binding", CONSUMERS, ids=lambda binding: binding.service)
    def test_a_delayed_message_comes_back_to_the_work_queue_alone(self, binding: Binding) -> None:
        """It goes through the default exchange, which copies to nobody, after exactly one time to live a queue."""
        for tier in TIERS:
            policy = BY_NAME[binding.delay_queue(tier)].policy

            assert policy["message-ttl"] == tier.seconds * 1000
            assert policy["dead-letter-exchange"] == ""
            assert policy["dead-letter-routing-key"] == binding.queue

    @pytest.mark.parametrize("queue", [queue for queue in queues() if queue.name != PARKED_QUEUE], ids=lambda q: q.name)
    def test_a_dead_letter_is_kept_until_its_new_queue_has_it(self, queue: Queue) -> None:
        """The broker allows at-least-once only with this overflow."""
        policy = queue.policy

        assert (policy["dead-letter-strategy"], policy["overflow"]) == ("at-least-once", "reject-publish")

    def test_what_is_parked_is_never_given_up(self) -> None:
        """Neither by looking at it often nor by time."""
        assert BY_NAME[PARKED_QUEUE].policy == {"delivery-limit": NO_LIMIT}


class TestRights:
    @pytest.mark.parametrize("binding", CONSUMERS, ids=lambda binding: binding.service)
    def test_a_service_reads_its_own_queue_alone(self, binding: Binding) -> None:
        """Not even its own delay queues."""
        readable = [name for name in BY_NAME if re.search(rights(binding).read, name)]

        assert readable == [binding.queue]

    def test_a_service_without_a_queue_reads_nothing_and_writes_to_the_exchange(self) -> None:
        """The monitor."""
        allowed = rights(BINDINGS["monitor"])

        assert not any(re.search(allowed.read, name) for name in [*BY_NAME, EXCHANGE, ""] if name)
        assert [name for name in (EXCHANGE, PARKING_EXCHANGE, DEFAULT_EXCHANGE) if re.search(allowed.write, name)] == [
            EXCHANGE
        ]

    @pytest.mark.parametrize("binding", BINDINGS.values(), ids=lambda binding: binding.service)
    def test_nobody_may_change_the_topology(self, binding: Binding) -> None:
        """Only the administrator applies it."""
        names = [*BY_NAME, EXCHANGE, PARKING_EXCHANGE]

        assert not any(re.search(rights(binding).configure, name) for name in names)

"""Services in threads: how they start, stop, and tell that they broke."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator

import pytest

from trainyard.bus.memory import MemoryBus
from trainyard.errors import PermanentError
from trainyard.messages import CodeSubmitted, Message
from trainyard.service import Handler, Service
from trainyard.testing import eventually
from trainyard_cli.embedded.yard import Yard
from trainyard_cli.errors import LocalFailureError

SUBMITTED = CodeSubmitted(code="file:///wines")


def a_yard(handler: Handler, closed: threading.Event | None = None) -> Yard:
    """A yard whose only service is a fetcher that handles with *handler*."""
    fetcher = Service("fetcher", handlers={CodeSubmitted: handler})
    return Yard(MemoryBus(), [fetcher], close=(closed or threading.Event()).set, log=".trainyard/log.jsonl")


class TestYard:
    def test_hands_messages_to_its_services(self) -> None:
        """What is published reaches the handler in its thread."""
        seen: list[Message] = []

        def handler(message: CodeSubmitted) -> Iterable[Message]:
            seen.append(message)
            return ()

        with a_yard(handler) as yard:
            yard.publish(SUBMITTED)
            eventually(lambda: seen == [SUBMITTED])

    def test_ends_what_trains_when_it_is_left(self) -> None:
        """Also when it is left by an error, as Ctrl-C is one."""
        closed = threading.Event()

        with pytest.raises(KeyboardInterrupt), a_yard(lambda _: (), closed):
            raise KeyboardInterrupt

        assert closed.is_set()

    def test_tells_of_a_message_that_could_not_be_handled(self) -> None:
        """Nobody looks at what is parked here, so the command ends and names service, reason and log."""

        def refuses(_: CodeSubmitted) -> Iterator[Message]:
            raise PermanentError("no such thing")

        with a_yard(refuses) as yard:
            yard.publish(SUBMITTED)
            with pytest.raises(LocalFailureError) as caught:
                eventually(lambda: yard.wait(0.01))

        assert "the fetcher could not handle code.submitted: PermanentError: no such thing" in str(caught.value)
        assert ".trainyard/log.jsonl says more" in str(caught.value)

    def test_tells_of_a_service_that_broke(self) -> None:
        """A thread that ends of an error does not end in silence."""
        broken = Service("nobody", handlers={CodeSubmitted: lambda _: ()})

        with (
            Yard(MemoryBus(), [broken], close=lambda: None, log="log") as yard,
            pytest.raises(LocalFailureError, match="the nobody broke: KeyError"),
        ):
            eventually(lambda: yard.wait(0.01))

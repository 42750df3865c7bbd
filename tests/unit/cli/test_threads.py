"""Services in threads: how they start, stop, and tell that they broke."""

import threading
from collections.abc import Iterable, Iterator

import pytest

from trainyard.bus.memory import MemoryBus
from trainyard.errors import PermanentError
from trainyard.messages import CodeSubmitted, Message
from trainyard.service import Handler, Service
from trainyard.testing import eventually
from trainyard_cli.embedded.threads import ServiceThreads
from trainyard_cli.errors import LocalFailureError

SUBMITTED = CodeSubmitted(code="file:///wines")


def some_threads(handler: Handler, closed: threading.Event | None = None) -> ServiceThreads:
    """Threads whose only service is a fetcher that handles with *handler*."""
    fetcher = Service("fetcher", handlers={CodeSubmitted: handler})
    return ServiceThreads(MemoryBus(), [fetcher], close=(closed or threading.Event()).set, log=".trainyard/log.jsonl")


class TestServiceThreads:
    def test_hands_messages_to_its_services(self) -> None:
        """What is published reaches the handler in its thread."""
        seen: list[Message] = []

        def handler(message: CodeSubmitted) -> Iterable[Message]:
            seen.append(message)
            return ()

        with some_threads(handler) as threads:
            threads.publish(SUBMITTED)
            eventually(lambda: seen == [SUBMITTED])

    def test_ends_what_trains_when_it_is_left(self) -> None:
        """Also when it is left by an error, as Ctrl-C is one."""
        closed = threading.Event()

        with pytest.raises(KeyboardInterrupt), some_threads(lambda _: (), closed):
            raise KeyboardInterrupt

        assert closed.is_set()

    def test_tells_of_a_message_that_could_not_be_handled(self) -> None:
        """Nobody looks at what is parked here, so the command ends and names service, reason and log."""

        def refuses(_: CodeSubmitted) -> Iterator[Message]:
            raise PermanentError("no such thing")

        with some_threads(refuses) as threads:
            threads.publish(SUBMITTED)
            with pytest.raises(LocalFailureError) as caught:
                eventually(lambda: threads.wait(0.01))

        assert "the fetcher could not handle code.submitted: PermanentError: no such thing" in str(caught.value)
        assert "See .trainyard/log.jsonl." in str(caught.value)

    def test_tells_of_a_service_that_broke(self) -> None:
        """A thread that ends of an error does not end in silence."""
        broken = Service("nobody", handlers={CodeSubmitted: lambda _: ()})

        with (
            ServiceThreads(MemoryBus(), [broken], close=lambda: None, log="log") as threads,
            pytest.raises(LocalFailureError, match="the nobody failed: KeyError"),
        ):
            eventually(lambda: threads.wait(0.01))

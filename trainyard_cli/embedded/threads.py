"""All services in threads of this process."""

import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from trainyard.bus.envelope import QUEUE, REASON, encode
from trainyard.bus.port import Bus
from trainyard.messages import Message
from trainyard.service import Service, run
from trainyard.topology import BINDINGS, PARKED_QUEUE, TIERS
from trainyard_cli.errors import LocalFailureError

JOIN_SECONDS = 3.0
"""How long the services may take to end; after that they end with the process."""


class ServiceThreads:
    """A context in which services run, a thread each.

    *close* is called once the services were asked to stop, to end what they left running; errors name the file *log*.
    """

    def __init__(self, bus: Bus, services: Sequence[Service], *, close: Callable[[], None], log: str) -> None:
        self._bus = bus
        self._stop = threading.Event()
        self._close = close
        self._log = log
        self._errors: list[tuple[str, BaseException]] = []
        self._wake = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(each,), name=each.name, daemon=True) for each in services
        ]

    def publish(self, message: Message) -> None:
        """Publish a message of the person's."""
        self._bus.publish(encode(message, app="trainyard"))

    def wait(self, seconds: float) -> None:
        """Wait, unless something goes wrong first.

        Raises:
            LocalFailureError: A service failed, or could not handle a message; names the log.
        """
        self._wake.wait(seconds)
        if self._errors:
            name, error = self._errors[0]
            raise self._failed(f"the {name} failed: {type(error).__name__}: {error}")
        for queue in _trouble_queues():
            with self._bus.browse(queue, limit=1) as waiting:
                for delivery in waiting:
                    headers = delivery.envelope.headers
                    where = str(headers.get(QUEUE, queue)).split(".")[1]
                    raise self._failed(f"the {where} could not handle {delivery.envelope.name}: {headers.get(REASON)}")

    def __enter__(self) -> Self:
        """Start the services."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop the services and end what trains."""
        self._stop.set()
        self._close()
        limit = time.monotonic() + JOIN_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, limit - time.monotonic()))
        self._bus.close()

    def _run(self, service: Service) -> None:
        """Run one service; `wait` reports its error."""
        try:
            run(service, self._bus, self._stop)
        except BaseException as error:  # noqa: BLE001  reported in the main thread
            self._errors.append((service.name, error))
            self._wake.set()

    def _failed(self, message: str) -> LocalFailureError:
        return LocalFailureError(message, remedy=f"See {self._log}.")


def _trouble_queues() -> list[str]:
    """Return the queues that are empty while all goes well: of parked messages, and of those that failed twice."""
    return [PARKED_QUEUE, *(each.delay_queue(TIERS[1]) for each in BINDINGS.values() if each.consumes)]

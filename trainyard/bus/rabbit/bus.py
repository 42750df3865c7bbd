"""The bus on RabbitMQ."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import structlog

from trainyard.bus.envelope import Envelope
from trainyard.bus.rabbit.browser import BrowsedDelivery, browse
from trainyard.bus.rabbit.connecting import Limits, parameters, pause
from trainyard.bus.rabbit.consumer import RabbitConsumer
from trainyard.bus.rabbit.link import Link, Work
from trainyard.bus.rabbit.publisher import Publisher
from trainyard.errors import BusClosedError, TopologyError, UnroutableError
from trainyard.metrics import RECONNECTS, RETURNS
from trainyard.topology import EXCHANGE, PARKING_EXCHANGE

Connect = Callable[[Work], Link]

log = structlog.get_logger()


class RabbitBus:
    """RabbitMQ behind the port of `trainyard.bus.port.Bus`.

    It connects in the background and again whenever a connection is lost: one connection for publishing, one for each
    consumer. A publish that is not confirmed within `limits.confirm` ends the process.

    The URL holds user, password and virtual host; *app* is the service, for metrics and the broker's pages.
    """

    def __init__(self, url: str, *, app: str, limits: Limits | None = None) -> None:
        logging.getLogger("pika").setLevel(logging.CRITICAL)  # it logs a traceback where we log one line
        self._url = url
        self._app = app
        self._limits = limits or Limits()
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._consumers: list[RabbitConsumer] = []
        self._publisher = Publisher(self._connector("publishing"), self._limits, RETURNS.labels(app).inc)
        self._publisher.start()

    def publish(self, envelope: Envelope) -> None:
        """Publish to the exchange by the envelope's key; return once the broker has confirmed it."""
        self._publisher.put(EXCHANGE, envelope.key, envelope)

    def send(self, envelope: Envelope, queue: str) -> None:
        """Put the message into this one queue, confirmed."""
        self._publisher.put("", queue, envelope)

    def park(self, envelope: Envelope) -> None:
        """Put the message aside for a person; waits while the parking queue is missing."""
        attempts = 0
        while True:
            try:
                return self._publisher.put(PARKING_EXCHANGE, envelope.key, envelope)
            except (UnroutableError, TopologyError) as error:
                attempts += 1
                seconds = pause(attempts, self._limits.backoff)
                log.error("cannot park", error=str(error), next_try_seconds=round(seconds, 1))  # noqa: TRY400
                if self._closed.wait(seconds):
                    raise BusClosedError from error

    def consume(self, queue: str) -> RabbitConsumer:
        """Subscribe to *queue*; returns once the broker has agreed.

        Raises:
            TopologyError: There is no such queue, or no right to read it; names the remedy.
        """
        consumer = RabbitConsumer(queue, self._connector(f"consuming {queue}"), drain=self._limits.drain)
        with self._lock:
            if self._closed.is_set():
                raise BusClosedError
            self._consumers.append(consumer)
        consumer.start()
        return consumer

    def browse(self, queue: str, limit: int = 1000) -> AbstractContextManager[Iterator[BrowsedDelivery]]:
        """Look at what waits in *queue*; what is not acked within the context goes back."""
        return browse(parameters(self._url, f"{self._app} browsing", self._limits), queue, limit)

    def healthy(self) -> bool:
        """Return whether every connection is up."""
        if self._closed.is_set():
            return False
        with self._lock:
            self._consumers = [consumer for consumer in self._consumers if not consumer.closed]
            return self._publisher.connected and all(consumer.connected for consumer in self._consumers)

    def close(self) -> None:
        """Finish pending acks and publishes, then disconnect."""
        with self._lock:
            self._closed.set()
            consumers = list(self._consumers)
        for consumer in consumers:
            consumer.close()
        self._publisher.close()

    def _connector(self, purpose: str) -> Connect:
        """Return a function that makes a link for some work, named after its *purpose*."""
        settings = parameters(self._url, f"{self._app} {purpose}", self._limits)
        reconnects = RECONNECTS.labels(self._app)
        return lambda work: Link(settings, work, backoff=self._limits.backoff, on_reconnect=reconnects.inc)

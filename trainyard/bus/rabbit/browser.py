"""Looking at what waits in a queue of RabbitMQ, without consuming it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pika import BlockingConnection, URLParameters
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError
from pika.spec import Basic

from trainyard.bus.envelope import Envelope
from trainyard.bus.rabbit import wire
from trainyard.bus.rabbit.failures import in_our_words


class BrowsedDelivery:
    """One message of a browsed queue."""

    def __init__(self, channel: BlockingChannel, method: Basic.GetOk, envelope: Envelope) -> None:
        self._channel = channel
        self._tag = method.delivery_tag
        self.envelope = envelope
        self.redelivered = bool(method.redelivered)

    def ack(self) -> None:
        """Remove the message from its queue; without effect once its context has ended."""
        if self._channel.is_open:
            self._channel.basic_ack(self._tag)


@contextmanager
def browse(settings: URLParameters, queue: str, limit: int) -> Iterator[Iterator[BrowsedDelivery]]:
    """Yield up to *limit* messages of *queue* on a connection of its own; what is not acked goes back at the end.

    Raises:
        TopologyError: There is no such queue, or no right to read it.
        BusUnavailableError: The broker does not answer.
    """
    connection = _connect(settings, queue)
    try:
        channel = connection.channel()
        yield _each(channel, queue, limit)
        channel.basic_nack(0, multiple=True, requeue=True)
    except AMQPError as error:
        raise in_our_words(error, f"looking at {queue}") from error
    finally:
        with suppress(AMQPError):  # closed already, for a reason that is raised above
            connection.close()


def _connect(settings: URLParameters, queue: str) -> BlockingConnection:
    try:
        return BlockingConnection(settings)
    except (AMQPError, OSError) as error:
        raise in_our_words(error, f"looking at {queue}") from error


def _each(channel: BlockingChannel, queue: str, limit: int) -> Iterator[BrowsedDelivery]:
    for _ in range(limit):
        method, properties, body = channel.basic_get(queue)
        if method is None:
            return
        yield BrowsedDelivery(channel, method, wire.envelope(method.routing_key, properties, body))

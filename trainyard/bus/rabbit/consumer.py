"""One subscription to a queue of RabbitMQ."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

import structlog
from pika import BasicProperties
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import ConsumerCancelled
from pika.spec import Basic

from trainyard.bus.envelope import Envelope
from trainyard.bus.rabbit import wire
from trainyard.bus.rabbit.failures import in_our_words
from trainyard.bus.rabbit.link import Link, Work
from trainyard.errors import BusClosedError, TopologyError

log = structlog.get_logger()


class RabbitDelivery:
    """One message handed out by RabbitMQ, on one generation of the consumer's connection."""

    def __init__(self, consumer: RabbitConsumer, generation: int, method: Basic.Deliver, envelope: Envelope) -> None:
        self._consumer = consumer
        self._generation = generation
        self._tag = method.delivery_tag
        self.envelope = envelope
        self.redelivered = bool(method.redelivered)

    def ack(self) -> None:
        """Acknowledge that this message was handled; without effect on a later connection."""
        self._consumer.settle(self._generation, self._tag)


class RabbitConsumer:
    """A subscription that holds at most one unacked message.

    Its state is shared by the caller's thread and the link's, under one condition. Closing waits at most *drain*
    seconds for acks to be sent.
    """

    def __init__(self, queue: str, connect: Callable[[Work], Link], *, drain: float) -> None:
        self._queue = queue
        self._drain = drain
        self._changed = threading.Condition()
        self._generation = 0
        self._tag: str | None = None
        self._inbox: RabbitDelivery | None = None
        self._unacked: int | None = None
        self._acks: deque[tuple[int, int]] = deque()
        self._paused = self._closed = self._cancelled = False
        self._missing: TopologyError | None = None
        self._link = connect(self)

    def start(self) -> None:
        """Subscribe; returns once the broker has agreed.

        Raises:
            TopologyError: There is no such queue, or no right to read it.
            BusClosedError: The bus was closed meanwhile.
        """
        self._link.start()
        with self._changed:
            self._changed.wait_for(lambda: self._tag or self._missing or self._closed)
            missing, closed = self._missing, self._closed
        if missing:
            self.close()
            raise missing
        if closed:
            raise BusClosedError

    def get(self, timeout: float) -> RabbitDelivery | None:
        """Return the next message, or None after *timeout* seconds without one."""
        with self._changed:
            there = self._changed.wait_for(lambda: (self._inbox and not self._paused) or self._closed, timeout)
            if self._closed:
                raise BusClosedError
            if not there:
                return None
            delivery, self._inbox = self._inbox, None
            return delivery

    def pause(self) -> None:
        """Take no further message; returns once the broker has cancelled the subscription or is gone."""
        with self._changed:
            self._paused = True
        self._link.wake()
        with self._changed:
            self._changed.wait_for(lambda: self._tag is None or self._closed)

    def resume(self) -> None:
        """Take messages again."""
        with self._changed:
            self._paused = False
        self._link.wake()

    @property
    def paused(self) -> bool:
        """Whether it takes no messages now."""
        return self._paused

    @property
    def closed(self) -> bool:
        """Whether it has ended."""
        return self._closed

    @property
    def connected(self) -> bool:
        """Whether the broker is there."""
        return self._link.connected

    def settle(self, generation: int, tag: int) -> None:
        """Queue the ack of a delivery for the I/O thread."""
        with self._changed:
            self._acks.append((generation, tag))
        self._link.wake()

    def close(self) -> None:
        """Send the pending acks, then end the subscription; unacked messages go to somebody else."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._link.close(self._drain)

    def opened(self, channel: BlockingChannel) -> None:
        """Prepare a fresh channel for one message at a time."""
        channel.basic_qos(prefetch_count=1)
        channel.add_on_cancel_callback(self._on_cancel)
        self._cancelled = False
        self._subscribe(channel)

    def turn(self, channel: BlockingChannel) -> None:
        """Send the acks, then subscribe or unsubscribe as wanted."""
        if self._cancelled:
            raise ConsumerCancelled(f"the broker cancelled the subscription to {self._queue}")
        self._send_acks(channel)
        if self._paused and self._tag:
            self._unsubscribe(channel)
        elif not self._closed:
            self._subscribe(channel)

    def lost(self, error: Exception) -> None:
        """Forget what the broker will hand to somebody else."""
        ours = in_our_words(error, f"consuming {self._queue}")
        with self._changed:
            self._generation += 1
            self._tag = self._inbox = self._unacked = None
            self._missing = ours if isinstance(ours, TopologyError) else None
            self._changed.notify_all()

    def _subscribe(self, channel: BlockingChannel) -> None:
        """Subscribe unless paused; not before the last subscription's message is acked, since each may hold one."""
        if not self._paused and self._tag is None and self._unacked is None:
            tag = channel.basic_consume(self._queue, self._on_message)
            with self._changed:
                self._tag = tag
                self._changed.notify_all()

    def _unsubscribe(self, channel: BlockingChannel) -> None:
        """Cancel the subscription and give back what nobody has taken yet."""
        channel.basic_cancel(self._tag)
        with self._changed:
            if self._inbox is not None:
                self._inbox = None
                channel.basic_nack(self._unacked, requeue=True)
                self._unacked = None
            self._tag = None
            self._changed.notify_all()

    def _send_acks(self, channel: BlockingChannel) -> None:
        """Ack what was delivered on this very channel; a stale tag would ack somebody else's delivery."""
        while self._acks:
            generation, tag = self._acks.popleft()
            if generation != self._generation:
                log.info("dropped the ack of a delivery whose connection is gone", queue=self._queue)
            elif tag == self._unacked:
                self._unacked = None
                channel.basic_ack(tag)

    def _on_message(self, _: BlockingChannel, method: Basic.Deliver, received: BasicProperties, body: bytes) -> None:
        arrived = wire.envelope(method.routing_key, received, body)
        with self._changed:
            self._unacked = method.delivery_tag
            self._inbox = RabbitDelivery(self, self._generation, method, arrived)
            self._changed.notify_all()

    def _on_cancel(self, _: Any) -> None:
        self._cancelled = True

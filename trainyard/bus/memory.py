"""A bus inside one process, for `trainyard run` and for tests."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from trainyard.bus.envelope import Envelope
from trainyard.errors import BusClosedError, TopologyError, UnroutableError
from trainyard.topology import BINDINGS, PARKED_QUEUE, TIERS, Tier


@dataclass(slots=True, eq=False)
class _Item:
    """A message in a queue; `due` is when a delay queue releases it."""

    envelope: Envelope
    redelivered: bool = False
    due: float = 0.0


@dataclass(slots=True)
class _Queue:
    """Messages in order; a delay queue moves each to the queue `after` when it is due."""

    items: deque[_Item] = field(default_factory=deque)
    after: str | None = None
    seconds: float = 0.0


class MemoryBus:
    """The twin of `RabbitBus`: one object that all services of a process share; safe to use from any thread.

    It keeps the contract of `trainyard.bus.port.Bus` with one exception: nothing outlives the process, so messages do
    not survive its end, and one that kills the process repeatedly is never parked.

    Args:
        tiers: How long the delay queues hold a message; a test may give the usual names shorter times.
    """

    def __init__(self, tiers: Sequence[Tier] = TIERS) -> None:
        self._changed = threading.Condition()
        self._closed = False
        self._queues = {PARKED_QUEUE: _Queue()}
        for binding in BINDINGS.values():
            if binding.consumes:
                self._queues[binding.queue] = _Queue()
                for tier in tiers:
                    self._queues[binding.delay_queue(tier)] = _Queue(after=binding.queue, seconds=tier.seconds)

    def publish(self, envelope: Envelope) -> None:
        """Put a copy into every queue that is bound to the envelope's key."""
        bound = [binding.queue for binding in BINDINGS.values() if envelope.key in binding.keys]
        if not bound:
            raise UnroutableError(f"no queue takes {envelope.key!r}")
        self._append(envelope, bound)

    def send(self, envelope: Envelope, queue: str) -> None:
        """Put the message into this one queue."""
        if queue not in self._queues:
            raise UnroutableError(f"there is no queue {queue!r}")
        self._append(envelope, [queue])

    def park(self, envelope: Envelope) -> None:
        """Put the message where a person will look at it."""
        self._append(envelope, [PARKED_QUEUE])

    def consume(self, queue: str) -> MemoryConsumer:
        """Subscribe to *queue*."""
        self._check_known(queue)
        return MemoryConsumer(self, queue)

    @contextmanager
    def browse(self, queue: str, limit: int = 1000) -> Iterator[Iterator[MemoryDelivery]]:
        """Look at what waits in *queue*; what is not acked within the context goes back, in its old order."""
        self._check_known(queue)
        taken: list[MemoryDelivery] = []

        def each() -> Iterator[MemoryDelivery]:
            while len(taken) < limit and (delivery := self.take(queue, 0.0)):
                taken.append(delivery)
                yield delivery

        try:
            yield each()
        finally:
            self.give_back(taken)

    def healthy(self) -> bool:
        """Return whether the bus is open."""
        return not self._closed

    def close(self) -> None:
        """Wake all waiters; any use of the bus from now on raises BusClosedError."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def take(self, queue: str, timeout: float, ready: Callable[[], bool] = lambda: True) -> MemoryDelivery | None:
        """Take the head of *queue* while *ready*, waiting at most *timeout* seconds for it."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                self._check_open()
                self._move_due()
                if ready() and (items := self._queues[queue].items):
                    return MemoryDelivery(self, queue, items.popleft())
                if (left := deadline - time.monotonic()) <= 0:
                    return None
                self._changed.wait(min(left, self._until_next_due()))

    def give_back(self, deliveries: Sequence[MemoryDelivery]) -> None:
        """Return unacked messages to the head of their queues."""
        with self._changed:
            for delivery in reversed(deliveries):
                if delivery.settle():
                    delivery.item.redelivered = True
                    self._queues[delivery.queue].items.appendleft(delivery.item)
            self._changed.notify_all()

    def wake(self) -> None:
        """Wake all waiters, to look again."""
        with self._changed:
            self._changed.notify_all()

    def _append(self, envelope: Envelope, queues: Sequence[str]) -> None:
        with self._changed:
            self._check_open()
            for name in queues:
                queue = self._queues[name]
                queue.items.append(_Item(envelope, due=time.monotonic() + queue.seconds))
            self._changed.notify_all()

    def _check_known(self, queue: str) -> None:
        if queue not in self._queues:
            raise TopologyError(f"there is no queue {queue!r}")

    def _check_open(self) -> None:
        if self._closed:
            raise BusClosedError

    def _move_due(self) -> None:
        for queue in self._delaying():
            while queue.items and queue.items[0].due <= time.monotonic():
                item = queue.items.popleft()
                self._queues[queue.after or ""].items.append(_Item(item.envelope))

    def _until_next_due(self) -> float:
        """Return the seconds until a delay queue releases a message; infinite when all are empty."""
        heads = (queue.items[0].due for queue in self._delaying() if queue.items)
        return max(0.0, min(heads, default=float("inf")) - time.monotonic())

    def _delaying(self) -> Iterator[_Queue]:
        return (queue for queue in self._queues.values() if queue.after)


class MemoryDelivery:
    """One message handed out by a `MemoryBus`; unsettled until it is acked or given back."""

    def __init__(self, bus: MemoryBus, queue: str, item: _Item) -> None:
        self._bus = bus
        self.queue = queue
        self.item = item
        self.envelope = item.envelope
        self.redelivered = item.redelivered
        self.unsettled = True

    def ack(self) -> None:
        """Discard the message, unless it was handed to somebody else meanwhile."""
        self.settle()
        self._bus.wake()

    def settle(self) -> bool:
        """End this delivery; return whether it was unsettled."""
        was, self.unsettled = self.unsettled, False
        return was


class MemoryConsumer:
    """A subscription that holds at most one unacked message."""

    def __init__(self, bus: MemoryBus, queue: str) -> None:
        self._bus = bus
        self._queue = queue
        self._held: MemoryDelivery | None = None
        self._paused = False

    def get(self, timeout: float) -> MemoryDelivery | None:
        """Return the next message, or None after *timeout* seconds without one."""
        if delivery := self._bus.take(self._queue, timeout, self._ready):
            self._held = delivery
        return delivery

    def pause(self) -> None:
        """Take no further message."""
        self._paused = True

    def resume(self) -> None:
        """Take messages again."""
        self._paused = False
        self._bus.wake()

    @property
    def paused(self) -> bool:
        """Whether it takes no messages now."""
        return self._paused

    def close(self) -> None:
        """End the subscription; what is unacked goes back to the head of the queue."""
        self._paused = True
        if self._held is not None:
            self._bus.give_back([self._held])

    def _ready(self) -> bool:
        return not self._paused and (self._held is None or not self._held.unsettled)

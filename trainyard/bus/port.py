"""What the rest of Trainyard knows of a message broker."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from trainyard.bus.envelope import Envelope


class Delivery(Protocol):
    """One message handed to a consumer; it is delivered again, to any consumer, until it is acked."""

    @property
    def envelope(self) -> Envelope:
        """The message as it travelled."""

    @property
    def redelivered(self) -> bool:
        """Whether the broker handed it out before."""

    def ack(self) -> None:
        """Acknowledge that this message was handled.

        On a lost connection this does nothing: the broker has already handed the message to somebody else.
        """


class Consumer(Protocol):
    """A subscription to one queue that holds at most one unacked message."""

    def get(self, timeout: float) -> Delivery | None:
        """Return the next message, or None after *timeout* seconds without one.

        Raises:
            BusClosedError: The bus was closed meanwhile.
        """

    def pause(self) -> None:
        """Take no further message, so that other consumers of the queue get them. Returns once the broker knows."""

    def resume(self) -> None:
        """Take messages again."""

    @property
    def paused(self) -> bool:
        """Whether it takes no messages now."""

    def close(self) -> None:
        """End the subscription; what is unacked is handed to somebody else."""


class Bus(Protocol):
    """A broker. Methods may be called from any thread."""

    def publish(self, envelope: Envelope) -> None:
        """Publish to the exchange by the envelope's key; return once the broker has confirmed it.

        An unavailable broker is waited for: the same message is published again until it is confirmed.

        Raises:
            UnroutableError: No queue takes this key.
            BusClosedError: The bus was closed meanwhile.
        """

    def send(self, envelope: Envelope, queue: str) -> None:
        """Put the message into this one queue, confirmed as in `publish`.

        Raises:
            UnroutableError: There is no such queue.
            BusClosedError: The bus was closed meanwhile.
        """

    def park(self, envelope: Envelope) -> None:
        """Put the message aside for a person, confirmed as in `publish`."""

    def consume(self, queue: str) -> Consumer:
        """Subscribe to *queue*. Reconnects on its own."""

    def browse(self, queue: str, limit: int = 1000) -> AbstractContextManager[Iterator[Delivery]]:
        """Look at what waits in *queue*; what is not acked within the context goes back."""

    def healthy(self) -> bool:
        """Return whether the broker answers at the moment."""

    def close(self) -> None:
        """Finish pending acks and publishes, then disconnect."""

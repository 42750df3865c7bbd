"""What is parked, and what a person can do about it: look, send it back, or drop it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from trainyard.bus.envelope import ATTEMPT, QUEUE, REASON, Envelope
from trainyard.bus.port import Bus, Delivery
from trainyard.topology import PARKED_QUEUE

UNKNOWN = "nobody said why"


@dataclass(frozen=True, slots=True)
class Parked:
    """One parked message.

    Attributes:
        id: Its message id, or a hash of its body where a person published it without one.
        type: The event's name.
        job: The job, where one is known.
        reason: Why it was parked.
        queue: Where it was; None when nobody said, then it goes back by its key.
        published: When it was published, in seconds since 1970, where known.
        attempts: How often handling it failed.
    """

    id: str
    type: str
    job: str | None
    reason: str
    queue: str | None
    published: int | None
    attempts: int
    body: bytes


def parked(bus: Bus) -> list[Parked]:
    """Return all that is parked, oldest first."""
    with bus.browse(PARKED_QUEUE) as waiting:
        return [describe(delivery.envelope) for delivery in waiting]


def replay(bus: Bus, wanted: Callable[[Parked], bool]) -> list[Parked]:
    """Send what is *wanted* back to the queue it came from, its attempts forgotten; return what was sent.

    It leaves the parking only after the broker has confirmed the copy.
    """
    with _matching(bus, wanted) as matches:
        done = []
        for item, delivery in matches:
            _send_back(bus, item, delivery.envelope)
            delivery.ack()
            done.append(item)
        return done


def drop(bus: Bus, wanted: Callable[[Parked], bool]) -> list[Parked]:
    """Throw away what is *wanted*; return what it was."""
    with _matching(bus, wanted) as matches:
        done = []
        for item, delivery in matches:
            delivery.ack()
            done.append(item)
        return done


def describe(envelope: Envelope) -> Parked:
    """Say what a parked message is."""
    queue = envelope.headers.get(QUEUE)
    return Parked(
        id=envelope.message_id or hashlib.sha256(envelope.body).hexdigest()[:12],
        type=envelope.name,
        job=envelope.correlation_id,
        reason=str(envelope.headers.get(REASON, UNKNOWN)),
        queue=str(queue) if queue else None,
        published=envelope.timestamp,
        attempts=envelope.attempt,
        body=envelope.body,
    )


@contextmanager
def _matching(bus: Bus, wanted: Callable[[Parked], bool]) -> Iterator[Iterator[tuple[Parked, Delivery]]]:
    """Yield what is parked now and wanted; what comes in meanwhile, such as what fails once more, is not looked at."""
    with bus.browse(PARKED_QUEUE) as waiting:
        now = [(describe(delivery.envelope), delivery) for delivery in waiting]
        yield (pair for pair in now if wanted(pair[0]))


def _send_back(bus: Bus, item: Parked, envelope: Envelope) -> None:
    kept = {name: value for name, value in envelope.headers.items() if name not in {ATTEMPT, REASON, QUEUE}}
    fresh = replace(envelope, headers=kept)
    if item.queue:
        bus.send(fresh, item.queue)
    else:
        bus.publish(fresh)

"""What is parked, and what a person can do about it: inspect, replay or drop it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from trainyard.bus.envelope import ATTEMPT, QUEUE, REASON, Envelope
from trainyard.bus.port import Bus
from trainyard.topology import PARKED_QUEUE

UNKNOWN = "unknown reason"


@dataclass(frozen=True, slots=True)
class Parked:
    """One parked message.

    Attributes:
        id: Its message id, or a hash of its body where a person published it without one.
        queue: The queue it was in; None where that is unknown, then it goes back by its key.
        published: Seconds since 1970, where known.
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
    return _remove(bus, wanted, partial(_send_back, bus))


def drop(bus: Bus, wanted: Callable[[Parked], bool]) -> list[Parked]:
    """Discard what is *wanted*; return what was discarded."""
    return _remove(bus, wanted, lambda *_: None)


def describe(envelope: Envelope) -> Parked:
    """Return what is known of a parked message."""
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


def _remove(bus: Bus, wanted: Callable[[Parked], bool], first: Callable[[Parked, Envelope], None]) -> list[Parked]:
    """Do something *first* with each wanted message, then ack it; what is parked meanwhile does not count."""
    with bus.browse(PARKED_QUEUE) as waiting:
        now = [(describe(delivery.envelope), delivery) for delivery in waiting]
        removed = []
        for item, delivery in now:
            if wanted(item):
                first(item, delivery.envelope)
                delivery.ack()
                removed.append(item)
        return removed


def _send_back(bus: Bus, item: Parked, envelope: Envelope) -> None:
    kept = {name: value for name, value in envelope.headers.items() if name not in {ATTEMPT, REASON, QUEUE}}
    fresh = replace(envelope, headers=kept)
    if item.queue:
        bus.send(fresh, item.queue)
    else:
        bus.publish(fresh)

"""An envelope as AMQP carries it, and back."""

import hashlib
import uuid
from typing import Any

from pika import BasicProperties
from pika.spec import PERSISTENT_DELIVERY_MODE

from trainyard.bus.envelope import QUEUE, REASON, Envelope, Header
from trainyard.messages import NAMESPACE

KEY = "trainyard-key"
"""The key a message was published with: a delay queue's dead-lettering replaces it by the queue's name."""

STAMP = "timestamp_in_ms"
"""When the broker took a message, by `message_interceptors.incoming.set_header_timestamp` in its settings."""

BROKERS = ("x-death", "x-delivery-count", "x-acquired-count", "x-first-death-", "x-last-death-", STAMP)
"""Headers that the broker adds; they are not passed on."""


def properties(envelope: Envelope) -> BasicProperties:
    """Return the AMQP properties of *envelope*, persistent."""
    return BasicProperties(
        content_type="application/json",
        delivery_mode=PERSISTENT_DELIVERY_MODE,
        message_id=envelope.message_id,
        type=envelope.type,
        correlation_id=envelope.correlation_id,
        app_id=envelope.app_id,
        timestamp=envelope.timestamp,
        headers={**envelope.headers, KEY: envelope.key},
    )


def envelope(routing_key: str, received: BasicProperties, body: bytes) -> Envelope:
    """Return what arrived with *routing_key*."""
    headers = dict(received.headers or {})
    return Envelope(
        key=str(headers.pop(KEY, None) or routing_key),
        body=body,
        message_id=received.message_id or _id_by_stamp(routing_key, headers.get(STAMP), body),
        type=received.type,
        correlation_id=received.correlation_id,
        app_id=received.app_id,
        timestamp=received.timestamp,
        headers={**_plain(headers), **_last_death(headers)},
    )


def _id_by_stamp(routing_key: str, stamp: object, body: bytes) -> str | None:
    """Return an id for a message that a person published without one: the same at each delivery."""
    if stamp is None:
        return None
    return str(uuid.uuid5(NAMESPACE, f"{stamp}/{routing_key}/{hashlib.sha256(body).hexdigest()}"))


def _plain(headers: dict[str, Any]) -> dict[str, Header]:
    """Return the headers that we or a person have set."""
    return {
        name: value for name, value in headers.items() if isinstance(value, str | int) and not name.startswith(BROKERS)
    }


def _last_death(headers: dict[str, Any]) -> dict[str, Header]:
    """Return our headers for a message that the broker itself parked: which queue it was in, and why."""
    deaths = [death for death in headers.get("x-death") or () if isinstance(death, dict)]
    limit = next((death for death in deaths if death.get("reason") == "delivery_limit"), None)
    if limit is None or QUEUE in headers:
        return {}
    reason = "its consumer was repeatedly lost while it handled this message (the broker's delivery limit)"
    return {QUEUE: str(limit.get("queue", "")), REASON: reason}

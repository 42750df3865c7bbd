"""A message as it travels: bytes with a key, an id and headers; and the way there from a model and back."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter, ValidationError

from trainyard.errors import InvalidMessageError
from trainyard.messages import BY_KEY, CodeReady, CodeSubmitted, Message

VERSION = "trainyard-version"
ATTEMPT = "trainyard-attempt"
REASON = "trainyard-reason"
QUEUE = "trainyard-queue"
TRACE = "traceparent"

Header = str | int

_OBJECT = TypeAdapter(dict[str, object])


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message as it travels.

    Attributes:
        key: The routing key it was published with.
        body: JSON in UTF-8.
        type: The event's name; the key stands in where a person published by hand.
        correlation_id: The job, where one is known.
        app_id: The service that published it.
        timestamp: Whole seconds since 1970.
    """

    key: str
    body: bytes
    message_id: str | None = None
    type: str | None = None
    correlation_id: str | None = None
    app_id: str | None = None
    timestamp: int | None = None
    headers: Mapping[str, Header] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The event's name."""
        return self.type or self.key

    @property
    def attempt(self) -> int:
        """How often handling it has failed so far."""
        value = self.headers.get(ATTEMPT, 0)
        return value if isinstance(value, int) else 0

    def with_headers(self, further: Mapping[str, Header]) -> Envelope:
        """Return a copy with *further* headers."""
        return replace(self, headers={**self.headers, **further})


def encode(message: Message, *, app: str, traceparent: str | None = None) -> Envelope:
    """Put *message* into an envelope from the service *app*, in the trace of *traceparent*."""
    headers: dict[str, Header] = {VERSION: message.version}
    if traceparent:
        headers[TRACE] = traceparent
    return Envelope(
        key=message.key,
        body=message.model_dump_json().encode(),
        message_id=message.message_id,
        type=message.key,
        correlation_id=message.correlation(),
        app_id=app,
        timestamp=int(time.time()),
        headers=headers,
    )


def decode(envelope: Envelope) -> Message:
    """Read the message in *envelope*.

    A `code.ready` that names no bundle was published by hand and reads as `CodeSubmitted`.

    Raises:
        InvalidMessageError: Not JSON, an unknown type or version, or an invalid field; says which.
    """
    model = BY_KEY.get(envelope.name)
    if model is None:
        raise InvalidMessageError(f"{envelope.name!r} is not a message type of this version of Trainyard")
    version = envelope.headers.get(VERSION, model.version)
    if version != model.version:
        raise InvalidMessageError(f"{envelope.name} has version {version}; this Trainyard reads {model.version}")
    try:
        body = _OBJECT.validate_json(envelope.body)
        if model is CodeReady and "bundle" not in body:
            model = CodeSubmitted
        if model is CodeSubmitted:
            body.setdefault("submission", envelope.message_id or str(uuid.uuid4()))
        return model.model_validate(body)
    except ValidationError as error:
        raise InvalidMessageError(f"{envelope.name} is invalid: {_in_words(error)}") from error


def _in_words(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, item['loc'])) or 'the body'}: {item['msg']}" for item in error.errors(include_url=False)
    )

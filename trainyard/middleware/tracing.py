"""Pass a W3C trace context on: what a handler publishes belongs to the trace of what it was given.

The format is https://www.w3.org/TR/trace-context/: version, trace id, parent id, flags.
"""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar

from trainyard.bus.envelope import TRACE
from trainyard.bus.port import Delivery
from trainyard.middleware.step import Ending, Step

_current: ContextVar[str | None] = ContextVar("traceparent", default=None)
_FORMAT = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


def child_of(parent: str | None) -> str:
    """Return a new span in the trace of *parent*, or in a new trace when there is none or it is malformed."""
    known = _FORMAT.fullmatch(parent or "")
    trace = known.group(1) if known else secrets.token_hex(16)
    return f"00-{trace}-{secrets.token_hex(8)}-01"


def current() -> str:
    """Return the trace context for what is published now."""
    return child_of(_current.get())


def tracing(step: Step) -> Step:
    """Wrap *step* so that what it publishes is in the delivery's trace."""

    def traced(delivery: Delivery) -> Ending:
        header = delivery.envelope.headers.get(TRACE)
        token = _current.set(child_of(header if isinstance(header, str) else None))
        try:
            return step(delivery)
        finally:
            _current.reset(token)

    return traced

"""The trace that a message belongs to, by its `traceparent` header; it is logged, and passed on with what is published.

The format is https://www.w3.org/TR/trace-context/: version, trace id, parent id, flags.
"""

import re
import secrets

import structlog

from trainyard.bus.envelope import TRACE, Envelope

_FORMAT = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


def trace_id(envelope: Envelope) -> str:
    """Return the id of a message's trace; a new one where its header is missing or malformed."""
    known = _FORMAT.fullmatch(str(envelope.headers.get(TRACE)))
    return known.group(1) if known else secrets.token_hex(16)


def traceparent() -> str:
    """Return the header of what is published now: a new span in the trace that is bound for the log."""
    trace = structlog.contextvars.get_contextvars().get("trace_id") or secrets.token_hex(16)
    return f"00-{trace}-{secrets.token_hex(8)}-01"

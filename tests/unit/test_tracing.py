"""What a handler logs and publishes belongs to the trace of its message."""

import re

import pytest
import structlog

from trainyard.bus.envelope import TRACE, Envelope
from trainyard.middleware.tracing import trace_id, traceparent

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE_ID}-b7ad6b7169203331-01"


class TestTraceContext:
    def test_is_read_from_the_header(self) -> None:
        """It is the same in the logs of all services."""
        assert trace_id(Envelope(key="code.ready", body=b"", headers={TRACE: PARENT})) == TRACE_ID

    @pytest.mark.parametrize("header", [None, "", "nonsense", "00-xyz-b7ad6b7169203331-01"])
    def test_starts_anew_where_the_header_is_missing_or_malformed(self, header: str | None) -> None:
        """A person who publishes by hand sends none."""
        envelope = Envelope(key="code.ready", body=b"", headers={TRACE: header} if header is not None else {})

        assert re.fullmatch(r"[0-9a-f]{32}", trace_id(envelope))

    def test_is_passed_on_with_a_span_of_its_own(self) -> None:
        """The trace id is kept, the span id is new; outside a message, all is new."""
        with structlog.contextvars.bound_contextvars(trace_id=TRACE_ID):
            first, second = traceparent(), traceparent()

        assert first.split("-")[1] == second.split("-")[1] == TRACE_ID
        assert first.split("-")[2] != second.split("-")[2]
        assert traceparent().split("-")[1] != TRACE_ID

"""What a handler publishes belongs to the trace of what it was given."""

from __future__ import annotations

import re

import pytest

from trainyard.middleware.tracing import child_of

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class TestTraceContext:
    def test_a_child_stays_in_its_parents_trace_with_a_span_of_its_own(self) -> None:
        """The trace id is kept, the span id is new."""
        child = child_of(PARENT)

        assert child.split("-")[1] == PARENT.split("-")[1]
        assert child.split("-")[2] != PARENT.split("-")[2]

    @pytest.mark.parametrize("header", [None, "", "nonsense", "00-xyz-b7ad6b7169203331-01"])
    def test_a_missing_or_malformed_parent_starts_a_new_trace(self, header: str | None) -> None:
        """A person who publishes by hand sends none."""
        assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", child_of(header))

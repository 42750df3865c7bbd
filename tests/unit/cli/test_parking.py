"""Parked messages: found by how their ids begin, shown with their reason."""

import io
from typing import Any

import pytest
from rich.console import Console, RenderableType

from trainyard.bus.parking import Parked
from trainyard_cli.commands.parked import find_parked
from trainyard_cli.errors import UsageError
from trainyard_cli.view.operations import parked_message, parked_table


def a_parked(id_: str = "4f1c-1", **more: Any) -> Parked:
    """A message that the fetcher could not read."""
    said: dict[str, Any] = {
        "type": "code.submitted",
        "job": None,
        "reason": "InvalidMessageError: code: Field required [missing]",
        "queue": "trainyard.fetcher",
        "published": 1_700_000_000,
        "attempts": 0,
        "body": b'{"url": "x"}',
    }
    return Parked(id=id_, **{**said, **more})


def text(renderable: RenderableType) -> str:
    """Return what a wide terminal shows."""
    file = io.StringIO()
    Console(file=file, width=200, color_system=None).print(renderable)
    return file.getvalue()


class TestFindParked:
    def test_takes_a_unique_beginning(self) -> None:
        """Copies of one message, parked twice, are one."""
        items = [a_parked("4f1c-1"), a_parked("4f1c-1"), a_parked("9abc-2")]

        assert find_parked(items, "4f").id == "4f1c-1"

    def test_refuses_an_ambiguous_beginning(self) -> None:
        """Nothing is replayed or dropped by accident."""
        with pytest.raises(UsageError, match="2 parked messages have an id that begins with '4'"):
            find_parked([a_parked("4f1c-1"), a_parked("4abc-2")], "4")

    def test_refuses_an_unknown_one(self) -> None:
        """Where to look is said."""
        with pytest.raises(UsageError, match="trainyard parked list"):
            find_parked([], "4")


class TestViews:
    def test_table_gives_the_reason(self) -> None:
        """What a person needs to mend it is in the list already; brackets are text, not markup."""
        shown = text(parked_table([a_parked()]))

        assert "InvalidMessageError: code: Field required [missing]" in shown
        assert "trainyard.fetcher" in shown

    def test_whole_shows_the_body(self) -> None:
        """JSON is indented, anything else is shown as it is."""
        assert '{\n  "url": "x"\n}' in text(parked_message(a_parked()))
        assert "not json" in text(parked_message(a_parked(body=b"not json")))

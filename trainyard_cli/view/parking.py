"""What parked messages look like."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from trainyard.bus.parking import Parked

SHORT = 8


def table(items: Sequence[Parked]) -> RenderableType:
    """Draw a line for each message, its id shortened as far as commands take it."""
    drawn = Table(box=box.ROUNDED, border_style="dim", header_style="bold")
    for column in ("ID", "Message", "Job", "Queue", "Published", "Reason"):
        drawn.add_column(column, no_wrap=column in {"ID", "Message"}, overflow="fold")
    for item in items:
        cells = (item.type, item.job or "", item.queue or "", _when(item), item.reason)
        drawn.add_row(Text(item.id[:SHORT], "bold"), *map(Text, cells))
    return drawn


def line(item: Parked) -> Text:
    """Write a message in one line, for logs."""
    return Text(f"{item.id} {item.type} job={item.job or '-'} queue={item.queue or '-'}: {item.reason}")


def whole(item: Parked) -> RenderableType:
    """Write all about a message, its body as indented JSON where it is JSON."""
    rows = [
        ("ID", item.id),
        ("Message", item.type),
        ("Job", item.job or "not known"),
        ("Queue", item.queue or "not known; a replay goes by its key"),
        ("Published", _when(item) or "not known"),
        ("Attempts", str(item.attempts)),
        ("Reason", item.reason),
    ]
    lines = [Text.assemble((f"{name:<10}", "bold"), value) for name, value in rows]
    return Group(*lines, "", Text(_body(item.body)))


def _when(item: Parked) -> str:
    if item.published is None:
        return ""
    return datetime.fromtimestamp(item.published).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _body(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text

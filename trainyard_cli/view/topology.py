"""What the topology looks like beside what a broker has."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from trainyard.bus.provision import Row


def table(rows: Sequence[Row]) -> RenderableType:
    """Draw a line for each thing; what the broker has instead stands below what is wanted."""
    drawn = Table(box=box.ROUNDED, border_style="dim", header_style="bold")
    for column in ("", "Kind", "Name", "Wanted"):
        drawn.add_column(column, overflow="fold")
    for row in rows:
        drawn.add_row(_sign(row), row.kind, Text(row.name, "bold"), Text(_said(row, "\n")))
    return drawn


def line(row: Row) -> Text:
    """Write a thing in one line, for logs."""
    return Text(f"{_sign(row).plain} {row.kind} {row.name}: {_said(row, '; ')}")


def _sign(row: Row) -> Text:
    if row.ok:
        return Text("✓", "bold green")
    return Text("-", "bold yellow") if row.surplus else Text("✗", "bold red")


def _said(row: Row, separator: str) -> str:
    if row.ok:
        return row.wanted or ""
    if row.surplus:
        return f"not ours: {row.found}"
    return f"{row.wanted}{separator}found: {row.found or 'nothing'}"

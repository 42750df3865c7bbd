"""What an operator looks at: the doctor's findings, parked messages, the topology beside what a broker has."""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from trainyard.bus.parking import Parked
from trainyard.bus.provision import Row
from trainyard_cli.finding import Finding

SHORT_ID = 8


def findings_table(title: str, findings: Sequence[Finding]) -> RenderableType:
    """Draw one group of the doctor's findings, each problem followed by its remedy."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        text = Text(finding.text)
        remedy = "" if finding.ok else f"\n→ {finding.remedy}"
        table.add_row(_sign(finding.ok, finding.needed), Text(finding.name, "bold"), text.append(remedy, "cyan"))
    return Group(Text(title, "bold underline"), table, "")


def findings_lines(title: str, findings: Sequence[Finding]) -> str:
    """Write the same for a log: one line a finding."""
    lines = [
        f"{_sign(each.ok, each.needed).plain} {each.name}: {each.text}" + ("" if each.ok else f". → {each.remedy}")
        for each in findings
    ]
    return "\n".join([f"{title}:", *lines, ""])


def parked_table(items: Sequence[Parked]) -> RenderableType:
    """Draw a line for each parked message, its id shortened as far as commands accept it."""
    drawn = Table(box=box.ROUNDED, border_style="dim", header_style="bold")
    for column in ("ID", "Message", "Job", "Queue", "Published", "Reason"):
        drawn.add_column(column, no_wrap=column in {"ID", "Message"}, overflow="fold")
    for item in items:
        cells = (item.type, item.job or "", item.queue or "", _published(item), item.reason)
        drawn.add_row(Text(item.id[:SHORT_ID], "bold"), *map(Text, cells))
    return drawn


def parked_line(item: Parked) -> Text:
    """Write a parked message in one line, for logs."""
    return Text(f"{item.id} {item.type} job={item.job or '-'} queue={item.queue or '-'}: {item.reason}")


def parked_message(item: Parked) -> RenderableType:
    """Write all about a parked message, its body as indented JSON where it is JSON."""
    rows = [
        ("ID", item.id),
        ("Message", item.type),
        ("Job", item.job or "unknown"),
        ("Queue", item.queue or "unknown; a replay is routed by its key"),
        ("Published", _published(item) or "unknown"),
        ("Attempts", str(item.attempts)),
        ("Reason", item.reason),
    ]
    lines = [Text.assemble((f"{name:<10}", "bold"), value) for name, value in rows]
    body = item.body.decode("utf-8", "replace")
    with suppress(ValueError):
        body = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    return Group(*lines, "", Text(body))


def topology_table(rows: Sequence[Row]) -> RenderableType:
    """Draw a line for each part of the topology; what the broker has instead stands below what is wanted."""
    drawn = Table(box=box.ROUNDED, border_style="dim", header_style="bold")
    for column in ("", "Kind", "Name", "Wanted"):
        drawn.add_column(column, overflow="fold")
    for row in rows:
        drawn.add_row(_sign(row.ok, not row.surplus), row.kind, Text(row.name, "bold"), Text(_state(row, "\n")))
    return drawn


def topology_line(row: Row) -> Text:
    """Write a part of the topology in one line, for logs."""
    return Text(f"{_sign(row.ok, not row.surplus).plain} {row.kind} {row.name}: {_state(row, '; ')}")


def _sign(ok: bool, needed: bool) -> Text:  # noqa: FBT001
    if ok:
        return Text("✓", "bold green")
    return Text("✗", "bold red") if needed else Text("-", "bold yellow")


def _published(item: Parked) -> str:
    if item.published is None:
        return ""
    return datetime.fromtimestamp(item.published).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _state(row: Row, separator: str) -> str:
    if row.ok:
        return row.wanted or ""
    if row.surplus:
        return f"not ours: {row.found}"
    return f"{row.wanted}{separator}found: {row.found or 'nothing'}"

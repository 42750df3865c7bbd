"""What the doctor found, as two groups: what runs here, and what runs elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from trainyard_cli.checks.finding import Finding


def group(title: str, findings: Sequence[Finding]) -> RenderableType:
    """Draw one group of findings; what is not well is followed by its remedy."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        table.add_row(_sign(finding), Text(finding.name, "bold"), _said(finding))
    return Group(Text(title, "bold underline"), table, "")


def lines(title: str, findings: Sequence[Finding]) -> str:
    """Write the same for a log: one line a finding."""
    said = [f"{_sign(each).plain} {each.name}: {_said(each).plain.replace(chr(10), '. ')}" for each in findings]
    return "\n".join([f"{title}:", *said, ""])


def _sign(finding: Finding) -> Text:
    if finding.well:
        return Text("✓", "bold green")
    return Text("✗", "bold red") if finding.needed else Text("-", "bold yellow")


def _said(finding: Finding) -> Text:
    text = Text(finding.said)
    return text if finding.well else text.append(f"\n→ {finding.remedy}", "cyan")

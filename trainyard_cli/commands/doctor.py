"""`trainyard doctor`: look whether everything is there."""

from __future__ import annotations

from typing import Annotated

import typer

from trainyard_cli.choices import Needs


def doctor(
    needs: Annotated[
        Needs, typer.Option("--for", help="What is to work: `trainyard run`, the stack, or both.")
    ] = Needs.all,
) -> int:
    """Look at everything that Trainyard needs, and say what helps; the status is 1 if something needed is missing.

    Example: trainyard doctor --for run
    """
    from trainyard_cli.checks import look
    from trainyard_cli.console import output, say
    from trainyard_cli.settings import read_settings
    from trainyard_cli.view import checkup

    console = output()
    settings = read_settings()
    groups = []
    if needs is not Needs.compose:
        groups.append(("trainyard run, in one process", look.embedded(settings)))
    if needs is not Needs.run:
        groups.append(("docker compose up, the stack", look.stack(settings)))
    for title, findings in groups:
        drawn = checkup.group(title, findings) if console.is_terminal else checkup.lines(title, findings)
        say(console, drawn)
    return int(any(finding.needed and not finding.well for _, findings in groups for finding in findings))

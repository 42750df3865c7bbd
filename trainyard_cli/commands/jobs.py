"""`trainyard jobs`: every job and where it is."""

from __future__ import annotations

from typing import Annotated

import typer


def jobs(
    job: Annotated[str | None, typer.Argument(metavar="[JOB]", help="A job, or how its name begins.")] = None,
    *,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="The most jobs to show.")] = 20,
) -> None:
    """Show the latest jobs and where each of them is, or one of them with its trials.

    Example: trainyard jobs -n 5
    """
    from trainyard_cli.console import output, say
    from trainyard_cli.jobs import resolve
    from trainyard_cli.remote.evaluator import RemoteJobs
    from trainyard_cli.settings import read_settings
    from trainyard_cli.view import lines, table

    console, known = output(), RemoteJobs(read_settings().evaluator_url)
    one = known.get(resolve(known, job)) if job else None
    if one:
        for part in [table.trials(one, width=console.width)] if console.is_terminal else lines.whole(one):
            say(console, part)
        return
    recent = known.recent()[:limit]
    if not recent:
        say(console, "There is no job yet; `trainyard submit PATH` starts one.")
    for shown in [table.jobs(recent)] if recent and console.is_terminal else map(lines.summary, recent):
        say(console, shown)

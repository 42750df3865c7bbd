"""`trainyard logs`: what a job's training prints."""

from __future__ import annotations

from typing import Annotated

import typer


def logs(
    job: Annotated[str, typer.Argument(metavar="JOB", help="A job, or how its name begins.")],
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the job has ended.")] = False,
) -> None:
    """Show what the newest run of a job printed: the last 200 lines, and with -f what comes.

    Example: trainyard logs wines-3f -f
    """
    from rich.text import Text

    from trainyard_cli import printed
    from trainyard_cli.console import output
    from trainyard_cli.jobs import resolve
    from trainyard_cli.remote.evaluator import RemoteJobs
    from trainyard_cli.settings import read_settings
    from trainyard_cli.view.job import Log

    jobs, console = RemoteJobs(read_settings().evaluator_url), output()
    name = resolve(jobs, job)
    for line in printed.follow(jobs, name) if follow else printed.news(Log(), jobs.log(name) or Log()):
        console.print(Text(line), soft_wrap=True)
        console.file.flush()

"""`trainyard cancel`: end a job before its time."""

from __future__ import annotations

from typing import Annotated

import typer


def cancel(job: Annotated[str, typer.Argument(metavar="JOB", help="A job, or how its name begins.")]) -> None:
    """End a job; what trains for it is stopped, and its best model so far is kept.

    Example: trainyard cancel wines-3f
    """
    from trainyard.messages import CancelRequested
    from trainyard_cli.console import output, say
    from trainyard_cli.errors import UsageError
    from trainyard_cli.jobs import resolve
    from trainyard_cli.people import whoami
    from trainyard_cli.remote.broker import publish
    from trainyard_cli.remote.evaluator import RemoteJobs
    from trainyard_cli.settings import read_settings

    settings = read_settings()
    jobs = RemoteJobs(settings.evaluator_url)
    name = resolve(jobs, job)
    known = jobs.get(name)
    if known and known.outcome:
        raise UsageError(f"{name} has ended already ({known.outcome})", remedy=f"`trainyard watch {name}` shows how.")
    publish(CancelRequested(job=name, by=whoami()), settings.broker_url)
    say(output(), f"{name} is being cancelled; `trainyard watch {name}` shows its end.")

"""`trainyard watch`: follow one job to its end."""

from __future__ import annotations

from typing import Annotated

import typer


def watch(job: Annotated[str, typer.Argument(metavar="JOB", help="A job, or how its name begins.")]) -> int:
    """Follow a job to its end; the status is 0 if it passed, 1 if not.

    Ctrl-C ends the watching, not the job.

    Example: trainyard watch wines-3f
    """
    from trainyard_cli.console import output
    from trainyard_cli.jobs import resolve
    from trainyard_cli.remote.evaluator import RemoteJobs
    from trainyard_cli.remote.watching import watch_job
    from trainyard_cli.settings import read_settings

    jobs = RemoteJobs(read_settings().evaluator_url)
    return watch_job(jobs, resolve(jobs, job), output())

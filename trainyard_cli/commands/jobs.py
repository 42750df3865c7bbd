"""Commands about jobs that were submitted: `jobs`, `watch`, `logs`, `explain` and `cancel`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trainyard_cli.console import output, say, show, whoami
from trainyard_cli.errors import UsageError

if TYPE_CHECKING:
    from trainyard_cli.jobs import Jobs

Name = Annotated[str, typer.Argument(metavar="JOB", help="A job, or how its name begins.")]


def jobs(
    job: Annotated[str | None, typer.Argument(metavar="[JOB]", help="A job, or how its name begins.")] = None,
    *,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="The most jobs to show.")] = 20,
) -> None:
    """Show the latest jobs and their states, or one job with its trials.

    Example: trainyard jobs -n 5
    """
    from trainyard_cli.view import lines, table

    console = output()
    if job:
        known, name = _resolved(job)
        if one := known.get(name):
            return show(console, table.trials(one, width=console.width), lines.whole(one))
    recent = _jobs().recent()[:limit]
    if not recent:
        return say(console, "There are no jobs yet; `trainyard submit PATH` starts one.")
    return show(console, table.jobs(recent), map(lines.summary, recent))


def watch(job: Name) -> int:
    """Follow a job to its end; the status is 0 if it passed, 1 if not.

    Ctrl-C ends the watching, not the job.

    Example: trainyard watch wines-3f
    """
    from trainyard_cli.remote.watching import watch_job

    return watch_job(*_resolved(job), output())


def logs(
    job: Name,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Continue until the job has ended.")] = False,
) -> None:
    """Show what the newest run of a job printed: the last 200 lines, and with -f what follows.

    Example: trainyard logs wines-3f -f
    """
    from rich.text import Text

    from trainyard_cli import job_log
    from trainyard_cli.view.job import Log

    console, (known, name) = output(), _resolved(job)
    for line in job_log.follow(known, name) if follow else job_log.new_lines(Log(), known.log(name) or Log()):
        console.print(Text(line), soft_wrap=True)
        console.file.flush()


def explain(
    job: Annotated[str, typer.Argument(metavar="JOB", help="A job, how its name begins, or a job.json.")],
) -> None:
    """Explain what was wrong with each trial, what was changed to fix it, and what that gained.

    Jobs of `trainyard run` are found below .trainyard/jobs in the current folder, all others at the evaluator.

    Example: trainyard explain wines-3f
    """
    from trainyard_cli.saved_jobs import find
    from trainyard_cli.settings import read_settings
    from trainyard_cli.view.explanation import explanation

    console = output()
    for line in explanation(find(job, read_settings().evaluator_url)):
        console.print(line, soft_wrap=True)


def cancel(job: Name) -> None:
    """Cancel a job: its training is stopped, and its best model so far is kept.

    Example: trainyard cancel wines-3f
    """
    from trainyard.messages import CancelRequested
    from trainyard_cli.remote.broker import publish
    from trainyard_cli.settings import read_settings

    known, name = _resolved(job)
    one = known.get(name)
    if one and one.outcome:
        raise UsageError(
            f"{name} has already ended ({one.assurance or one.outcome})", remedy=f"`trainyard watch {name}` shows how."
        )
    publish(CancelRequested(job=name, by=whoami()), read_settings().broker_url)
    say(output(), f"{name} is being cancelled; `trainyard watch {name}` shows its end.")


def _resolved(prefix: str) -> tuple[Jobs, str]:
    """Return the evaluator's jobs, and the name of the one that begins with *prefix*."""
    from trainyard_cli.jobs import resolve

    known = _jobs()
    return known, resolve(known, prefix)


def _jobs() -> Jobs:
    from trainyard_cli.remote.http import remote_jobs
    from trainyard_cli.settings import read_settings

    return remote_jobs(read_settings().evaluator_url)

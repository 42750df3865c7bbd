"""Follow a job that runs elsewhere to its end, and say how it ended."""

from __future__ import annotations

from rich.console import Console

from trainyard_cli.console import say
from trainyard_cli.errors import CommandError
from trainyard_cli.jobs import follow
from trainyard_cli.remote.evaluator import RemoteJobs
from trainyard_cli.view.ending import Delivery, ending
from trainyard_cli.view.job import Job
from trainyard_cli.view.screen import screen


def watch_job(jobs: RemoteJobs, name: str, console: Console) -> int:
    """Show the job until it has ended, then its outcome; return the command's status.

    Raises:
        CommandError: The evaluator does not answer.
    """
    try:
        with screen(console) as shown:
            job = follow(jobs, name, shown)
    except KeyboardInterrupt as error:
        remedy = f"`trainyard watch {name}` goes on watching, `trainyard cancel {name}` ends it."
        raise InterruptedWatchError(f"{name} goes on without being watched", remedy=remedy) from error
    if job is None:
        return 1
    diff = jobs.patch(name) if job.delivered() else ""
    say(console, "")
    say(console, ending(job, diff, _delivery(job, jobs.patch_url(name) if diff else None), color=console.is_terminal))
    return 0 if job.outcome == "passed" else 1


class InterruptedWatchError(CommandError):
    """The person stopped watching; the job goes on."""

    status = 130


def _delivery(job: Job, patch: str | None) -> Delivery:
    """Name what the best trial left by its URL."""
    files = [file for file in job.files if file.trial == job.best_trial]
    return Delivery(
        patch=patch,
        models=[file.url for file in files if file.kind == "model"],
        others=[file.url for file in files if file.kind != "model"],
        apply=[f"curl -fsS {patch} | git apply", f"curl -fsS {patch} | patch -p1"] if patch else [],
    )

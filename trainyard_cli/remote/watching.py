"""Follow a job that runs elsewhere to its end, and show how it ended."""

from rich.console import Console

from trainyard_cli.console import say
from trainyard_cli.errors import INTERRUPTED, CommandError
from trainyard_cli.jobs import Jobs, follow
from trainyard_cli.view.ending import Delivery, ending
from trainyard_cli.view.job import Job
from trainyard_cli.view.screen import screen


def watch_job(jobs: Jobs, name: str, console: Console) -> int:
    """Show the job until it has ended, then its outcome; return the command's status.

    Raises:
        CommandError: The evaluator does not answer.
    """
    try:
        with screen(console) as live:
            job = follow(jobs, name, live)
    except KeyboardInterrupt as error:
        remedy = f"`trainyard watch {name}` follows it again, `trainyard cancel {name}` ends it."
        raise InterruptedWatchError(f"{name} continues without being watched", remedy=remedy) from error
    if job is None:
        return 1
    diff = jobs.patch(name) if job.delivered() else ""
    say(console, "")
    say(console, ending(job, diff, _delivery(job, jobs.patch_url(name) if diff else None), color=console.is_terminal))
    return 0 if job.outcome == "passed" else 1


class InterruptedWatchError(CommandError):
    """The person stopped watching; the job continues."""

    status = INTERRUPTED


def _delivery(job: Job, patch: str | None) -> Delivery:
    models, others = job.best_files(lambda file: file.url)
    apply = [f"curl -fsS {patch} | git apply", f"curl -fsS {patch} | patch -p1"] if patch else []
    return Delivery(patch, models, others, apply)

"""Submit code and find the job that it became."""

import time
from typing import Any

from rich.console import Console

from trainyard.messages import CodeSubmitted
from trainyard_cli.console import say
from trainyard_cli.errors import CommandError, UsageError
from trainyard_cli.jobs import POLL_SECONDS, Jobs
from trainyard_cli.remote.broker import publish, reach
from trainyard_cli.remote.http import remote_jobs, upload
from trainyard_cli.remote.watching import watch_job
from trainyard_cli.settings import CliSettings
from trainyard_cli.source import Source
from trainyard_cli.view.job import Job

PATIENCE_SECONDS = 300.0
"""How long a clone of a large repository may take before the job is known."""


def submit_code(
    source: Source,
    revision: str | None,
    policy: dict[str, Any],
    settings: CliSettings,
    console: Console,
    *,
    watch: bool,
) -> int:
    """Upload a folder, publish the submission, and with *watch* follow its job; return the command's status.

    Raises:
        CommandError: The broker, the fetcher or (to watch) the evaluator does not answer.
    """
    if source.folder and revision:
        raise UsageError("--revision is for git URLs", remedy="Leave it out: a folder is submitted as it is now.")
    reach(settings.broker_url)
    code = upload(source.folder, settings.fetcher_url) if source.folder else source.code
    message = CodeSubmitted(code=code, revision=revision, overrides=policy, title=source.title)
    publish(message, settings.broker_url)
    say(console, f"Submitted {source.title}.")
    if not watch:
        say(console, "`trainyard jobs` shows its state; `trainyard watch JOB` follows it.")
        return 0
    jobs = remote_jobs(settings.evaluator_url)
    return watch_job(jobs, find_job(jobs, message), console)


def find_job(jobs: Jobs, message: CodeSubmitted, *, patience: float = PATIENCE_SECONDS) -> str:
    """Return the job that a submission became or joined, once the evaluator knows it.

    A submission of code that is already in training joins its job, which keeps the first submission's name.

    Raises:
        CommandError: It is still unknown after *patience* seconds.
    """
    others: set[str] = set()
    limit = time.monotonic() + patience
    while time.monotonic() < limit:
        for summary in jobs.recent():
            job = None if summary.job in others else jobs.get(summary.job)
            if job and _is_of(job, message):
                return job.job
            others.add(summary.job)
        time.sleep(POLL_SECONDS)
    remedy = "`trainyard doctor` checks the services, `trainyard parked list` shows what they could not handle."
    raise CommandError(f"the submission did not become a job within {patience:g} s", remedy=remedy)


def _is_of(job: Job, message: CodeSubmitted) -> bool:
    origin = job.origin
    if origin is None:
        return False
    joined = (origin.code, origin.revision) == (message.code, message.revision) and job.outcome is None
    return joined or origin.submission == message.submission

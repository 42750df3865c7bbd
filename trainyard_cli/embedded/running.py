"""One embedded job from its submission to its delivery."""

import shutil
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from trainyard.messages import CancelRequested, CodeSubmitted
from trainyard_cli.choices import EngineChoice
from trainyard_cli.console import output, say, whoami
from trainyard_cli.embedded.assembling import EmbeddedRun, assemble, clean
from trainyard_cli.embedded.choice import choose
from trainyard_cli.embedded.delivering import deliver, shown
from trainyard_cli.embedded.home import Home
from trainyard_cli.embedded.threads import ServiceThreads
from trainyard_cli.engines import why_no_docker
from trainyard_cli.errors import INTERRUPTED
from trainyard_cli.jobs import POLL_SECONDS, follow
from trainyard_cli.settings import CliSettings
from trainyard_cli.source import Source
from trainyard_cli.view.ending import ending
from trainyard_cli.view.job import Job
from trainyard_cli.view.screen import Screen, screen

CANCEL_SECONDS = 10.0
"""How long a cancelled job may take to end cleanly."""

MAIL_SECONDS = 30.0
"""How long the command waits for the mail about its job."""


@dataclass(frozen=True, slots=True)
class Options:
    """The options of `trainyard run`.

    Attributes:
        policy: Settings that override the author's trainyard.toml.
        to: Where the results go; `.trainyard/jobs/<job>` when None.
    """

    policy: Mapping[str, Any] = field(default_factory=dict)
    engine: EngineChoice = EngineChoice.auto
    to: Path | None = None
    keep: bool = False


def run_embedded(source: Source, options: Options, settings: CliSettings) -> int:
    """Run one job in this process, show it, deliver its results, and return the command's status.

    Raises:
        CommandError: Something that the services need is missing, or one of them failed; names the log.
    """
    console = output()
    home = Home(Path.cwd())
    chosen = choose(options.engine, source.folder, options.policy, docker=lambda: why_no_docker(settings))
    say(console, f"trainyard {chosen.why}")
    with _interruptible(), home.logging(), home.session(partial(clean, settings=settings)) as session:
        run = assemble(session, chosen.engine, settings)
        return _run_job(source, options, home, session, run, console)


def _run_job(source: Source, options: Options, home: Home, session: Path, run: EmbeddedRun, console: Console) -> int:
    with ServiceThreads(run.bus, run.services, close=run.close, log=shown(home.log)) as threads:
        job, interrupted = _follow(source, options, run, threads, console)
        if job is None:
            return INTERRUPTED
        diff = run.jobs.patch(job.job) if job.delivered() else ""
        delivery = deliver(job, diff, options.to or home.path / "jobs" / job.job, source.folder)
        say(console, "")
        say(console, ending(job, diff, delivery, color=console.is_terminal))
        if run.mailed and not run.mailed.wait(MAIL_SECONDS):
            say(console, f"The mail was not sent within {MAIL_SECONDS:g} s; see {shown(home.log)}.")
    if options.keep:
        _keep(session, home.path / "kept" / job.job, console)
    return INTERRUPTED if interrupted else int(job.outcome != "passed")


def _follow(
    source: Source, options: Options, run: EmbeddedRun, threads: ServiceThreads, console: Console
) -> tuple[Job | None, bool]:
    """Submit the code and follow its job; return how it ended and whether the person interrupted it."""
    with screen(console) as live:
        try:
            threads.publish(CodeSubmitted(code=source.code, overrides=dict(options.policy), title=source.title))
            while not (known := run.jobs.recent()):
                threads.wait(POLL_SECONDS)
            return follow(run.jobs, known[0].job, live, wait=threads.wait), False
        except KeyboardInterrupt:
            return _cancel(run, threads, live), True


def _cancel(run: EmbeddedRun, threads: ServiceThreads, live: Screen) -> Job | None:
    """Cancel the job and wait a moment for its end; None when there is no job yet, or it does not end in time."""
    live.note("cancelling; press Ctrl-C again to stop at once")
    known = run.jobs.recent()
    if not known:
        return None
    name = known[0].job
    threads.publish(CancelRequested(job=name, by=whoami()))
    return follow(run.jobs, name, live, wait=threads.wait, until=time.monotonic() + CANCEL_SECONDS)


def _keep(session: Path, target: Path, console: Console) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(session, target, symlinks=True)
    say(console, f"Kept   {shown(target)}")


@contextmanager
def _interruptible() -> Iterator[None]:
    """Make signals end the job as Ctrl-C does, in the background too; what nohup ignores stays ignored."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    kept = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    numbers = (signal.SIGINT, signal.SIGTERM) if kept else (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

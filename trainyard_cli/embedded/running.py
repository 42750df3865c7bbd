"""One embedded job from its submission to its delivery."""

from __future__ import annotations

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
from trainyard_cli.console import output, say
from trainyard_cli.embedded.assembling import Assembled, assemble, clean
from trainyard_cli.embedded.choice import Chosen, choose
from trainyard_cli.embedded.delivering import deliver, shown
from trainyard_cli.embedded.home import Home
from trainyard_cli.embedded.logs import logging_to
from trainyard_cli.embedded.yard import Yard
from trainyard_cli.engines import why_no_docker
from trainyard_cli.errors import INTERRUPTED
from trainyard_cli.jobs import POLL_SECONDS, follow
from trainyard_cli.people import whoami
from trainyard_cli.settings import CliSettings
from trainyard_cli.source import Source
from trainyard_cli.view.ending import ending
from trainyard_cli.view.job import Job
from trainyard_cli.view.screen import Screen, screen

CANCEL_SECONDS = 10.0
"""How long a cancelled job may take to end in order."""


MAIL_SECONDS = 30.0
"""How long the command waits for the mail about its job."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person wants beyond the code itself.

    Attributes:
        policy: Settings that win over the author's trainyard.toml.
        to: Where the results go; `.trainyard/jobs/<job>` when None.
        keep: Keep the working folders.
    """

    policy: Mapping[str, Any] = field(default_factory=dict)
    engine: EngineChoice = EngineChoice.auto
    to: Path | None = None
    keep: bool = False


def run_embedded(source: Source, wishes: Wishes, settings: CliSettings) -> int:
    """Run one job in this process, show it, deliver what it leaves, and return the command's status.

    Raises:
        CommandError: Something that the services need is missing, or one of them broke; names the log.
    """
    console = output()
    home = Home(Path.cwd())
    chosen = choose(wishes.engine, source.folder, docker=lambda: why_no_docker(settings))
    say(console, f"trainyard {chosen.why}")
    with _interruptible(), logging_to(home.log), home.session(partial(clean, settings=settings)) as session:
        return _session(source, wishes, settings, home, session, chosen, console)


def _session(
    source: Source, wishes: Wishes, settings: CliSettings, home: Home, session: Path, chosen: Chosen, console: Console
) -> int:
    """Run one job in its own folder."""
    parts = assemble(session, chosen.engine, settings)
    with Yard(parts.bus, parts.services, close=parts.close, log=shown(home.log)) as yard:
        job, interrupted = _course(source, wishes, parts, yard, console)
        if job is None:
            return INTERRUPTED
        diff = parts.jobs.patch(job.job) if job.delivered() else ""
        delivery = deliver(job, diff, wishes.to or home.job(job.job), source.folder)
        say(console, "")
        say(console, ending(job, diff, delivery, color=console.is_terminal))
        if parts.mailed and not parts.mailed.wait(MAIL_SECONDS):
            say(console, f"The mail did not go out within {MAIL_SECONDS:g} s; {shown(home.log)} says more.")
    if wishes.keep:
        _keep(session, home.kept(job.job), console)
    if interrupted:
        return INTERRUPTED
    return 0 if job.outcome == "passed" else 1


def _course(source: Source, wishes: Wishes, parts: Assembled, yard: Yard, console: Console) -> tuple[Job | None, bool]:
    """Submit the code and follow its job; return how it ended and whether the person interrupted it."""
    with screen(console) as shows:
        try:
            yard.publish(CodeSubmitted(code=source.code, overrides=dict(wishes.policy), title=source.title))
            name = _name(parts, yard)
            return follow(parts.jobs, name, shows, wait=yard.wait), False
        except KeyboardInterrupt:
            return _cancel(parts, yard, shows), True


def _name(parts: Assembled, yard: Yard) -> str:
    """Return the name of the one job of this session, once the evaluator knows it."""
    while not (known := parts.jobs.recent()):
        yard.wait(POLL_SECONDS)
    return known[0].job


def _cancel(parts: Assembled, yard: Yard, shows: Screen) -> Job | None:
    """Cancel the job and wait a moment for its end; None when there is no job yet, or it does not end in time."""
    shows.note("cancelling; Ctrl-C once more ends at once")
    known = parts.jobs.recent()
    if not known:
        return None
    name = known[0].job
    yard.publish(CancelRequested(job=name, by=whoami()))
    return follow(parts.jobs, name, shows, wait=yard.wait, until=time.monotonic() + CANCEL_SECONDS)


def _keep(session: Path, target: Path, console: Console) -> None:
    """Move the working folders where the next run does not remove them."""
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(session, target, symlinks=True)
    say(console, f"Kept   {shown(target)}")


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let signals end the job as Ctrl-C does, in the background too; what nohup ignores stays ignored."""

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

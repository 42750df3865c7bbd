"""What a job's newest run printed, once or as it goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Protocol

from trainyard_cli.view.job import Job, Log

POLL_SECONDS = 1.0


class Logs(Protocol):
    """What the evaluator tells of a job's output."""

    def get(self, job: str) -> Job | None:
        """Return one job, or None when there is none of that name."""

    def log(self, job: str) -> Log | None:
        """Return what the newest run of a job printed, as far as that is kept, or None when there is no such job."""


def follow(logs: Logs, job: str, *, wait: Callable[[float], object] = time.sleep) -> Iterator[str]:
    """Yield each line as it is printed, until the job has ended; before each run's first one, which run it is.

    Between two looks *wait* is called with the seconds to wait.
    """
    seen = Log()
    while True:
        known = logs.get(job)
        over = known is None or known.outcome is not None  # asked first, so that the last lines are not missed
        log = logs.log(job)
        if log is not None and log.log:
            yield from news(seen, log, over=over)
            seen = log
        if over:
            return
        wait(POLL_SECONDS)


def news(seen: Log, log: Log, *, over: bool = True) -> list[str]:
    """Return the lines of *log* that *seen* does not have; one that has not ended only when all is *over*."""
    same_run = (seen.trial, seen.run) == (log.trial, log.run) and log.lines >= seen.lines
    heading = [] if same_run or not log.log else [f"trial {log.trial}, run {log.run}:"]
    whole, _, unended = log.log.rpartition("\n")
    lines = whole.split("\n") if whole else []
    new = log.lines - (seen.lines if same_run else 0)
    gap = [f"[{new - len(lines)} lines left out]"] if new > len(lines) else []
    return [*heading, *gap, *lines[max(0, len(lines) - new) :], *([unended] if over and unended else [])]

"""What a job's newest run printed, once or as it continues."""

import time
from collections.abc import Callable, Iterator

from trainyard_cli.jobs import Jobs
from trainyard_cli.view.job import Log

POLL_SECONDS = 1.0


def follow(jobs: Jobs, job: str, *, wait: Callable[[float], object] = time.sleep) -> Iterator[str]:
    """Yield each line as it is printed, until the job has ended; before the first line of a run, which run it is.

    Between two polls *wait* is called with the seconds to wait.
    """
    before = Log()
    while True:
        known = jobs.get(job)
        over = known is None or known.outcome is not None  # asked first, so that the last lines are not missed
        log = jobs.log(job)
        if log is not None and log.log:
            yield from new_lines(before, log, over=over)
            before = log
        if over:
            return
        wait(POLL_SECONDS)


def new_lines(before: Log, log: Log, *, over: bool = True) -> list[str]:
    """Return the lines of *log* that *before* does not have; an unfinished last line only when all is *over*."""
    complete, _, unfinished = log.log.rpartition("\n")
    lines, new, heading = complete.split("\n") if complete else [], log.lines, []
    if (before.trial, before.run) == (log.trial, log.run) and log.lines >= before.lines:
        new -= before.lines
    elif log.log:
        heading = [f"trial {log.trial}, run {log.run}:"]
    gap = [f"[{new - len(lines)} lines omitted]"] if new > len(lines) else []
    return [*heading, *gap, *lines[max(0, len(lines) - new) :], *([unfinished] if over and unfinished else [])]

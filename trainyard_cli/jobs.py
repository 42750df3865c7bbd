"""Jobs, wherever the evaluator runs: over HTTP, or in this process."""

from __future__ import annotations

import difflib
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from trainyard_cli.errors import UsageError
from trainyard_cli.view.job import Job, JobSummary
from trainyard_cli.view.screen import Screen

POLL_SECONDS = 0.3


class Jobs(Protocol):
    """What the evaluator tells of jobs."""

    def recent(self) -> list[JobSummary]:
        """Return the jobs that are known, the latest first."""

    def get(self, job: str) -> Job | None:
        """Return one job, or None when there is none of that name."""

    def patch(self, job: str) -> str:
        """Return the diff of the best trial against the author's code; "" where nothing was changed."""


def resolve(jobs: Jobs, prefix: str) -> str:
    """Return the one job whose id starts with *prefix*.

    Raises:
        UsageError: None or several do; names those that are near.
    """
    known = [summary.job for summary in jobs.recent()]
    matching = [name for name in known if name.startswith(prefix)]
    if prefix in known or len(matching) == 1:
        return prefix if prefix in known else matching[0]
    if matching:
        raise UsageError(f"{prefix!r} could be {_listed(matching)}", remedy="Give more of the name.")
    near = difflib.get_close_matches(prefix, known, n=3, cutoff=0.4) or known[:3]
    remedy = f"Did you mean {_listed(near)}?" if near else "There is no job yet; `trainyard submit` starts one."
    raise UsageError(f"there is no job {prefix!r}", remedy=remedy)


def follow(
    jobs: Jobs, job: str, screen: Screen, *, wait: Callable[[float], object] = time.sleep, until: float | None = None
) -> Job | None:
    """Show *job* until it has ended, and return it; None when *until* (a time.monotonic) came first.

    Between two looks *wait* is called with the seconds to wait; what it raises ends the following.
    """
    while until is None or time.monotonic() < until:
        known = jobs.get(job)
        if known:
            screen.show(known)
            if known.outcome:
                return known
        wait(POLL_SECONDS)
    return None


def _listed(names: Sequence[str]) -> str:
    """Write names as "a, b or c"."""
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]

"""The jobs of an evaluator, whether it is reached over HTTP or runs in this process."""

import difflib
import http
import time
from collections.abc import Callable, Sequence
from typing import NoReturn, TypeVar
from urllib.parse import quote

from pydantic import TypeAdapter, ValidationError

from trainyard.pages import Page, Request
from trainyard_cli.errors import CommandError, UsageError
from trainyard_cli.view.job import Job, JobSummary, Log
from trainyard_cli.view.screen import Screen

T = TypeVar("T")

POLL_SECONDS = 0.3
SETTING = "TRAINYARD_EVALUATOR_URL"

_SUMMARIES = TypeAdapter(list[JobSummary])
_JOB = TypeAdapter(Job)
_LOG = TypeAdapter(Log)


class Jobs:
    """The jobs of an evaluator at *url* ("" for one in this process), whose pages *read* returns if they exist.

    Every method raises CommandError when what answers is not an evaluator of this version.
    """

    def __init__(self, read: Callable[[str], bytes | None], url: str = "") -> None:
        self._read = read
        self._url = url

    def recent(self) -> list[JobSummary]:
        """Return the known jobs, the latest first."""
        known = self._parsed(_SUMMARIES, "/jobs")
        if known is None:
            raise self._incompatible("it has no jobs")
        return known

    def get(self, job: str) -> Job | None:
        """Return one job, or None when there is none of that name."""
        return self._parsed(_JOB, f"/jobs/{quote(job)}")

    def log(self, job: str) -> Log | None:
        """Return what the newest run of a job printed, as far as that is kept, or None when there is no such job."""
        return self._parsed(_LOG, f"/jobs/{quote(job)}/log")

    def patch(self, job: str) -> str:
        """Return the diff of the best trial against the author's code; "" where nothing was changed."""
        return (self._read(f"/jobs/{quote(job)}/patch") or b"").decode()

    def patch_url(self, job: str) -> str:
        """Return where the patch can be downloaded."""
        return f"{self._url}/jobs/{quote(job)}/patch"

    def _parsed(self, model: TypeAdapter[T], path: str) -> T | None:
        body = self._read(path)
        try:
            return None if body is None else model.validate_json(body)
        except ValidationError as error:
            raise self._incompatible(error.errors()[0]["msg"]) from error

    def _incompatible(self, why: str) -> CommandError:
        return CommandError(
            f"what answers at {self._url} is not an evaluator of this version: {why}",
            remedy=f"Point {SETTING} at the evaluator, or use the same version of Trainyard there and here.",
        )


def local_jobs(page: Page) -> Jobs:
    """Return the jobs of an evaluator in this process, by its page `/jobs`."""

    def read(path: str) -> bytes | None:
        response = page(Request("GET", path.removeprefix("/jobs").strip("/"), b"", {}))
        return response.body if response.status == http.HTTPStatus.OK else None

    return Jobs(read)


def resolve(jobs: Jobs, prefix: str) -> str:
    """Return the one job whose id starts with *prefix*.

    Raises:
        UsageError: None or several do; names similar ones.
    """
    known = [summary.job for summary in jobs.recent()]
    matching = [name for name in known if name.startswith(prefix)]
    if prefix in known:
        return prefix
    if len(matching) > 1:
        raise UsageError(f"{prefix!r} could be {_listed(matching)}", remedy="Give more of the name.")
    return matching[0] if matching else _unknown(prefix, known)


def _unknown(prefix: str, known: Sequence[str]) -> NoReturn:
    """Raise a UsageError that names jobs like *prefix*."""
    near = difflib.get_close_matches(prefix, known, n=3, cutoff=0.4) or known[:3]
    remedy = f"Did you mean {_listed(near)}?" if near else "There are no jobs yet; `trainyard submit` starts one."
    raise UsageError(f"there is no job {prefix!r}", remedy=remedy)


def follow(
    jobs: Jobs, job: str, screen: Screen, *, wait: Callable[[float], object] = time.sleep, until: float | None = None
) -> Job | None:
    """Show *job* until it has ended, and return it; None when *until* (a time.monotonic) came first.

    Between two polls *wait* is called with the seconds to wait; what it raises ends the following.
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

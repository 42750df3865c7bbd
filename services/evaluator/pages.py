"""The evaluator's read-only pages: `/jobs` and those below it."""

import mimetypes
import re
from collections.abc import Callable
from typing import TypeVar

from services.evaluator import domain, jobs
from services.evaluator.ports import Ledger
from trainyard.diff import commits
from trainyard.errors import PermanentError, TransientError
from trainyard.pages import Page, Request, Response, as_json
from trainyard.storage import Storage

T = TypeVar("T")

FILE = re.compile(r"t(?P<trial>[1-9][0-9]*)/(?P<name>.+)")


class NotFoundError(Exception):
    """There is no such page, job or file."""


def jobs_page(ledger: Ledger, storage: Storage, *, public_url: str, now: Callable[[], float]) -> Page:
    """Return the page of all jobs."""

    def page(request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            return as_json({"error": "jobs are read-only here", "remedy": "use `trainyard submit` or `cancel`"}, 405)
        job, _, rest = request.rest.partition("/")
        try:
            if not job:
                return as_json(jobs.list_jobs(ledger, now=now))
            if not rest:
                return as_json(_found(jobs.show(ledger, job, public_url=public_url, now=now), job))
            return _below(ledger, storage, job, rest)
        except (NotFoundError, PermanentError) as error:
            return as_json({"error": str(error), "remedy": "GET /jobs lists the jobs, GET /jobs/<job> its files"}, 404)
        except TransientError as error:
            return as_json({"error": str(error), "remedy": "try again in a moment"}, 503)

    return page


def _patch(ledger: Ledger, storage: Storage, job: str) -> str:
    known = _found(ledger.find(job), job)
    chosen = domain.delivered(known)
    if chosen is None:
        raise NotFoundError(f"job {job!r} has no measured trial yet, so there is no patch")
    return commits.patch_of(known.history, chosen, storage.get_blob)


def _below(ledger: Ledger, storage: Storage, job: str, rest: str) -> Response:
    if rest == "log":
        return as_json(_found(jobs.log(ledger, job), job))
    if rest == "patch":
        return Response(_patch(ledger, storage, job).encode(), content_type="text/x-diff; charset=utf-8")
    kind, _, path = rest.partition("/")
    match = FILE.fullmatch(path)
    if kind != "files" or not match:
        raise NotFoundError(f"a job has no page {rest!r}; it has `log`, `patch` and `files/t<trial>/<name>`")
    name = match["name"]
    data = storage.get_file(job, int(match["trial"]), name)
    return Response(data, content_type=mimetypes.guess_type(name)[0] or "application/octet-stream")


def _found(value: T | None, job: str) -> T:
    if value is None:
        raise NotFoundError(f"there is no job {job!r}")
    return value

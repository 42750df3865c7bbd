"""The evaluator's pages, read in this process as they would be over HTTP."""

from __future__ import annotations

import http

from pydantic import TypeAdapter

from trainyard.pages import Page, Request, Response
from trainyard_cli.view.job import Job, JobSummary, Log

_SUMMARIES = TypeAdapter(list[JobSummary])


class LocalJobs:
    """The jobs of an evaluator in this process.

    Args:
        page: Its page `/jobs`.
    """

    def __init__(self, page: Page) -> None:
        self._page = page

    def recent(self) -> list[JobSummary]:
        """Return the jobs that are known, the latest first."""
        return _SUMMARIES.validate_json(self._get("").body)

    def get(self, job: str) -> Job | None:
        """Return one job, or None when there is none of that name."""
        response = self._get(job)
        return Job.model_validate_json(response.body) if response.status == http.HTTPStatus.OK else None

    def log(self, job: str) -> Log | None:
        """Return what the newest run of a job printed, as far as that is kept."""
        response = self._get(f"{job}/log")
        return Log.model_validate_json(response.body) if response.status == http.HTTPStatus.OK else None

    def patch(self, job: str) -> str:
        """Return the diff of the best trial against the author's code."""
        response = self._get(f"{job}/patch")
        return response.body.decode() if response.status == http.HTTPStatus.OK else ""

    def _get(self, rest: str) -> Response:
        return self._page(Request("GET", rest, b"", {}))

"""The evaluator's `/jobs` over HTTP."""

from __future__ import annotations

from urllib.parse import quote

import httpx
from pydantic import TypeAdapter, ValidationError

from trainyard_cli.errors import CommandError
from trainyard_cli.remote.answers import ask
from trainyard_cli.view.job import Job, JobSummary, Log

SETTING = "TRAINYARD_EVALUATOR_URL"

_SUMMARIES = TypeAdapter(list[JobSummary])


class RemoteJobs:
    """The jobs of an evaluator that runs elsewhere.

    Args:
        url: Where it answers, such as http://127.0.0.1:8080.

    Every method raises CommandError when it does not answer.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def recent(self) -> list[JobSummary]:
        """Return the jobs that are known, the latest first."""
        try:
            return _SUMMARIES.validate_json(self._get("/jobs").content)
        except ValidationError as error:
            raise self._strange(error) from error

    def get(self, job: str) -> Job | None:
        """Return one job, or None when there is none of that name."""
        response = self._get(f"/jobs/{quote(job)}")
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        try:
            return Job.model_validate_json(response.content)
        except ValidationError as error:
            raise self._strange(error) from error

    def log(self, job: str) -> Log | None:
        """Return what the newest run of a job printed, as far as that is kept."""
        response = self._get(f"/jobs/{quote(job)}/log")
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        try:
            return Log.model_validate_json(response.content)
        except ValidationError as error:
            raise self._strange(error) from error

    def patch(self, job: str) -> str:
        """Return the diff of the best trial against the author's code."""
        response = self._get(f"/jobs/{quote(job)}/patch")
        return response.text if response.is_success else ""

    def patch_url(self, job: str) -> str:
        """Return where the patch can be downloaded."""
        return f"{self._url}/jobs/{quote(job)}/patch"

    def _get(self, path: str) -> httpx.Response:
        return ask("GET", self._url + path, who="evaluator", setting=SETTING)

    def _strange(self, error: ValidationError) -> CommandError:
        """Say that what answers is no evaluator, or a much newer one."""
        problem = error.errors()[0]["msg"]
        return CommandError(
            f"what answers at {self._url} does not speak like Trainyard's evaluator: {problem}",
            remedy=f"Point {SETTING} at the evaluator, or use the same version of Trainyard there and here.",
        )

"""Evaluator and fetcher over HTTP; what can go wrong becomes what the user can do about it."""

import io
import tarfile
from pathlib import Path

import httpx

from trainyard.folders import code_files
from trainyard_cli.errors import CommandError, reason
from trainyard_cli.jobs import SETTING as EVALUATOR
from trainyard_cli.jobs import Jobs

FETCHER = "TRAINYARD_FETCHER_URL"
TIMEOUT = httpx.Timeout(10.0, connect=3.0)
UPLOAD_TIMEOUT = httpx.Timeout(600.0, connect=3.0)


def remote_jobs(url: str) -> Jobs:
    """Return the jobs of the evaluator at *url*; each method raises CommandError when it does not answer."""
    url = url.rstrip("/")

    def read(path: str) -> bytes | None:
        response = _ask("GET", url + path, who="evaluator", setting=EVALUATOR)
        return None if response.status_code == httpx.codes.NOT_FOUND else response.content

    return Jobs(read, url)


def upload(folder: Path, url: str) -> str:
    """Pack *folder*, send it to the fetcher at *url* and return the code's name, `bundle:<sha256>`.

    Raises:
        CommandError: The fetcher does not answer or refuses it.
    """
    address = url.rstrip("/") + "/archives"
    response = _ask("POST", address, who="fetcher", setting=FETCHER, body=packed(folder), timeout=UPLOAD_TIMEOUT)
    if not response.is_success:
        problem = f"{response.status_code} {_error(response)}"
        raise CommandError(
            f"the fetcher refused {folder}: {problem}", remedy="Change what it names, and submit the code again."
        )
    return str(response.json()["code"])


def packed(folder: Path) -> bytes:
    """Return the files of *folder* as a compressed tar, without version control, environments and caches."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for path in code_files(folder):
            archive.add(path, arcname=str(path.relative_to(folder)), recursive=False)
    return buffer.getvalue()


def _ask(
    method: str, url: str, *, who: str, setting: str, body: bytes | None = None, timeout: httpx.Timeout = TIMEOUT
) -> httpx.Response:
    """Send one request to the service *who* and return its answer, whatever its status below 500."""
    try:
        response = httpx.request(method, url, content=body, timeout=timeout)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        remedy = f"Start the stack with `docker compose up -d`, or set {setting} to where it is."
        raise CommandError(f"the {who} does not answer at {url}: {reason(error)}", remedy=remedy) from error
    if response.is_server_error:
        remedy = f"Look at its log (`docker compose logs {who}`), and try again."
        raise CommandError(f"the {who} answered {response.status_code} for {url}: {response.text[:200]}", remedy=remedy)
    return response


def _error(response: httpx.Response) -> str:
    try:
        return str(response.json().get("error", response.text))
    except ValueError:
        return response.text[:200]

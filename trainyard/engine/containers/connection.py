"""The only importer of docker: a connection that is made on first use, and its errors as ours."""

import base64
import json
import os
import tarfile
import threading
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import docker
import docker.auth
import docker.errors
import requests
import urllib3.exceptions

from trainyard.engine.containers.archive import only_file
from trainyard.engine.labels import seconds
from trainyard.engine.port import EngineBusyError, GoneError
from trainyard.errors import EngineUnavailableError, PermanentError, TrainyardError

TIMEOUT_SECONDS = 60.0
SLACK_SECONDS = 5.0
"""How long a connection may take, and how much later than requested a window of events may end."""

ATTEMPTS = 4
PAUSE_SECONDS = 0.05
"""How often a file is read whose archive ends early, and the time between two attempts."""

NOT_FOUND = 404
CONFLICT = 409
NOT_A_FILE = 0x8F280000
"""The bits by which the engine (in Go's way) marks folders, links, pipes, sockets and devices."""

TIMEOUTS = (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)
"""Errors of an engine that is there; docker-py hides them behind its own."""

ERRORS: tuple[tuple[type[BaseException], int | None, type[TrainyardError]], ...] = (
    (docker.errors.ImageNotFound, None, EngineUnavailableError),  # built again when the message comes back
    (docker.errors.NotFound, None, GoneError),
    (docker.errors.APIError, 400, PermanentError),  # a request that it does not understand
    (docker.errors.DockerException, None, EngineUnavailableError),
    (docker.errors.StreamParseError, None, EngineUnavailableError),
    (OSError, None, EngineUnavailableError),  # all of requests' errors are
    (urllib3.exceptions.HTTPError, None, EngineUnavailableError),  # raised while a stream is read
    (tarfile.TarError, None, EngineUnavailableError),  # an archive cut short
)
"""Every error of the libraries below (with an HTTP status, where it matters) and what it means; the first counts."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What does not change while an engine runs; its clock is *ahead* of ours by so many seconds."""

    host: str
    cpus: int
    ahead: float


class Connection:
    """A Docker engine at a URL such as `unix:///var/run/docker.sock` or `tcp://host:2376`."""

    def __init__(self, url: str, timeout: float = TIMEOUT_SECONDS) -> None:
        self._url = url
        self._timeout = timeout
        self._lock = threading.Lock()
        self._client: Any = None
        self._facts: Facts | None = None

    @contextmanager
    def client(self) -> Iterator[Any]:
        """Yield docker-py's low-level client; what it raises within the context becomes an error of ours."""
        try:
            yield self._connected()
        except TrainyardError:
            raise
        except tuple(kind for kind, _, _ in ERRORS) as error:
            raise meaning(error)(f"the container engine at {self._url}: {_reason(error)}") from error

    def facts(self) -> Facts:
        """Return what does not change while the engine runs; requested once."""
        if self._facts is None:
            with self.client() as api:
                info, now = api.info(), time.time()
            self._facts = Facts(info["Name"], info["NCPU"], seconds(info["SystemTime"]) - now)
        return self._facts

    def has_event(self, since: float, until: float, filters: Mapping[str, list[str]]) -> bool:
        """Return whether there was an event within a window of our clock; waits for its end."""
        ahead, limit = self.facts().ahead, max(0.0, until - time.time()) + SLACK_SECONDS
        window = {"since": f"{since + ahead:.6f}", "until": f"{until + ahead:.6f}", "filters": json.dumps(filters)}
        with self._request("GET", "/events", timeout=limit, params=window) as response:
            return any(chunk.strip() for chunk in response.iter_content(None))

    def stats(self, container: str) -> dict[str, Any]:
        """Return what a container uses at this moment, as the engine's statistics."""
        now = {
            "stream": "false",
            "one-shot": "true",
        }  # engines before 20.10 measure twice, a second apart, all the same
        with self._request("GET", f"/containers/{container}/stats", params=now) as response:
            return dict(json.loads(response.content))

    def modified_at(self, container: str, path: str) -> float:
        """Return when a file in a container was last written, in seconds since 1970.

        Raises:
            GoneError: The file or the container does not exist.
        """
        with self._request("HEAD", f"/containers/{container}/archive", params={"path": path}) as response:
            return seconds(str(_stat(response)["mtime"]))

    def content(self, container: str, path: str, most: int) -> bytes | None:
        """Return a file in a container, or None where it is not a plain file or has more than *most* bytes.

        The archive of a file that is replaced meanwhile ends early; then it is requested again.

        Raises:
            GoneError: The file or the container does not exist.
            EngineUnavailableError: Every archive ended early.
        """
        for attempt in range(1, ATTEMPTS + 1):
            with self._request("GET", f"/containers/{container}/archive", params={"path": path}) as response:
                stat = _stat(response)
                if stat["mode"] & NOT_A_FILE or stat["size"] > most:
                    break
                try:
                    return only_file(_whole(response))
                except tarfile.ReadError:
                    if attempt == ATTEMPTS:
                        raise
            time.sleep(PAUSE_SECONDS)
        return None

    def build(self, context: bytes, options: Mapping[str, str]) -> Generator[dict[str, Any], None, None]:
        """Build an image from a tar archive and yield the engine's messages; closing it early abandons the build."""
        logins = base64.urlsafe_b64encode(json.dumps(docker.auth.load_config().get_all_credentials()).encode())
        headers = {"Content-Type": "application/x-tar", "X-Registry-Config": logins.decode()}
        with self._request("POST", "/build", params=options, data=context, headers=headers) as response:
            yield from (json.loads(line) for line in response.iter_lines() if line)

    @contextmanager
    def _request(self, method: str, path: str, *, timeout: float = 0.0, **options: Any) -> Iterator[requests.Response]:
        """Send a request to the engine, and close the response at the context's end.

        docker-py's own streams can neither be left early nor have a time limit for an engine that froze.
        """
        limits = (SLACK_SECONDS, timeout or self._timeout)
        with self.client() as api:
            url = f"{api.base_url}/v{api.api_version}{path}"
            with api.request(method, url, stream=True, timeout=limits, **options) as response:
                _raise_for_status(response)
                yield response

    def close(self) -> None:
        """Disconnect."""
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None

    def _connected(self) -> Any:
        scheme, _, socket = self._url.partition("://")
        if scheme == "unix" and not os.path.exists(socket):
            raise FileNotFoundError("there is no such socket; is the engine running, and on this machine?")
        with self._lock:
            if self._client is None:
                self._client = docker.APIClient(base_url=self._url, version="auto", timeout=self._timeout)
            return self._client


def meaning(error: BaseException) -> type[TrainyardError]:
    """Return the class of ours for an error of the libraries below."""
    if _is_timeout(error):
        return EngineBusyError
    status = status_of(error)
    return next(ours for kind, code, ours in ERRORS if isinstance(error, kind) and code in (None, status))


def _is_timeout(error: BaseException | None) -> bool:
    return error is not None and (isinstance(error, TIMEOUTS) or _is_timeout(error.__cause__ or error.__context__))


def unless_conflict(call: Any, *args: Any, **options: Any) -> None:
    """Call the engine; on 409, what was wanted is already so, or not possible yet."""
    try:
        call(*args, **options)
    except OSError as error:
        if status_of(error) != CONFLICT:
            raise


def status_of(error: BaseException) -> int | None:
    """Return the HTTP status that an error came with, where it came with one."""
    return getattr(getattr(error, "response", None), "status_code", None)


def _raise_for_status(response: requests.Response) -> None:
    try:
        response.raise_for_status()
    except requests.HTTPError as error:
        docker.errors.create_api_error_from_http_exception(error)  # raises it


def _stat(response: requests.Response) -> dict[str, Any]:
    return dict(json.loads(base64.b64decode(response.headers["X-Docker-Container-Path-Stat"])))


def _whole(response: requests.Response) -> list[bytes]:
    """Return an archive. For a file that grew meanwhile, the engine sends as much as the header says, then hangs up."""
    chunks: list[bytes] = []
    try:
        chunks.extend(response.iter_content(1 << 20))
    except OSError:
        if not chunks:
            raise
    return chunks


def _reason(error: BaseException) -> str:
    if _is_timeout(error):
        return "it is there, but did not answer in time"
    return str(getattr(error, "explanation", None) or error or type(error).__name__)

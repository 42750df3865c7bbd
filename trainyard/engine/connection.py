"""The one importer of docker: a connection that is made on first use, and its errors turned into ours."""

from __future__ import annotations

import json
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import docker
import docker.errors
import urllib3.exceptions

from trainyard.engine.labels import seconds
from trainyard.engine.port import GoneError
from trainyard.errors import EngineUnavailableError, PermanentError, TrainyardError

TIMEOUT_SECONDS = 60.0
SLACK_SECONDS = 5.0
"""How much later than asked for the engine may end a window of events."""

ERRORS: tuple[tuple[type[BaseException], int | None, type[TrainyardError]], ...] = (
    (docker.errors.ImageNotFound, None, EngineUnavailableError),  # built again when the message comes back
    (docker.errors.NotFound, None, GoneError),
    (docker.errors.APIError, 400, PermanentError),  # what was asked for makes no sense to it
    (docker.errors.DockerException, None, EngineUnavailableError),
    (docker.errors.StreamParseError, None, EngineUnavailableError),
    (OSError, None, EngineUnavailableError),  # all of requests' errors are
    (urllib3.exceptions.HTTPError, None, EngineUnavailableError),  # raised while a stream is read
    (tarfile.TarError, None, EngineUnavailableError),  # an archive cut short
)
"""Every error of the libraries below (with an HTTP status, where it matters) and what it means; the first counts."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What does not change while an engine runs.

    Attributes:
        host: Its name for itself.
        cpus: How many processors it has.
        ahead: Seconds by which its clock is ahead of ours.
    """

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
    def answering(self) -> Iterator[Any]:
        """Give docker-py's low-level client; whatever it raises within the context becomes ours."""
        try:
            yield self._connected()
        except TrainyardError:
            raise
        except tuple(kind for kind, _, _ in ERRORS) as error:
            raise meaning(error)(f"the container engine at {self._url}: {_reason(error)}") from error

    def facts(self) -> Facts:
        """Return what does not change while the engine runs; asked once."""
        if self._facts is None:
            with self.answering() as api:
                info, now = api.info(), time.time()
            self._facts = Facts(info["Name"], info["NCPU"], seconds(info["SystemTime"]) - now)
        return self._facts

    def happened(self, since: float, until: float, filters: dict[str, list[str]]) -> bool:
        """Wait for an event within a window of our clock.

        docker-py's own `events` waits without a limit for an engine that froze or a network that is gone.
        """
        ahead, limit = self.facts().ahead, max(0.0, until - time.time()) + SLACK_SECONDS
        window = {"since": f"{since + ahead:.6f}", "until": f"{until + ahead:.6f}", "filters": json.dumps(filters)}
        with self.answering() as api:
            url = f"{api.base_url}/v{api.api_version}/events"
            with api.get(url, params=window, stream=True, timeout=(SLACK_SECONDS, limit)) as response:
                response.raise_for_status()
                return any(chunk.strip() for chunk in response.iter_content(None))

    def close(self) -> None:
        """Let go of the engine."""
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None

    def _connected(self) -> Any:
        with self._lock:
            if self._client is None:
                self._client = docker.APIClient(base_url=self._url, version="auto", timeout=self._timeout)
            return self._client


def meaning(error: BaseException) -> type[TrainyardError]:
    """Look an error of the libraries below up in the table."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    return next(ours for kind, code, ours in ERRORS if isinstance(error, kind) and code in (None, status))


def _reason(error: BaseException) -> str:
    """Return the engine's own words where it gave some."""
    return str(getattr(error, "explanation", None) or error or type(error).__name__)

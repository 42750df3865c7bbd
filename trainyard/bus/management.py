"""RabbitMQ's management API, by the standard library alone."""

import base64
import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from trainyard.errors import BusUnavailableError, TopologyError

SETTING = "TRAINYARD_MANAGEMENT_URL"
TIMEOUT_SECONDS = 10.0
UNAUTHORIZED = 401


class Management:
    """The broker's HTTP interface at a URL such as `http://user:password@host:15672`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.where = f"{parts.hostname}:{parts.port or 15672}"
        self._base = f"{parts.scheme or 'http'}://{self.where}{parts.path.rstrip('/')}/api"
        self._user = unquote(parts.username or "guest")
        login = f"{self._user}:{unquote(parts.password or '')}"
        self._headers = {
            "Authorization": "Basic " + base64.b64encode(login.encode()).decode(),
            "Content-Type": "application/json",
        }

    def get(self, *path: str) -> Any:
        """Return what is at *path*, whose parts may hold any characters."""
        answer = self._call("GET", path)
        try:
            return json.loads(answer)
        except ValueError as error:
            raise TopologyError(f"{self.where} is not RabbitMQ's management API; set {SETTING}") from error

    def post(self, *path: str, body: Any) -> None:
        """Send *body* as JSON to *path*."""
        self._call("POST", path, json.dumps(body).encode())

    def delete(self, *path: str) -> None:
        """Delete what is at *path*."""
        self._call("DELETE", path)

    def _call(self, method: str, path: tuple[str, ...], body: bytes | None = None) -> bytes:
        """Send one request and return the body of the answer.

        Raises:
            BusUnavailableError: Nothing answers there, or the server fails.
            TopologyError: The broker refuses the user or the request; says why.
        """
        url = "/".join((self._base, *(quote(part, safe="") for part in path)))
        request = urllib.request.Request(url, body, self._headers, method=method)  # noqa: S310  an operator's URL
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310  the same
                answer: bytes = response.read()
                return answer
        except urllib.error.HTTPError as error:
            raise self._refused(error) from error
        except (OSError, ValueError) as error:
            remedy = f"start the broker, or set {SETTING} to where it is"
            reason = getattr(error, "reason", error)
            raise BusUnavailableError(f"nothing answers at {self.where}: {reason}; {remedy}") from error

    def _refused(self, error: urllib.error.HTTPError) -> TopologyError | BusUnavailableError:
        if error.code == UNAUTHORIZED:
            remedy = f"set user and password in {SETTING}"
            return TopologyError(f"the broker at {self.where} refuses the user {self._user!r}; {remedy}")
        reason = error.read().decode(errors="replace")[:500]
        kind = BusUnavailableError if error.code >= 500 else TopologyError  # noqa: PLR2004  HTTP's server errors
        return kind(f"the broker at {self.where} answers {error.code}: {reason}")

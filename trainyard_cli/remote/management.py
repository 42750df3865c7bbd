"""RabbitMQ's HTTP interface, to look at it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx

from trainyard_cli.errors import CommandError, reason

SETTING = "TRAINYARD_MANAGEMENT_URL"
SECONDS = 5.0


class Management:
    """What the broker says of itself.

    Args:
        url: Where it answers, with user and password: http://user:password@host:15672.

    Every method raises CommandError when it does not answer or refuses the user.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def version(self) -> str:
        """Return the broker's version."""
        return str(self._get("/api/overview")["rabbitmq_version"])

    def names(self) -> set[str]:
        """Return the names of all queues and exchanges of the default virtual host."""
        return {item["name"] for kind in ("queues", "exchanges") for item in self._get(f"/api/{kind}/%2f")}

    def _get(self, path: str) -> Any:
        where = urlsplit(self._url)
        shown = f"{where.hostname}:{where.port}"
        try:
            response = httpx.get(self._url + path, timeout=SECONDS)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            remedy = f"Start the stack: docker compose up -d; or set {SETTING} to where it is."
            raise CommandError(
                f"the broker's pages do not answer at {shown}: {reason(error)}", remedy=remedy
            ) from error
        if response.status_code == httpx.codes.UNAUTHORIZED:
            raise CommandError(f"the broker at {shown} refuses the user", remedy=f"Set user and password in {SETTING}.")
        if not response.is_success:
            remedy = f"Point {SETTING} at RabbitMQ's management pages."
            raise CommandError(f"{shown} answered {response.status_code}", remedy=remedy)
        return response.json()

"""HTTP to our services: one place that turns what can go wrong into what the user can do."""

from __future__ import annotations

import httpx

from trainyard_cli.errors import CommandError, reason

TIMEOUT = httpx.Timeout(10.0, connect=3.0)


def ask(
    method: str, url: str, *, who: str, setting: str, body: bytes | None = None, timeout: httpx.Timeout = TIMEOUT
) -> httpx.Response:
    """Send one request and return its answer, whatever its status below 500.

    Messages name the service, *who*, and the environment variable that says where it is, *setting*.

    Raises:
        CommandError: It does not answer, or answers with a defect of its own.
    """
    try:
        response = httpx.request(method, url, content=body, timeout=timeout)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        remedy = f"Start the stack with `docker compose up -d`, or set {setting} to where it is."
        raise CommandError(f"the {who} does not answer at {url}: {reason(error)}", remedy=remedy) from error
    if response.is_server_error:
        remedy = f"Look at its log (`docker compose logs {who}`), and try again."
        raise CommandError(f"the {who} answered {response.status_code} for {url}: {response.text[:200]}", remedy=remedy)
    return response

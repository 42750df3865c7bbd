"""Checks of the services that run elsewhere: broker, topology, evaluator, fetcher, mail."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

import httpx

from trainyard.bus import provision
from trainyard.bus.management import Management
from trainyard.errors import TrainyardError
from trainyard_cli.checks.finding import Finding, missing
from trainyard_cli.errors import CommandError, reason
from trainyard_cli.remote.broker import address, reach

SECONDS = 3.0
NAMED = 3
"""How many things of a kind a line names."""

START = "Start the stack: docker compose up -d"


def broker(url: str) -> Finding:
    """Look whether something listens where the broker should."""
    host, port = address(url)
    try:
        reach(url)
    except CommandError as error:
        return missing("broker", error.message, f"{START}; or set TRAINYARD_BROKER_URL to where it is.")
    return Finding("broker", f"listens at {host}:{port}")


def management(url: str) -> Finding:
    """Look whether the broker's HTTP interface lets us in."""
    try:
        version = Management(url).get("overview")["rabbitmq_version"]
    except TrainyardError as error:
        return _as_told("broker's pages", error)
    return Finding("broker's pages", f"RabbitMQ {version}")


def topology(url: str) -> Finding:
    """Look whether queues, policies and rights are all as they should be."""
    try:
        rows = provision.check(url)
    except TrainyardError as error:
        return _as_told("topology", error)
    wrong = [f"{row.kind} {row.name}" for row in rows if not row.ok and not row.surplus]
    if wrong:
        named = ", ".join(wrong[:NAMED]) + (f" and {len(wrong) - NAMED} more" if len(wrong) > NAMED else "")
        return missing("topology", f"not as it should be: {named}", "trainyard topology apply")
    return Finding("topology", f"{len(rows)} things are as they should be")


def _as_told(name: str, error: TrainyardError) -> Finding:
    """Split what an error says into what was found and what helps."""
    said, _, remedy = str(error).partition("; ")
    return missing(name, re.sub(r"\[Errno -?\d+\] ", "", said), remedy or START)


def service(name: str, url: str) -> Finding:
    """Ask a service for its health."""
    setting = f"TRAINYARD_{name.upper()}_URL"
    try:
        response = httpx.get(url.rstrip("/") + "/healthz", timeout=SECONDS)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        said = f"does not answer at {url}: {reason(error)}"
        return missing(name, said, f"{START}; or set {setting} to where it is.")
    if response.is_success:
        return Finding(name, f"well, at {url}")
    return missing(name, f"not well: {response.text[:200]}", f"Look at its log: docker compose logs {name}")


def mail(smtp_url: str | None, page_url: str) -> Finding:
    """Look whether mail could be handed over; without an SMTP server set, at the stack's mail catcher."""
    if smtp_url:
        return _smtp(smtp_url)
    try:
        httpx.get(page_url, timeout=SECONDS)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        said = f"the mail catcher does not answer at {page_url}: {reason(error)}"
        return missing("mail", said, f"{START}; or set TRAINYARD_NOTIFIER_SMTP_URL to your mail server.")
    return Finding("mail", f"mail catcher at {page_url}")


def images(names: Iterable[tuple[str, str | None]]) -> Finding:
    """Look at the training images, given as kind and name; one that is not there is built when first needed."""
    lacking = [kind for kind, name in names if name is None]
    if lacking:
        said = f"not built yet: {', '.join(lacking)}"
        return missing("training images", said, "trainyard images builds them now; else on first need.", needed=False)
    return Finding("training images", "all are built")


def engine(look: Callable[[], str]) -> Finding:
    """Ask the container engine for its version; *look* is its `check`."""
    try:
        return Finding("container engine", look())
    except TrainyardError as error:
        remedy = "Start Docker, and make sure that you may use its socket; or set TRAINYARD_ENGINE_URL."
        return missing("container engine", str(error), remedy)


def _smtp(url: str) -> Finding:
    """Greet the mail server."""
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or (465 if parts.scheme == "smtps" else 25)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(host, port, timeout=SECONDS) as server:
            server.ehlo_or_helo_if_needed()
    except (OSError, smtplib.SMTPException) as error:
        said = f"the mail server does not answer at {host}:{port}: {reason(error)}"
        return missing("mail", said, "Start it, or set TRAINYARD_NOTIFIER_SMTP_URL to where it is.")
    return Finding("mail", f"mail server at {host}:{port}")

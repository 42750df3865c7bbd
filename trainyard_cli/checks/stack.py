"""Checks of the services that run elsewhere: broker, topology, evaluator, fetcher, mail."""

import smtplib
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from trainyard.bus import provision
from trainyard.bus.management import Management
from trainyard.errors import TrainyardError
from trainyard_cli import engines
from trainyard_cli.checks.machine import disk, engine
from trainyard_cli.errors import CommandError, reason
from trainyard_cli.finding import Finding, missing
from trainyard_cli.remote.broker import address, reach
from trainyard_cli.settings import CliSettings

SECONDS = 3.0
NAMED = 3
"""How many things of a kind a line names."""

START = "Start the stack: docker compose up -d"


def checks(settings: CliSettings) -> list[Finding]:
    """Check what the services under compose need, in the order in which problems should be fixed."""
    docker = engine(lambda: engines.version(settings))
    return [
        docker,
        *([images(engines.built(settings))] if docker.ok else []),
        broker(settings.broker_url),
        management(settings.management_url),
        topology(settings.management_url),
        service("fetcher", settings.fetcher_url),
        service("evaluator", settings.evaluator_url),
        mail(settings.notifier_smtp_url, settings.mail_page_url),
        disk(Path.cwd()),
    ]


def images(names: Iterable[tuple[str, str | None]]) -> Finding:
    """Check the training images, given as kind and name; missing ones are built on first use."""
    absent = [kind for kind, name in names if name is None]
    if absent:
        text = f"not built yet: {', '.join(absent)}"
        remedy = "trainyard images builds them now; otherwise they are built on first use."
        return missing("training images", text, remedy, needed=False)
    return Finding("training images", "all are built")


def broker(url: str) -> Finding:
    """Check that something listens where the broker should be."""
    host, port = address(url)
    try:
        reach(url)
    except CommandError as error:
        return missing("broker", error.message, f"{START}; or set TRAINYARD_BROKER_URL to where it is.")
    return Finding("broker", f"listens at {host}:{port}")


def management(url: str) -> Finding:
    """Check that the broker's management API accepts our login."""
    try:
        version = Management(url).get("overview")["rabbitmq_version"]
    except TrainyardError as error:
        return _failed("management API", error)
    return Finding("management API", f"RabbitMQ {version}")


def topology(url: str) -> Finding:
    """Check that queues, policies and permissions are all as they should be."""
    try:
        rows = provision.check(url)
    except TrainyardError as error:
        return _failed("topology", error)
    wrong = [f"{row.kind} {row.name}" for row in rows if row.wrong]
    if wrong:
        named = ", ".join(wrong[:NAMED]) + (f" and {len(wrong) - NAMED} more" if len(wrong) > NAMED else "")
        return missing("topology", f"missing or different: {named}", "trainyard topology apply")
    return Finding("topology", f"all {len(rows)} parts are in place")


def service(name: str, url: str) -> Finding:
    """Ask a service for its health."""
    setting = f"TRAINYARD_{name.upper()}_URL"
    try:
        response = httpx.get(url.rstrip("/") + "/healthz", timeout=SECONDS)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        text = f"does not answer at {url}: {reason(error)}"
        return missing(name, text, f"{START}; or set {setting} to where it is.")
    if response.is_success:
        return Finding(name, f"healthy, at {url}")
    return missing(name, f"unhealthy: {response.text[:200]}", f"Look at its log: docker compose logs {name}")


def mail(smtp_url: str | None, page_url: str) -> Finding:
    """Check that mail can be sent; where no SMTP server is set, by the stack's mail catcher."""
    if smtp_url:
        return _smtp(smtp_url)
    try:
        httpx.get(page_url, timeout=SECONDS)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        text = f"the mail catcher does not answer at {page_url}: {reason(error)}"
        return missing("mail", text, f"{START}; or set TRAINYARD_NOTIFIER_SMTP_URL to your mail server.")
    return Finding("mail", f"mail catcher at {page_url}")


def _smtp(url: str) -> Finding:
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or (465 if parts.scheme == "smtps" else 25)
    client = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with client(host, port, timeout=SECONDS) as server:
            server.ehlo_or_helo_if_needed()
    except (OSError, smtplib.SMTPException) as error:
        text = f"the mail server does not answer at {host}:{port}: {reason(error)}"
        return missing("mail", text, "Start it, or set TRAINYARD_NOTIFIER_SMTP_URL to where it is.")
    return Finding("mail", f"mail server at {host}:{port}")


def _failed(name: str, error: TrainyardError) -> Finding:
    """Split an error's text into the problem and its remedy."""
    text, _, remedy = reason(error).partition("; ")
    return missing(name, text, remedy or START)

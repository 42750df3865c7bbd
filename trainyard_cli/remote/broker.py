"""The broker, as the command uses it: at once or not at all, where a service would wait for it."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import structlog

from trainyard.bus.envelope import encode
from trainyard.bus.port import Bus
from trainyard.errors import BusClosedError, UnroutableError
from trainyard.messages import Message
from trainyard_cli.errors import CommandError, reason

SETTING = "TRAINYARD_BROKER_URL"
CONNECT_SECONDS = 3.0
PATIENCE_SECONDS = 15.0


def publish(message: Message, url: str) -> None:
    """Publish *message* and return once the broker has confirmed it.

    Raises:
        CommandError: The broker does not answer, does not confirm, or has no queue for it.
    """
    with broker(url) as bus:
        bus.publish(encode(message, app="trainyard"))


@contextmanager
def broker(url: str, *, patience: float = PATIENCE_SECONDS) -> Iterator[Bus]:
    """Connect to the broker at *url* for at most *patience* seconds.

    Raises:
        CommandError: It does not answer, not in time, or its queues are missing.
    """
    reach(url)
    _quiet()
    from trainyard.bus.rabbit import RabbitBus

    with closing(RabbitBus(url, app="trainyard")) as bus:
        timer = threading.Timer(patience, bus.close)
        timer.daemon = True
        timer.start()
        try:
            yield bus
        except UnroutableError as error:
            raise CommandError(f"the broker has no queue for this: {error}", remedy=_TOPOLOGY) from error
        except BusClosedError as error:
            message = f"the broker at {shown(url)} did not confirm within {patience:g} s"
            raise CommandError(message, remedy=f"Check user and password in {SETTING}; {_DOCTOR}") from error
        finally:
            timer.cancel()


def _quiet() -> None:
    """Keep the bus's log lines off the terminal: what matters is reported as an error."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.getLogger("pika").setLevel(logging.CRITICAL)


def reach(url: str) -> None:
    """Open a TCP connection to the broker and close it again.

    Raises:
        CommandError: Nothing listens there.
    """
    host, port = address(url)
    try:
        socket.create_connection((host, port), timeout=CONNECT_SECONDS).close()
    except OSError as error:
        remedy = f"Start the stack with `docker compose up -d`, or set {SETTING} to where it is."
        raise CommandError(f"the broker does not answer at {host}:{port}: {reason(error)}", remedy=remedy) from error


def address(url: str) -> tuple[str, int]:
    """Return host and port of an AMQP URL."""
    parts = urlsplit(url)
    return parts.hostname or "127.0.0.1", parts.port or (5671 if parts.scheme == "amqps" else 5672)


def shown(url: str) -> str:
    """Return *url* without its password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}"


_TOPOLOGY = "Run `trainyard topology apply`."
_DOCTOR = "`trainyard doctor` checks everything."

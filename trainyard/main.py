"""Start one service as a process; every `services/<name>/__main__.py` calls it."""

import signal
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from typing import TypeVar

import structlog
from pydantic import ValidationError

from trainyard.bus.port import Bus
from trainyard.bus.rabbit import RabbitBus
from trainyard.errors import TrainyardError
from trainyard.middleware import logs
from trainyard.pages import serving
from trainyard.service import Service, run
from trainyard.settings import Settings

S = TypeVar("S", bound=Settings)

GRACE_SECONDS = 20.0
"""How long the current work may take after a signal; then the bus is closed and unacked messages go to others."""

log = structlog.get_logger()


def start(name: str, settings_type: type[S], build: Callable[[S], Service]) -> None:
    """Read the settings, connect, serve the pages and run until SIGTERM or SIGINT.

    An invalid setting, or a broker, engine or database that cannot be used, ends the process with status 1 and one log
    line.
    """
    logs.configure("INFO", sys.stderr)
    structlog.contextvars.bind_contextvars(service=name)
    try:
        settings = settings_type()
        logs.configure(settings.log_level, sys.stderr)
        _run(build(settings), settings)
    except ValidationError as error:
        problems = "; ".join(f"TRAINYARD_{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        log.error("invalid settings", problems=problems)  # noqa: TRY400  no traceback for a wrong setting
        sys.exit(1)
    except TrainyardError as error:
        log.error("cannot run", error=str(error))  # noqa: TRY400  the message names the remedy
        sys.exit(1)


def _run(service: Service, settings: Settings) -> None:
    """Run *service* on RabbitMQ until a signal asks it to stop."""
    stop = threading.Event()
    with (
        closing(RabbitBus(settings.broker_url, app=service.name)) as bus,
        serving(settings.http_host, settings.http_port, service.pages, _unhealthy(bus)) as port,
    ):
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: _stop(stop, bus))
        log.info("running", port=port)
        run(service, bus, stop)
    log.info("stopped")


def _stop(stop: threading.Event, bus: Bus) -> None:
    """Ask the run loop to end; a publish that still waits for the broker after the grace time is abandoned."""
    stop.set()
    timer = threading.Timer(GRACE_SECONDS, bus.close)
    timer.daemon = True
    timer.start()


def _unhealthy(bus: Bus) -> Callable[[], str | None]:
    return lambda: None if bus.healthy() else "the broker does not answer"

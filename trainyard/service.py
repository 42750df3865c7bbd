"""A service's run loop: handlers and sources in, confirmed messages out.

A service is a value: its name, a table of handlers, and perhaps sources. Its `bootstrap.py` builds it, its
`__main__.py` runs it.

A handler takes a message and returns (or yields) what it wants published. The loop publishes each, waits for the
broker's confirm, and acks the delivery last: every step is at-least-once, so every handler is safe to run twice.
"""

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from trainyard.bus.envelope import decode, encode
from trainyard.bus.port import Bus, Consumer, Delivery
from trainyard.errors import BusClosedError, InvalidMessageError
from trainyard.messages import Message
from trainyard.metrics import PUBLISHED, prepare
from trainyard.middleware.logs import logging_each
from trainyard.middleware.measuring import measuring
from trainyard.middleware.retry import retrying
from trainyard.middleware.step import Ending, Step
from trainyard.middleware.tracing import traceparent
from trainyard.pages import Page
from trainyard.topology import BINDINGS, Binding

log = structlog.get_logger()

Handler = Callable[[Any], Iterable[Message]]
"""Takes the message type it is registered for; may be a generator, whose messages are published as they are yielded."""

Source = Callable[[threading.Event], Iterator[Message]]
"""Yields messages from the outside world until the event is set; continues only after each is confirmed."""

POLL_SECONDS = 0.5
SOURCE_BACKOFF_SECONDS = 5.0
JOIN_SECONDS = 10.0
"""How long a source may take to end; one that waits for an unavailable broker ends with the process."""


@dataclass(frozen=True)
class Service:
    """A service: its name, and what it does.

    Attributes:
        handlers: By the exact message type.
        sources: Each runs in its own thread.
        has_room: Called before a message is taken and before one is acked; while False, the consumer is paused.
        pages: Further HTTP pages beside `/metrics` and `/healthz`, by path prefix.
    """

    name: str
    handlers: Mapping[type[Message], Handler] = field(default_factory=dict)
    sources: Sequence[Source] = ()
    has_room: Callable[[], bool] = lambda: True
    pages: Mapping[str, Page] = field(default_factory=dict)

    @property
    def binding(self) -> Binding:
        """The service's row in the topology."""
        return BINDINGS[self.name]


def run(service: Service, bus: Bus, stop: threading.Event) -> None:
    """Run *service* on *bus* until *stop* is set: sources in threads, deliveries in this one.

    A message that is being handled when *stop* is set is finished and acked.
    """
    prepare(service.binding)
    threads = [_start_source(service, source, bus, stop) for source in service.sources]
    try:
        if service.handlers:
            _consume(service, bus, stop)
        else:
            stop.wait()
    except BusClosedError:
        log.info("the bus was closed", service=service.name)
    finally:
        stop.set()
        for thread in threads:
            thread.join(JOIN_SECONDS)


def publish(bus: Bus, messages: Iterable[Message], *, service: str) -> None:
    """Publish each message and wait for its confirm before requesting the next one."""
    for message in messages:
        bus.publish(encode(message, app=service, traceparent=traceparent()))
        PUBLISHED.labels(service, message.key).inc()


def _consume(service: Service, bus: Bus, stop: threading.Event) -> None:
    step = _chain(service, bus)
    with contextlib.closing(bus.consume(service.binding.queue)) as consumer:
        while not stop.is_set():
            _pause_or_resume(consumer, room=_room(service))
            delivery = consumer.get(timeout=POLL_SECONDS)
            if delivery is not None:
                step(delivery)
                _pause_or_resume(consumer, room=_room(service))
                delivery.ack()


def _pause_or_resume(consumer: Consumer, *, room: bool) -> None:
    """Pause the consumer while there is no room, and resume it afterwards."""
    if room == consumer.paused:
        (consumer.resume if room else consumer.pause)()


def _room(service: Service) -> bool:
    """Return whether there is room; False where that cannot be determined."""
    try:
        return service.has_room()
    except Exception:
        log.exception("could not determine whether there is room", service=service.name)
        return False


def _chain(service: Service, bus: Bus) -> Step:
    """Wrap the service's handlers in all middleware, innermost first."""
    step: Step = _handling(service, bus)
    step = retrying(step, bus=bus, binding=service.binding)
    step = measuring(step, service=service.name)
    return logging_each(step, service=service.name)


def _handling(service: Service, bus: Bus) -> Step:
    """Return the step that decodes a delivery, runs its handler and publishes what that returns."""

    def handled(delivery: Delivery) -> Ending:
        message = decode(delivery.envelope)
        handler = service.handlers.get(type(message))
        if handler is None:
            raise InvalidMessageError(f"{service.name} does not handle {message.key}")
        with structlog.contextvars.bound_contextvars(job=message.correlation()):
            publish(bus, handler(message), service=service.name)
        return "ok"

    return handled


def _start_source(service: Service, source: Source, bus: Bus, stop: threading.Event) -> threading.Thread:
    """Run *source* in a thread; when it raises, log that and restart it after a while."""

    def pump() -> None:
        structlog.contextvars.bind_contextvars(service=service.name)
        while not stop.is_set():
            try:
                return publish(bus, source(stop), service=service.name)
            except BusClosedError:
                stop.set()
            except Exception:
                log.exception("a source failed and will be restarted", seconds=SOURCE_BACKOFF_SECONDS)
                stop.wait(SOURCE_BACKOFF_SECONDS)
        return None

    thread = threading.Thread(target=pump, name=f"{service.name}-source", daemon=True)
    thread.start()
    return thread

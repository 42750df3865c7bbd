"""Publishing to RabbitMQ: callers wait in their own threads while one thread talks to the broker."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from pika import exceptions
from pika.adapters.blocking_connection import BlockingChannel

from trainyard.bus.envelope import Envelope
from trainyard.bus.rabbit import wire
from trainyard.bus.rabbit.connecting import Limits, pause
from trainyard.bus.rabbit.failures import APPLY, in_our_words
from trainyard.bus.rabbit.link import Link, Work
from trainyard.errors import BusClosedError, BusUnavailableError, TrainyardError, UnroutableError

EXIT_UNCONFIRMED = 70
"""The exit status of a process whose broker never confirmed; whoever supervises it starts it again."""

WATCH_SECONDS = 0.5
NOT_FOUND = 404

log = structlog.get_logger()


@dataclass(eq=False, slots=True)
class Job:
    """A message on its way to the broker; `due` is when a refused one is tried again."""

    exchange: str
    key: str
    envelope: Envelope
    done: threading.Event = field(default_factory=threading.Event)
    error: TrainyardError | None = None
    refusals: int = 0
    due: float = 0.0

    def end(self, error: TrainyardError | None = None) -> None:
        """Let the caller continue."""
        self.error = error
        self.done.set()


class Publisher:
    """The messages that wait to be confirmed, and the link that carries them.

    A job stays until it is confirmed or finally refused: when the connection is lost its outcome is unknown, and the
    same message with the same id is sent once more. *on_return* is called for every message that no queue took.
    """

    def __init__(self, connect: Callable[[Work], Link], limits: Limits, on_return: Callable[[], None]) -> None:
        self._limits = limits
        self._on_return = on_return
        self._lock = threading.Lock()
        self._jobs: list[Job] = []
        self._closed = threading.Event()
        self._waiting_since: float | None = None
        self._link = connect(self)
        self._watchdog = threading.Thread(target=self._watch, name="confirm-watchdog", daemon=True)

    def start(self) -> None:
        """Start connecting."""
        self._link.start()
        self._watchdog.start()

    @property
    def connected(self) -> bool:
        """Whether the broker is there."""
        return self._link.connected

    def put(self, exchange: str, key: str, envelope: Envelope) -> None:
        """Publish, and return once the broker has confirmed."""
        job = Job(exchange, key, envelope)
        with self._lock:
            if self._closed.is_set():
                raise BusClosedError
            self._jobs.append(job)
        self._link.wake()
        job.done.wait()
        if job.error is not None:
            raise job.error

    def close(self) -> None:
        """Publish what waits while the broker is connected; any publish still waiting raises BusClosedError."""
        with self._lock:
            self._closed.set()
        self._link.close(self._limits.drain)
        with self._lock:
            left, self._jobs = self._jobs, []
        for job in left:
            job.end(BusClosedError())

    def opened(self, channel: BlockingChannel) -> None:
        """Ask the broker for confirms."""
        channel.confirm_delivery()

    def turn(self, channel: BlockingChannel) -> None:
        """Publish what is due."""
        for job in self._due():
            self._publish(channel, job)

    def lost(self, error: Exception) -> None:
        """Keep the jobs: they go out again on the next connection."""

    def _due(self) -> list[Job]:
        with self._lock:
            return [job for job in self._jobs if job.due <= time.monotonic()]

    def _publish(self, channel: BlockingChannel, job: Job) -> None:
        """Publish one message and handle the broker's answer; raises when that closes the channel."""
        try:
            self._send(channel, job)
        except exceptions.UnroutableError as error:
            self._on_return()
            self._end(job, in_our_words(error, f"publishing {job.key}"))
        except exceptions.NackError:
            self._refused(job)
        except Exception as error:
            self._judge(job, error)
            raise
        else:
            self._end(job)

    def _send(self, channel: BlockingChannel, job: Job) -> None:
        """Send, and wait for the confirm; pika waits without a limit, hence the watchdog."""
        self._waiting_since = time.monotonic()
        try:
            properties = wire.properties(job.envelope)
            channel.basic_publish(job.exchange, job.key, job.envelope.body, properties, mandatory=True)
        finally:
            self._waiting_since = None

    def _judge(self, job: Job, error: Exception) -> None:
        """End a job that would lose every further channel in the same way."""
        ours = in_our_words(error, f"publishing {job.key}")
        if isinstance(error, exceptions.ChannelClosedByBroker) and error.reply_code == NOT_FOUND:
            ours = UnroutableError(f"publishing {job.key}: there is no exchange {job.exchange!r}; {APPLY}")
        if not isinstance(ours, BusUnavailableError):
            self._end(job, ours)

    def _refused(self, job: Job) -> None:
        """Schedule another try of a message that the broker could not keep, as when a queue is full."""
        job.refusals += 1
        seconds = pause(job.refusals, self._limits.backoff)
        job.due = time.monotonic() + seconds
        log.warning("the broker refused a message, as a full queue does", key=job.key, next_try_seconds=round(seconds))

    def _end(self, job: Job, error: TrainyardError | None = None) -> None:
        with self._lock:
            if job in self._jobs:
                self._jobs.remove(job)
        job.end(error)

    def _watch(self) -> None:
        """End the process when a confirm does not come: its supervisor starts it again, the id makes a repeat safe."""
        while not self._closed.wait(WATCH_SECONDS):
            since = self._waiting_since
            if since is not None and time.monotonic() - since > self._limits.confirm:
                log.critical("the broker confirmed nothing for too long; ending", seconds=self._limits.confirm)
                os._exit(EXIT_UNCONFIRMED)

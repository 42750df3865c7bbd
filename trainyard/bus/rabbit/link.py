"""A connection to the broker with the one thread that uses it; it reconnects whenever it is lost."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

import structlog
from pika import BlockingConnection, URLParameters
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError, ChannelWrongStateError

from trainyard.bus.rabbit.connecting import pause
from trainyard.bus.rabbit.failures import in_our_words

PUMP_SECONDS = 1.0

log = structlog.get_logger()


class Work(Protocol):
    """What is done on a link, always in its thread."""

    def opened(self, channel: BlockingChannel) -> None:
        """Prepare a fresh channel."""

    def turn(self, channel: BlockingChannel) -> None:
        """Do what has come up; called after every pump, and once more before the link is closed."""

    def lost(self, error: Exception) -> None:
        """Forget what belonged to the channel, which is gone because of *error*."""


class Link:
    """One connection with one channel and their I/O thread.

    Two attempts are at most *backoff* seconds apart; *on_reconnect* is called for every connection that replaces one.
    """

    def __init__(
        self, settings: URLParameters, work: Work, *, backoff: float, on_reconnect: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._name = settings.client_properties["connection_name"]
        self._work = work
        self._backoff = backoff
        self._on_reconnect = on_reconnect
        self._closing = threading.Event()
        self._connection: BlockingConnection | None = None
        self._connected_before = False
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)

    def start(self) -> None:
        """Start connecting."""
        self._thread.start()

    @property
    def connected(self) -> bool:
        """Whether the broker has opened the channel and not been lost since."""
        return self._connection is not None

    def wake(self) -> None:
        """Make the thread take a turn now. May be called from any thread."""
        connection = self._connection
        if connection is not None:
            with suppress(AMQPError):  # it was lost meanwhile; the thread takes a turn once it has reconnected
                connection.add_callback_threadsafe(_nothing)

    def close(self, seconds: float) -> None:
        """Take a last turn and disconnect, waiting at most *seconds* for that."""
        self._closing.set()
        self.wake()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        """Keep the connection up until the link is closed."""
        attempts = 0
        while not self._closing.is_set():
            try:
                self._serve()
            except Exception as error:  # noqa: BLE001  a thread that died would leave its callers waiting for ever
                attempts = 0 if self.connected else attempts + 1
                self._connection = None
                self._work.lost(error)
                seconds = pause(attempts, self._backoff)
                self._log_loss(error, seconds)
                self._closing.wait(seconds)

    def _serve(self) -> None:
        """Connect, and pump until the link is closed; raises when it is lost."""
        connection = BlockingConnection(self._settings)
        try:
            channel = connection.channel()
            self._work.opened(channel)
            self._connection = connection
            self._count()
            while not self._closing.is_set():
                self._work.turn(channel)
                connection.process_data_events(time_limit=PUMP_SECONDS)
                if not channel.is_open:
                    raise ChannelWrongStateError("the broker closed the channel")
            self._work.turn(channel)
        finally:
            _close(connection)

    def _count(self) -> None:
        if self._connected_before:
            self._on_reconnect()
            log.info("connected to the broker again", connection=self._name)
        self._connected_before = True

    def _log_loss(self, error: Exception, seconds: float) -> None:
        known = isinstance(error, AMQPError | OSError)
        words = str(in_our_words(error, "the broker is away"))
        log.warning(words, connection=self._name, next_try_seconds=round(seconds, 1), exc_info=not known)


def _close(connection: BlockingConnection) -> None:
    with suppress(AMQPError, OSError):  # it is being given up anyway
        if connection.is_open:
            connection.close()


def _nothing() -> None:
    """Interrupt the pump."""

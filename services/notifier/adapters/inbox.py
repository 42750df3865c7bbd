"""The inbox: which mails went out, in a SQLite file or PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, create_engine, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, InterfaceError, OperationalError, ProgrammingError

from services.notifier.ports import InboxUnavailableError
from trainyard.errors import PermanentError

T = TypeVar("T")

METADATA = MetaData()

MAILS = Table(
    "notifier_mails",
    METADATA,
    Column("message_id", String(64), primary_key=True),
    Column("recipient", String(320), primary_key=True),
)


class SqlInbox:
    """The inbox on a SQL database, which it may share with others.

    Args:
        url: A SQLAlchemy URL such as `sqlite:///inbox.db` or `postgresql+psycopg://user:password@host/database`.

    Raises:
        InboxUnavailableError: The database does not answer.
        PermanentError: *url* names no database that can be used here.
    """

    def __init__(self, url: str) -> None:
        self._engine = _connect(url)
        try:
            self._create()
        except DBAPIError as error:
            raise self._unavailable(error) from error

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def told(self, message_id: str, recipient: str) -> bool:
        """Tell whether the mail about this message went to the recipient."""
        query = select(MAILS).where(MAILS.c.message_id == message_id, MAILS.c.recipient == recipient)
        return self._run(lambda connection: connection.execute(query).first()) is not None

    def remember(self, message_id: str, recipient: str) -> None:
        """Note that it did."""
        if not self.told(message_id, recipient):
            row = insert(MAILS).values(message_id=message_id, recipient=recipient)
            self._run(lambda connection: connection.execute(row))

    def _create(self) -> None:
        """Create the table if need be; two services that start at once may both do it."""
        try:
            METADATA.create_all(self._engine)
        except (IntegrityError, ProgrammingError, OperationalError):
            METADATA.create_all(self._engine)  # the other one was first; a real error comes again

    def _run(self, work: Callable[[Connection], T]) -> T:
        """Do *work* in one transaction."""
        try:
            with self._engine.begin() as connection:
                return work(connection)
        except (OperationalError, InterfaceError, IntegrityError) as error:
            raise self._unavailable(error) from error

    def _unavailable(self, error: DBAPIError) -> InboxUnavailableError:
        """Say that the database does not answer, without its password."""
        reason = str(error.orig).strip().splitlines()[0]
        return InboxUnavailableError(
            f"the inbox at {self._engine.url.render_as_string(hide_password=True)} did not answer: {reason};"
            " check TRAINYARD_NOTIFIER_INBOX and that the database runs"
        )


def _connect(url: str) -> Engine:
    """Return the database at *url*; a SQLite file's folder is made if need be."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite" and address.database:
            os.makedirs(os.path.dirname(os.path.abspath(address.database)), exist_ok=True)
        return create_engine(address, pool_pre_ping=True)
    except (ArgumentError, ImportError, OSError) as error:
        raise PermanentError(
            f"TRAINYARD_NOTIFIER_INBOX names no database that can be used: {error};"
            " set it to sqlite:///<file> or postgresql+psycopg://user:password@host/database"
        ) from error

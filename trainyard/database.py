"""A service's database, a SQLite file or PostgreSQL: its tables, its transactions, and its errors as ours."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, InterfaceError, OperationalError, ProgrammingError

from trainyard.errors import PermanentError, TransientError

T = TypeVar("T")

COLLISIONS = 5
"""How often a transaction is tried while other instances keep writing the same keys first."""

SQLITE_WAIT_SECONDS = 30


class Database:
    """A database with its *tables*, connected to on first use, and again whenever a connection was lost.

    Args:
        url: A SQLAlchemy URL such as `sqlite:///file.db` or `postgresql+psycopg://user:password@host/database`.
        setting: The environment variable that holds the URL, for messages.
        unavailable: The error for a database that does not answer.

    Raises:
        TransientError: The database does not answer (as *unavailable*).
        PermanentError: *url* does not name a usable database.
    """

    def __init__(self, url: str, tables: MetaData, *, setting: str, unavailable: type[TransientError]) -> None:
        self._setting = setting
        self._unavailable = unavailable
        self._engine = self._connect(url)
        try:
            _create(tables, self._engine)
        except DBAPIError as error:
            raise self._meaning(error) from error

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def run(self, work: Callable[[Connection], T]) -> T:
        """Do *work* in one transaction; repeat it where another instance wrote the same key first."""
        for _ in range(COLLISIONS):
            try:
                with self._engine.begin() as connection:
                    return work(connection)
            except IntegrityError:
                continue
            except (OperationalError, InterfaceError) as error:
                raise self._meaning(error) from error
        raise self._unavailable("another instance kept writing the same rows first")

    def _connect(self, url: str) -> Engine:
        try:
            address = make_url(url)
            is_sqlite = address.get_backend_name() == "sqlite"
            return _sqlite(address) if is_sqlite else create_engine(address, pool_pre_ping=True)
        except (ArgumentError, ImportError, OSError) as error:
            raise PermanentError(
                f"{self._setting} does not name a usable database: {error};"
                " set it to sqlite:///<file> or postgresql+psycopg://user:password@host/database"
            ) from error

    def _meaning(self, error: DBAPIError) -> TransientError:
        """Return an error as ours, without the password."""
        reason = str(error.orig).strip().splitlines()[0]
        return self._unavailable(
            f"the database at {self._engine.url.render_as_string(hide_password=True)} did not answer: {reason};"
            f" check {self._setting} and that the database runs"
        )


def _create(tables: MetaData, engine: Engine) -> None:
    """Create the missing tables; two services that start at once may both do it."""
    try:
        tables.create_all(engine)
    except (IntegrityError, ProgrammingError, OperationalError):
        tables.create_all(engine)  # the other one was first; a real error is raised again


def _sqlite(address: URL) -> Engine:
    """Return a SQLite database whose transactions take the write lock at their start; its folder is created.

    Otherwise one that reads first would fail when another one wrote before it does.
    """
    if address.database and address.database != ":memory:":
        os.makedirs(os.path.dirname(os.path.abspath(address.database)), exist_ok=True)
    engine = create_engine(address, connect_args={"timeout": SQLITE_WAIT_SECONDS})
    event.listen(engine, "connect", _leave_transactions_to_us)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _leave_transactions_to_us(connection: Any, _: Any) -> None:
    """Turn off the driver's own BEGIN, and let readers continue during a write."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")

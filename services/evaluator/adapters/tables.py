"""The ledger's tables, and the database they lie in: a SQLite file or PostgreSQL."""

from __future__ import annotations

import os
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, OperationalError, ProgrammingError

from trainyard.errors import PermanentError

SQLITE_WAIT_SECONDS = 30

METADATA = MetaData()


def _job() -> Column[str]:
    """The column that names the job of a row."""
    return Column("job", String(63), ForeignKey("jobs.job"), primary_key=True)


JOBS = Table(
    "jobs",
    METADATA,
    Column("job", String(63), primary_key=True),
    Column("started", Float, nullable=False, index=True),
    Column("deadline", Float, nullable=False, index=True),
    Column("updated", Float, nullable=False),
    Column("about", Text, nullable=False),  # policy, origin and seed as JSON
    Column("progress", Text, nullable=False),  # Progress as JSON
)

TRIALS = Table(
    "trials",
    METADATA,
    _job(),
    Column("trial", Integer, primary_key=True),
    Column("body", Text, nullable=False),  # Trial as JSON
)

VERDICTS = Table(
    "verdicts",
    METADATA,
    _job(),
    Column("trial", Integer, primary_key=True),
    Column("messages", Text, nullable=False),  # what the trial led to: a JSON list of [key, body]
)

ENDINGS = Table(
    "endings",
    METADATA,
    _job(),
    Column("body", Text, nullable=False),  # job.finished as JSON
    Column("cause", String(64), nullable=False),
    Column("announced", Boolean, nullable=False),
)


def connect(url: str) -> Engine:
    """Return the database at *url*; a SQLite file's folder is made if need be.

    Raises:
        PermanentError: *url* names no database that can be used here.
    """
    try:
        address = make_url(url)
        if address.get_backend_name() != "sqlite":
            return create_engine(address, pool_pre_ping=True)
        return _sqlite(address)
    except (ArgumentError, ImportError, OSError) as error:
        raise PermanentError(
            f"TRAINYARD_EVALUATOR_LEDGER names no database that can be used: {error};"
            " set it to sqlite:///<file> or postgresql+psycopg://user:password@host/database"
        ) from error


def create(engine: Engine) -> None:
    """Create the tables that are missing; two services that start at once may both do it."""
    try:
        METADATA.create_all(engine)
    except (IntegrityError, ProgrammingError, OperationalError):
        METADATA.create_all(engine)  # the other one was first; a real error comes again


def _sqlite(address: URL) -> Engine:
    """Return a SQLite database whose transactions take the write lock at their start.

    One that reads first and writes later would otherwise fail when somebody else wrote in between.
    """
    _make_folder(address)
    engine = create_engine(address, connect_args={"timeout": SQLITE_WAIT_SECONDS})
    event.listen(engine, "connect", _leave_transactions_to_us)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _make_folder(address: URL) -> None:
    """Make the folder of a SQLite file."""
    if address.database and address.database != ":memory:":
        os.makedirs(os.path.dirname(os.path.abspath(address.database)), exist_ok=True)


def _leave_transactions_to_us(connection: Any, _: Any) -> None:
    """Turn off the driver's own BEGIN, and let readers go on while somebody writes."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")

"""Databases for contract tests: a SQLite file, and a real PostgreSQL in a container of its own."""

import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.requirements import cannot_run
from trainyard.testing import eventually

IMAGE = "postgres:17"
PASSWORD = "trainyard-tests"
START_SECONDS = 180.0


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The libpq address of a PostgreSQL on a free loopback port, thrown away at the session's end."""
    container = _start()
    try:
        yield _address(container)
    finally:
        _docker("rm", "--force", "--volumes", container)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The SQLAlchemy URL of an empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/some/folder/test.db"
    return new_database(request.getfixturevalue("postgres_server"))


def new_database(server: str) -> str:
    """Make an empty database on the server and return its SQLAlchemy URL."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return server.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")


@contextmanager
def locked_out(server: str, url: str) -> Iterator[None]:
    """Cut every connection to a database and allow no new one, as if its server were away."""
    name = sql.Identifier(url.partition("?")[0].rpartition("/")[2])
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        yield
        connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))


def _start() -> str:
    """Start the container, or say why the tests that want it cannot run."""
    if _docker("version").returncode != 0:
        cannot_run("no Docker engine answers; run `make engine`")
    if _docker("image", "inspect", IMAGE).returncode != 0:
        cannot_run(f"there is no image {IMAGE}; run `docker pull {IMAGE}` or `deploy/airgap/build postgres`")
    started = _docker(
        *("run", "--detach", "--publish", "127.0.0.1::5432", "--env", f"POSTGRES_PASSWORD={PASSWORD}"),
        *("--tmpfs", "/var/lib/postgresql/data", IMAGE),
        # Nothing of a test's database has to outlive it.
        *("postgres", "-c", "fsync=off"),
    )
    return started.stdout.strip() or cannot_run(f"{IMAGE} did not start: {started.stderr}")


def _address(container: str) -> str:
    """Wait until the server answers on the port that the engine chose."""
    published = _docker("port", container, "5432/tcp").stdout.split()[0]
    address = f"postgresql://postgres:{PASSWORD}@{published}/postgres?connect_timeout=2"

    def answers() -> bool:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            return False
        return True

    eventually(answers, timeout=START_SECONDS, message="PostgreSQL does not answer", every=0.2)
    return address


def _docker(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a docker command."""
    try:
        return subprocess.run(["docker", *words], capture_output=True, text=True, check=False, timeout=60)
    except FileNotFoundError:
        return subprocess.CompletedProcess(words, 127, "", "there is no `docker` command")

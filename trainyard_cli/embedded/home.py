"""Where an embedded run keeps its files: `.trainyard/` in the current folder.

.trainyard/
  jobs/<job>/      what is delivered: patch, model, figures, job.json
  log.jsonl        what the services logged
  sessions/<id>/   ledger, storage and working folders of a run; removed when it ends
  kept/<job>/      the same, of a run with --keep
"""

import fcntl
import logging
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog

from trainyard.errors import TrainyardError
from trainyard.middleware import logs
from trainyard_cli.errors import CommandError

FOLDER = ".trainyard"
LOCK = "lock"


class Home:
    """The folder of embedded runs, `.trainyard/` in *parent*: created if necessary, and ignored by git.

    Raises:
        CommandError: It is not writable.
    """

    def __init__(self, parent: Path) -> None:
        self.path = parent / FOLDER
        try:
            self.path.mkdir(exist_ok=True)
            (self.path / ".gitignore").write_text("*\n")
        except OSError as error:
            remedy = "Run trainyard in a folder where you have write permission."
            raise CommandError(f"{self.path} is not writable: {error.strerror}", remedy=remedy) from error

    @property
    def log(self) -> Path:
        """The file that the services log to: the terminal belongs to the table."""
        return self.path / "log.jsonl"

    @contextmanager
    def logging(self) -> Iterator[None]:
        """Send every log line of this process to the log, one JSON object each."""
        with self.log.open("a", buffering=1) as file:
            handler = logs.configure("INFO", file)
            logging.captureWarnings(capture=True)
            try:
                yield
            finally:
                structlog.reset_defaults()
                logging.getLogger().removeHandler(handler)

    @contextmanager
    def session(self, clean: Callable[[Path], None] = lambda _: None) -> Iterator[Path]:
        """Create a folder for one run, and remove it at the end.

        Folders of runs that were killed are removed too: their locks are free. *clean* is called for each of them
        first; when it raises a TrainyardError, the folder stays for the next time.
        """
        sessions = self.path / "sessions"
        sessions.mkdir(exist_ok=True)
        _sweep(sessions, clean)
        folder = sessions / f"{os.getpid()}-{secrets.token_hex(3)}"
        folder.mkdir()
        with (folder / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)


def _sweep(sessions: Path, clean: Callable[[Path], None]) -> None:
    for folder in sessions.iterdir():
        with suppress(OSError, TrainyardError), (folder / LOCK).open("a") as lock:  # held: its run is not over
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            clean(folder)
            shutil.rmtree(folder, ignore_errors=True)

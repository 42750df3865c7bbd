"""Where an embedded run keeps its things: `.trainyard/` in the current folder.

.trainyard/
  jobs/<job>/      what is delivered: patch, model, figures, job.json
  log.jsonl        what the services logged
  sessions/<id>/   ledger, storage and working folders of a run; gone when it ends
  kept/<job>/      the same, of a run with --keep
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from trainyard.errors import TrainyardError
from trainyard_cli.errors import CommandError

FOLDER = ".trainyard"
LOCK = "lock"


class Home:
    """The folder of embedded runs.

    Args:
        parent: The folder in which `.trainyard/` lies; it is made if need be, and git is told to ignore it.

    Raises:
        CommandError: It cannot be written.
    """

    def __init__(self, parent: Path) -> None:
        self.path = parent / FOLDER
        try:
            self.path.mkdir(exist_ok=True)
            (self.path / ".gitignore").write_text("*\n")
        except OSError as error:
            remedy = "Run trainyard in a folder that you may write to."
            raise CommandError(f"{self.path} cannot be written: {error.strerror}", remedy=remedy) from error

    @property
    def log(self) -> Path:
        """The file that the services log to."""
        return self.path / "log.jsonl"

    def job(self, name: str) -> Path:
        """Return where the results of a job go."""
        return self.path / "jobs" / name

    def kept(self, name: str) -> Path:
        """Return where the working folders of a job go that are to be kept."""
        return self.path / "kept" / name

    @contextmanager
    def session(self, clean: Callable[[Path], None] = lambda _: None) -> Iterator[Path]:
        """Make a folder for one run, and remove it in the end.

        Folders of runs that were killed are removed too: their lock is no longer held. *clean* is called for each of
        them before; the folder stays for another time when it raises a TrainyardError.
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
    """Remove the folders whose run is over."""
    for folder in sessions.iterdir():
        with suppress(OSError, TrainyardError), (folder / LOCK).open("a") as lock:  # held: its run is not over
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            clean(folder)
            shutil.rmtree(folder, ignore_errors=True)

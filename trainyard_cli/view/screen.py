"""How a job is shown while it runs: a live table in a terminal, lines in a log."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from trainyard_cli.view import lines, table
from trainyard_cli.view.job import Job, ended


class Screen(Protocol):
    """Shows a job while it changes."""

    def show(self, job: Job) -> None:
        """Show *job* as it is now."""

    def note(self, text: str) -> None:
        """Print a note above what is shown."""


@contextmanager
def screen(console: Console) -> Iterator[Screen]:
    """Yield the screen that suits *console*; what it showed last stays there at the end."""
    if not console.is_terminal:
        yield LineScreen(console)
        return
    with Live(console=console, refresh_per_second=10, vertical_overflow="visible") as live:
        yield LiveScreen(live)


class LiveScreen:
    """A table that is redrawn as the job progresses."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._spinner = Spinner("dots", style="cyan")
        self._since: dict[int, float] = {}

    def show(self, job: Job) -> None:
        """Draw the table of *job*."""
        elapsed = {trial.trial: self._elapsed(trial.trial) for trial in job.rows() if not ended(trial)}
        busy = None if job.outcome else self._spinner
        self._live.update(table.trials(job, elapsed=elapsed, busy=busy, width=self._live.console.width))

    def note(self, text: str) -> None:
        """Print a line above the table."""
        self._live.console.print(Text(text, "dim"))

    def _elapsed(self, trial: int) -> float:
        return float(int(time.monotonic() - self._since.setdefault(trial, time.monotonic())))


class LineScreen:
    """A line for each change of state, for logs."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last: Job | None = None

    def show(self, job: Job) -> None:
        """Print what is new since the last time."""
        for line in lines.news(self._last, job):
            self.note(line)
        self._last = job

    def note(self, text: str) -> None:
        """Print a line."""
        self._console.print(Text(text), soft_wrap=True)
        self._console.file.flush()

"""How a job is shown while it runs: a live table in a terminal, lines in a log."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from trainyard_cli.view import lines, table
from trainyard_cli.view.job import Job, ended


class Screen(Protocol):
    """Shows a job while it changes; a context, so that the terminal is restored."""

    def show(self, job: Job) -> None:
        """Show *job* as it is now."""

    def note(self, text: str) -> None:
        """Print a note above what is shown."""

    def __enter__(self) -> Self:
        """Start showing."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Keep what was shown last on the screen."""


def screen(console: Console) -> Screen:
    """Return the screen that suits *console*."""
    return LiveScreen(console) if console.is_terminal else LineScreen(console)


class LiveScreen:
    """A table that is redrawn as the job progresses."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, refresh_per_second=10, vertical_overflow="visible")
        self._spinner = Spinner("dots", style="cyan")
        self._since: dict[int, float] = {}

    def show(self, job: Job) -> None:
        """Draw the table of *job*."""
        elapsed = {trial.trial: self._elapsed(trial.trial) for trial in job.rows() if not ended(trial)}
        busy = None if job.outcome else self._spinner
        self._live.update(table.trials(job, elapsed=elapsed, busy=busy, width=self._console.width))

    def note(self, text: str) -> None:
        """Print a line above the table."""
        self._console.print(Text(text, "dim"))

    def __enter__(self) -> Self:
        """Start drawing."""
        self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Keep the last table on the screen."""
        self._live.stop()

    def _elapsed(self, trial: int) -> float:
        """Return how long the trial has been on the screen, in whole seconds."""
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

    def __enter__(self) -> Self:
        """Need no preparation."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Need no cleanup."""

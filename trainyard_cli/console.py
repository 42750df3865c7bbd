"""The person at the terminal: who it is, and where the command writes (results to stdout, errors to stderr)."""

import getpass
import sys
from collections.abc import Iterable

from rich.console import Console, RenderableType


def output() -> Console:
    """Return the console for results; it knows whether stdout is a terminal."""
    return Console(highlight=False)


def say(console: Console, renderable: RenderableType) -> None:
    """Print *renderable*; lines are wrapped only in a terminal."""
    console.print(renderable, soft_wrap=not console.is_terminal)


def show(console: Console, table: RenderableType, lines: Iterable[RenderableType]) -> None:
    """Print *table* in a terminal, *lines* in a log."""
    for part in [table] if console.is_terminal else lines:
        say(console, part)


def complain(message: str) -> None:
    """Write one line to stderr."""
    sys.stderr.write(f"trainyard: {' '.join(message.split())}\n")


def whoami() -> str:
    """Return the login name, or "" where the system knows none, as in a bare container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""

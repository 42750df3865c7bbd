"""Where the command writes: results to stdout, errors to stderr."""

from __future__ import annotations

import sys

from rich.console import Console, RenderableType


def output() -> Console:
    """Return the console for results; it knows whether stdout is a terminal."""
    return Console(highlight=False)


def say(console: Console, renderable: RenderableType) -> None:
    """Print *renderable*; lines are only broken where a person looks at a terminal."""
    console.print(renderable, soft_wrap=not console.is_terminal)


def complain(message: str) -> None:
    """Write one line to stderr."""
    sys.stderr.write(f"trainyard: {' '.join(message.split())}\n")

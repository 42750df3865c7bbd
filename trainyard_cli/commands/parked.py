"""`trainyard parked`: messages that could not be handled."""

from __future__ import annotations

import typer

app = typer.Typer(
    help="Messages that could not be handled: look at them, replay them, drop them.", no_args_is_help=True
)

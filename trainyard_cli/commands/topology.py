"""`trainyard topology`: queues, policies, users."""

from __future__ import annotations

import typer

app = typer.Typer(help="The broker's exchanges, queues, policies and users, from one table.", no_args_is_help=True)

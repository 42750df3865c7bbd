"""`trainyard topology`: queues, policies, users."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="The broker's exchanges, queues, policies and users, from one table.", no_args_is_help=True)


@app.command()
def apply(
    patience: Annotated[float, typer.Option(min=0, help="Seconds to wait for a broker that is starting.")] = 90.0,
) -> None:
    """Make what is missing on the broker; what is there is left alone, so it may be repeated.

    The services' passwords come from TRAINYARD_BROKER_PASSWORD_<SERVICE>.

    Example: trainyard topology apply --patience 10
    """
    from functools import partial

    from trainyard.bus import provision
    from trainyard_cli.console import output, say
    from trainyard_cli.settings import read_settings

    console = output()
    passwords = provision.BrokerPasswords().model_dump()
    rows = provision.apply(read_settings().management_url, passwords, patience=patience, say=partial(say, console))
    say(console, f"The topology is in place: {sum(not row.surplus for row in rows)} things are as they should be.")


@app.command()
def show() -> int:
    """Show what there should be on the broker and what is different; the status is 1 if something is.

    Example: trainyard topology show
    """
    from trainyard.bus import provision
    from trainyard_cli.console import output, say
    from trainyard_cli.settings import read_settings
    from trainyard_cli.view import topology

    console = output()
    rows = provision.check(read_settings().management_url)
    for shown in [topology.table(rows)] if console.is_terminal else map(topology.line, rows):
        say(console, shown)
    wrong = sum(not row.ok and not row.surplus for row in rows)
    if wrong:
        say(
            console,
            f"{wrong} of {len(rows)} are not as they should be; `trainyard topology apply` makes what is missing.",
        )
    return int(bool(wrong))

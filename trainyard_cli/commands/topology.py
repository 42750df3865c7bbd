"""`trainyard topology`: queues, policies, users."""

from typing import Annotated

import typer

from trainyard_cli import console

app = typer.Typer(help="The broker's exchanges, queues, policies and users.", no_args_is_help=True)


@app.command()
def apply(
    patience: Annotated[float, typer.Option(min=0, help="Seconds to wait for a broker that is starting.")] = 90.0,
) -> None:
    """Create what is missing on the broker; existing parts are left alone, so it may be repeated.

    The services' passwords come from TRAINYARD_BROKER_PASSWORD_<SERVICE>.

    Example: trainyard topology apply --patience 10
    """
    from functools import partial

    from trainyard.bus import provision
    from trainyard_cli.settings import read_settings

    report = partial(console.say, console.output())
    passwords = provision.BrokerPasswords().model_dump()
    rows = provision.apply(read_settings().management_url, passwords, patience=patience, report=report)
    report(f"The topology is in place: all {sum(not row.surplus for row in rows)} parts.")


@app.command()
def show() -> int:
    """Show what should be on the broker and what differs; the status is 1 if something does.

    Example: trainyard topology show
    """
    from trainyard.bus import provision
    from trainyard_cli.settings import read_settings
    from trainyard_cli.view import operations

    output = console.output()
    rows = provision.check(read_settings().management_url)
    console.show(output, operations.topology_table(rows), map(operations.topology_line, rows))
    wrong = sum(row.wrong for row in rows)
    if wrong:
        remedy = "`trainyard topology apply` creates what is missing."
        console.say(output, f"{wrong} of {len(rows)} parts are missing or different; {remedy}")
    return int(bool(wrong))

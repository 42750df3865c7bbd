"""`trainyard parked`: messages that could not be handled."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(
    help="Messages that could not be handled: look at them, replay them, drop them.", no_args_is_help=True
)

Id = Annotated[str, typer.Argument(metavar="ID", help="A parked message, or how its id begins.")]


@app.command("list")
def list_() -> None:
    """Show what is parked, oldest first, and why.

    Example: trainyard parked list
    """
    from trainyard.bus.parking import parked
    from trainyard_cli.console import output, say
    from trainyard_cli.remote.broker import broker
    from trainyard_cli.settings import read_settings
    from trainyard_cli.view import parking

    console = output()
    with broker(read_settings().broker_url) as bus:
        items = parked(bus)
    if not items:
        say(console, "Nothing is parked.")
    for shown in [parking.table(items)] if items and console.is_terminal else map(parking.line, items):
        say(console, shown)


@app.command()
def show(wanted: Id) -> None:
    """Show a parked message: why it is parked, where it was, and its body.

    Example: trainyard parked show 4f1c
    """
    from trainyard.bus.parking import parked
    from trainyard_cli.console import output, say
    from trainyard_cli.remote.broker import broker
    from trainyard_cli.remote.parked import the_one
    from trainyard_cli.settings import read_settings
    from trainyard_cli.view import parking

    with broker(read_settings().broker_url) as bus:
        item = the_one(parked(bus), wanted)
    say(output(), parking.whole(item))


@app.command()
def replay(
    wanted: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="A parked message, or how its id begins.")
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Replay all that is parked.")] = False,
) -> None:
    """Send a parked message back to where it was, as if it had never failed; mend the reason first.

    Example: trainyard parked replay 4f1c
    """
    from trainyard.bus import parking
    from trainyard_cli.console import output, say
    from trainyard_cli.errors import UsageError
    from trainyard_cli.remote.broker import broker
    from trainyard_cli.remote.parked import the_one
    from trainyard_cli.settings import read_settings

    if (wanted is None) is not everything:
        raise UsageError("say which message to replay", remedy="Name its ID or say --all; `trainyard parked list`.")
    with broker(read_settings().broker_url) as bus:
        one = the_one(parking.parked(bus), wanted).id if wanted else None
        done = parking.replay(bus, lambda item: one in (None, item.id))
    say(output(), "\n".join(f"replayed {item.id}: {item.type}" for item in done) or "Nothing is parked.")


@app.command()
def drop(wanted: Id) -> None:
    """Throw a parked message away; its job ends by its deadline at the latest.

    Example: trainyard parked drop 4f1c
    """
    from trainyard.bus import parking
    from trainyard_cli.console import output, say
    from trainyard_cli.remote.broker import broker
    from trainyard_cli.remote.parked import the_one
    from trainyard_cli.settings import read_settings

    with broker(read_settings().broker_url) as bus:
        one = the_one(parking.parked(bus), wanted).id
        done = parking.drop(bus, lambda item: item.id == one)
    say(output(), "\n".join(f"dropped {item.id}: {item.type}" for item in done))

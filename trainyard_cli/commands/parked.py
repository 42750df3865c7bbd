"""`trainyard parked`: messages that could not be handled."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Annotated

import typer

from trainyard_cli.console import output, say, show
from trainyard_cli.errors import UsageError

if TYPE_CHECKING:
    from trainyard.bus.parking import Parked
    from trainyard.bus.port import Bus

app = typer.Typer(
    help="Messages that could not be handled: inspect them, replay them, drop them.", no_args_is_help=True
)

LIST = "`trainyard parked list` shows all."
Id = Annotated[str, typer.Argument(metavar="ID", help="A parked message, or how its id begins.")]


@app.command("list")
def list_() -> None:
    """Show the parked messages, oldest first, and why they were parked.

    Example: trainyard parked list
    """
    from trainyard.bus.parking import parked
    from trainyard_cli.view import operations

    console = output()
    with _broker() as bus:
        items = parked(bus)
    if not items:
        return say(console, "Nothing is parked.")
    return show(console, operations.parked_table(items), map(operations.parked_line, items))


@app.command("show")
def show_(prefix: Id) -> None:
    """Show a parked message: why it was parked, which queue it was in, and its body.

    Example: trainyard parked show 4f1c
    """
    from trainyard.bus.parking import parked
    from trainyard_cli.view.operations import parked_message

    with _broker() as bus:
        item = find_parked(parked(bus), prefix)
    say(output(), parked_message(item))


@app.command()
def replay(
    prefix: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="A parked message, or how its id begins.")
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Replay all parked messages.")] = False,
) -> None:
    """Send a parked message back to its queue, as if it had never failed; fix the cause first.

    Example: trainyard parked replay 4f1c
    """
    from trainyard.bus import parking

    if (prefix is None) is not everything:
        raise UsageError("which message should be replayed?", remedy=f"Give its ID, or --all; {LIST}")
    with _broker() as bus:
        one = find_parked(parking.parked(bus), prefix).id if prefix else None
        replayed = parking.replay(bus, lambda item: one in (None, item.id))
    say(output(), "\n".join(f"replayed {item.id}: {item.type}" for item in replayed) or "Nothing is parked.")


@app.command()
def drop(prefix: Id) -> None:
    """Delete a parked message; its job ends by its deadline at the latest.

    Example: trainyard parked drop 4f1c
    """
    from trainyard.bus import parking

    with _broker() as bus:
        one = find_parked(parking.parked(bus), prefix).id
        dropped = parking.drop(bus, lambda item: item.id == one)
    say(output(), "\n".join(f"dropped {item.id}: {item.type}" for item in dropped))


def _broker() -> AbstractContextManager[Bus]:
    from trainyard_cli.remote.broker import broker
    from trainyard_cli.settings import read_settings

    return broker(read_settings().broker_url)


def find_parked(items: Sequence[Parked], prefix: str) -> Parked:
    """Return the one message whose id begins with *prefix*; copies of one message count as one.

    Raises:
        UsageError: None or several do.
    """
    matching = {item.id: item for item in items if item.id.startswith(prefix)}
    if prefix in matching or len(matching) == 1:
        return matching.get(prefix) or next(iter(matching.values()))
    if not matching:
        raise UsageError(f"no parked message has an id that begins with {prefix!r}", remedy=LIST)
    raise UsageError(f"{len(matching)} parked messages have an id that begins with {prefix!r}", remedy=LIST)

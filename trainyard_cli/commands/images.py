"""`trainyard images`: build the training images now."""

from __future__ import annotations

from typing import Annotated

import typer


def images(
    kinds: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[KIND]...",
            help="sklearn, ann, cnn, torch, keras2, python311, python37; the first three where none is named.",
        ),
    ] = None,
) -> None:
    """Build the training images now instead of on first need; those that are there already are left alone.

    Example: trainyard images sklearn ann
    """
    from functools import partial

    from trainyard_cli.console import output, say
    from trainyard_cli.engines import KINDS, MORE_KINDS, image
    from trainyard_cli.errors import UsageError
    from trainyard_cli.settings import read_settings

    settings, console = read_settings(), output()
    known = (*KINDS, *MORE_KINDS)
    unknown = sorted(set(kinds or ()) - set(known))
    if unknown:
        raise UsageError(f"there is no image {', '.join(unknown)}", remedy=f"There are {', '.join(known)}.")
    for kind in kinds or KINDS:
        say(console, f"{kind}: {image(kind, settings, partial(say, console))}")

"""`trainyard submit`: hand code to services that run elsewhere."""

from __future__ import annotations

from typing import Annotated

import typer


def submit(
    path: Annotated[str, typer.Argument(metavar="PATH_OR_URL", help="A folder, a .py file or a git URL.")],
    revision: Annotated[str | None, typer.Option(help="Branch, tag or commit of a git URL.")] = None,
    threshold: Annotated[float | None, typer.Option(help="The bar; 0.90 where nothing is said.")] = None,
    trials: Annotated[int | None, typer.Option(min=1, max=1000, help="The most trials, yours included.")] = None,
    entrypoint: Annotated[str | None, typer.Option(help="The script to run, relative to the folder.")] = None,
    *,
    watch: Annotated[
        bool, typer.Option("--watch", help="Follow the job to its end, as `trainyard watch` does.")
    ] = False,
) -> int:
    """Hand code to the services; a folder is uploaded, a git URL is fetched by them.

    Example: trainyard submit https://host/user/repo.git --revision main --threshold 0.95 --watch
    """
    from trainyard_cli.console import output
    from trainyard_cli.remote.submitting import submit_code
    from trainyard_cli.settings import read_settings
    from trainyard_cli.source import overrides, read_source

    source = read_source(path)
    wishes = overrides(threshold=threshold, trials=trials, entrypoint=entrypoint or source.entrypoint)
    return submit_code(source, revision, wishes, read_settings(), output(), watch=watch)

"""`trainyard inspect`: what Trainyard would do with some code, and why."""

from __future__ import annotations

from typing import Annotated

import typer


def inspect_code(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A folder, a .py file or a notebook.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as one JSON object.")] = False,
) -> int:
    """Say what would be run and how, with the reason for each conclusion; nothing of the code is run.

    The status is 1 where the code would be refused.

    Example: trainyard inspect examples/wines
    """
    from trainyard_cli.console import output, say
    from trainyard_cli.errors import CommandError, UsageError
    from trainyard_cli.inspecting import inspect_folder
    from trainyard_cli.source import read_source
    from trainyard_cli.view import conclusions

    source = read_source(path)
    if source.folder is None:
        raise UsageError(f"{path} is not on this machine", remedy="Clone it, and name the folder.")
    found = inspect_folder(source.folder, source.entrypoint)
    if as_json:
        print(conclusions.as_json(found))  # noqa: T201  plain, whatever the width of the terminal
        return int(not found.plan)
    if found.plan is None:
        assert found.refusal  # noqa: S101
        raise CommandError(found.refusal.message, remedy=found.refusal.remedy)
    console = output()
    say(console, conclusions.table(found.plan) if console.is_terminal else conclusions.lines(found.plan))
    return 0

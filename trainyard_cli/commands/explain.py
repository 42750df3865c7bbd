"""`trainyard explain`: why a job went as it did."""

from __future__ import annotations

from typing import Annotated

import typer


def explain(
    job: Annotated[str, typer.Argument(metavar="JOB", help="A job, how its name begins, or a job.json.")],
) -> None:
    """Tell what was wrong with each trial, what was changed against it, and what that gained.

    Jobs of `trainyard run` are found below .trainyard/jobs in the current folder, all others at the evaluator.

    Example: trainyard explain wines-3f
    """
    from trainyard_cli.console import output
    from trainyard_cli.kept import find
    from trainyard_cli.settings import read_settings
    from trainyard_cli.view.explanation import explanation

    console = output()
    for line in explanation(find(job, read_settings().evaluator_url)):
        console.print(line, soft_wrap=True)

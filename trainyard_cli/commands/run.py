"""`trainyard run`: everything in one process."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trainyard_cli.choices import EngineChoice


def run(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A folder, a .py file or a git URL.")],
    *,
    threshold: Annotated[float | None, typer.Option(help="The bar; 0.90 where nothing is said.")] = None,
    trials: Annotated[int | None, typer.Option(min=1, max=1000, help="The most trials, yours included.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=2**31 - 1, help="What random numbers begin with.")] = None,
    engine: Annotated[EngineChoice, typer.Option(help="Where trainings run.")] = EngineChoice.auto,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the working folders too, for a look inside.")] = False,
    to: Annotated[
        Path | None, typer.Option(help="Where patch and model go; .trainyard/jobs/JOB where nothing is said.")
    ] = None,
) -> int:
    """Train a script until it clears its bar, all in this process; the status is 0 if it passed, 1 if not.

    Your files are not touched: what was changed comes as a patch. Ctrl-C cancels.

    Example: trainyard run examples/wines --threshold 0.95
    """
    from trainyard_cli.settings import read_settings
    from trainyard_cli.source import overrides, read_source

    source = read_source(path)
    policy = overrides(threshold=threshold, trials=trials, seed=seed, entrypoint=source.entrypoint)
    from trainyard_cli.embedded.running import Wishes, run_embedded  # slow; a slip in the command line is told at once

    return run_embedded(source, Wishes(policy, engine, to, keep=keep), read_settings())

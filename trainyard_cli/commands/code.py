"""Commands about code: `run`, `submit` and `inspect`."""

from pathlib import Path
from typing import Annotated

import typer

from trainyard_cli.choices import EngineChoice
from trainyard_cli.console import output, show
from trainyard_cli.errors import CommandError, UsageError
from trainyard_cli.source import overrides, read_source

Threshold = Annotated[float | None, typer.Option(help="The metric's value to reach; 0.90 by default.")]
Trials = Annotated[int | None, typer.Option(min=1, max=1000, help="The most trials, the original code included.")]


def run(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A folder, a .py file, a notebook or a git URL.")],
    *,
    threshold: Threshold = None,
    trials: Trials = None,
    seed: Annotated[int | None, typer.Option(min=0, max=2**31 - 1, help="The seed of all random numbers.")] = None,
    engine: Annotated[EngineChoice, typer.Option(help="Where trainings run.")] = EngineChoice.auto,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the working folders too, for inspection.")] = False,
    to: Annotated[Path | None, typer.Option(help="Where patch and model go; .trainyard/jobs/JOB by default.")] = None,
) -> int:
    """Train a script until it reaches its threshold, all in this process; the status is 0 if it passed, 1 if not.

    Your files are not touched: the changes are delivered as a patch. Ctrl-C cancels.

    Example: trainyard run examples/wines --threshold 0.95
    """
    source = read_source(path)
    policy = overrides(threshold=threshold, trials=trials, seed=seed, entrypoint=source.entrypoint)
    from trainyard_cli.embedded.running import Options, run_embedded  # slow: mistakes above are reported at once
    from trainyard_cli.settings import read_settings

    return run_embedded(source, Options(policy, engine, to, keep=keep), read_settings())


def submit(
    path: Annotated[str, typer.Argument(metavar="PATH_OR_URL", help="A folder, a .py file, a notebook or a git URL.")],
    revision: Annotated[str | None, typer.Option(help="Branch, tag or commit of a git URL.")] = None,
    threshold: Threshold = None,
    trials: Trials = None,
    entrypoint: Annotated[str | None, typer.Option(help="The script to run, relative to the folder.")] = None,
    *,
    watch: Annotated[
        bool, typer.Option("--watch", help="Follow the job to its end, as `trainyard watch` does.")
    ] = False,
) -> int:
    """Submit code to the services; a folder is uploaded, a git URL is fetched by them.

    Example: trainyard submit https://host/user/repo.git --revision main --threshold 0.95 --watch
    """
    from trainyard_cli.remote.submitting import submit_code
    from trainyard_cli.settings import read_settings

    source = read_source(path)
    policy = overrides(threshold=threshold, trials=trials, entrypoint=entrypoint or source.entrypoint)
    return submit_code(source, revision, policy, read_settings(), output(), watch=watch)


def inspect(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A folder, a .py file or a notebook.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> int:
    """Show what would be run and how, with the reason for each conclusion; the code itself is not run.

    The status is 1 where the code would be refused.

    Example: trainyard inspect examples/wines
    """
    from trainyard.errors import SubmissionError
    from trainyard_cli.view import conclusions

    source = read_source(path)
    if source.folder is None:
        raise UsageError(f"{path} is not on this machine", remedy="Clone it, and name the folder.")
    try:
        plan = conclusions.inspect_folder(source.folder, source.entrypoint)
    except SubmissionError as refusal:
        if not as_json:
            raise CommandError(refusal.message, remedy=refusal.remedy) from refusal
        print(conclusions.refusal_as_json(refusal))  # noqa: T201  plain, whatever the width of the terminal
        return 1
    if as_json:
        print(conclusions.plan_as_json(plan))  # noqa: T201  the same
    else:
        show(output(), conclusions.table(plan), [conclusions.lines(plan)])
    return 0

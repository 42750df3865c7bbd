"""`trainyard datasets`: data sets that all trainings can use without downloading them."""

from typing import Annotated

import typer

from trainyard_cli.choices import Library
from trainyard_cli.console import output, say

app = typer.Typer(help="Data sets that all trainings can use without downloading them.", no_args_is_help=True)


@app.command()
def add(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files or folders; FOLDER/. for its contents alone.")
    ],
    *,
    library: Annotated[Library, typer.Option("--for", help="The library that loads them.")] = Library.keras,
) -> None:
    """Add data sets to the volume that every training reads (TRAINYARD_TRAINER_DATASETS).

    Example: trainyard datasets add mnist.npz ~/.keras/datasets/fashion-mnist
    """
    from contextlib import closing

    from trainyard.engine.containers.datasets import DockerDatasets
    from trainyard_cli.datasets import files_to_add, volume_of
    from trainyard_cli.settings import read_settings

    settings, console = read_settings(), output()
    files = files_to_add(paths, library.value)
    with closing(DockerDatasets(settings.engine_url, volume_of(settings.trainer_datasets))) as datasets:
        datasets.add(files)
    for path in sorted(files):
        say(console, f"added {path}")


@app.command("list")
def list_() -> None:
    """List the data sets that every training can use.

    Example: trainyard datasets list
    """
    from contextlib import closing

    from trainyard.engine.containers.datasets import DockerDatasets
    from trainyard_cli.datasets import grouped, volume_of
    from trainyard_cli.settings import read_settings
    from trainyard_cli.view import words

    settings, console = read_settings(), output()
    with closing(DockerDatasets(settings.engine_url, volume_of(settings.trainer_datasets))) as datasets:
        summary = grouped(datasets.files())
    if not summary:
        say(console, "There are no data sets yet; `trainyard datasets add PATH` adds one.")
    for name, count, total in summary:
        say(console, f"{name}: {words.size(total)}" + (f" in {count} files" if count > 1 else ""))

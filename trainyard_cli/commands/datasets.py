"""`trainyard datasets`: data sets that all trainings find without a download."""

from __future__ import annotations

from typing import Annotated

import typer

from trainyard_cli.choices import Library

app = typer.Typer(help="Data sets that all trainings find without a download.", no_args_is_help=True)


@app.command()
def add(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files or folders; FOLDER/. for its content.")],
    *,
    library: Annotated[Library, typer.Option("--for", help="The library that looks for them.")] = Library.keras,
) -> None:
    """Put data sets where every training reads them: the volume named by TRAINYARD_TRAINER_DATASETS.

    Example: trainyard datasets add mnist.npz ~/.keras/datasets/fashion-mnist
    """
    from contextlib import closing

    from trainyard.engine.containers.datasets import DockerDatasets
    from trainyard_cli.console import output, say
    from trainyard_cli.datasets import chosen, volume_of
    from trainyard_cli.settings import read_settings

    settings, console = read_settings(), output()
    files = chosen(paths, library.value)
    with closing(DockerDatasets(settings.engine_url, volume_of(settings.trainer_datasets))) as datasets:
        datasets.add(files)
    for path in sorted(files):
        say(console, f"added {path}")


@app.command("list")
def list_() -> None:
    """Show the data sets that every training finds.

    Example: trainyard datasets list
    """
    from contextlib import closing

    from trainyard.engine.containers.datasets import DockerDatasets
    from trainyard_cli.console import output, say
    from trainyard_cli.datasets import grouped, volume_of
    from trainyard_cli.settings import read_settings
    from trainyard_cli.view import words

    settings, console = read_settings(), output()
    with closing(DockerDatasets(settings.engine_url, volume_of(settings.trainer_datasets))) as datasets:
        found = grouped(datasets.files())
    if not found:
        say(console, "There is no data set yet; `trainyard datasets add PATH` adds one.")
    for name, count, size in found:
        say(console, f"{name}: {words.amount(size)}" + (f" in {count} files" if count > 1 else ""))

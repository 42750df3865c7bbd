"""The commands and how they are called; what they need is imported when they run."""

from __future__ import annotations

import typer

from trainyard_cli.commands import (
    cancel,
    datasets,
    doctor,
    explain,
    images,
    jobs,
    logs,
    parked,
    submit,
    topology,
    watch,
)
from trainyard_cli.commands import run as run_command
from trainyard_cli.commands.inspect_code import inspect_code

app = typer.Typer(
    name="trainyard",
    help="Push training code; get back a model that clears your accuracy bar, and the diff that got it there.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def trainyard() -> None:
    """Push training code; get back a model that clears your accuracy bar, and the diff that got it there."""


app.command("run")(run_command.run)
app.command("inspect")(inspect_code)
app.command("submit")(submit.submit)
app.command("jobs")(jobs.jobs)
app.command("watch")(watch.watch)
app.command("logs")(logs.logs)
app.command("explain")(explain.explain)
app.command("cancel")(cancel.cancel)
app.command("doctor")(doctor.doctor)
app.command("images")(images.images)
app.add_typer(datasets.app, name="datasets")
app.add_typer(parked.app, name="parked")
app.add_typer(topology.app, name="topology")

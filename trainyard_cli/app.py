"""The commands and how they are called; what they need is imported when they run."""

import typer

from trainyard_cli.commands import code, datasets, jobs, machine, parked, topology

app = typer.Typer(
    name="trainyard",
    help="Push training code; get back a model that reaches your accuracy threshold, and the diff that got it there.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command()(code.run)
app.command()(code.inspect)
app.command()(code.submit)
app.command()(jobs.jobs)
app.command()(jobs.watch)
app.command()(jobs.logs)
app.command()(jobs.explain)
app.command()(jobs.cancel)
app.command()(machine.doctor)
app.command()(machine.images)
app.add_typer(datasets.app, name="datasets")
app.add_typer(parked.app, name="parked")
app.add_typer(topology.app, name="topology")

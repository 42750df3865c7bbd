"""The table of a job's trials, and the table of jobs."""

from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from trainyard.trial import Trial
from trainyard.words import DATA, counted, duration, figure, origin, tweak_name
from trainyard_cli.view import words
from trainyard_cli.view.job import Job, JobSummary, ended

WIDE = 110
"""From this width on, in columns, there is room for the curves."""

GLANCE = 3
"""How many lines of a running trial's output are shown."""

WIDEST = 140
"""The widest that a table of trials gets, in columns."""

REASONS = 20
"""The narrowest that the column of reasons gets, in columns: other cells are wrapped before."""

MARGIN = 3
"""Columns left free at the right: the echo of ^C would otherwise start a new line, and the table be drawn twice."""


def heading(job: Job) -> Text:
    """Return the job's name, where its code is from and what it has to reach."""
    origin = job.origin.code.removeprefix("file://") if job.origin else ""
    budget = job.policy.budget.trials
    text = Text.assemble((job.title or job.job, "bold"), "  ", (origin, "dim"), overflow="ellipsis", no_wrap=True)
    text.append(f"\n{words.threshold(job)} · at most {counted(budget, 'trial')} · job {job.job}", "dim")
    return text


def trials(
    job: Job, *, elapsed: Mapping[int, float] | None = None, busy: RenderableType | None = None, width: int = 80
) -> RenderableType:
    """Draw the trials of *job*; a *width* of many columns shows the curves too.

    *elapsed* are the seconds so far of the running trials; *busy*, such as a spinner, is drawn before their state.
    """
    table = _frame(min(width - MARGIN, WIDEST))
    with_curves = width >= WIDE and any(trial.curves for trial in job.history)
    _columns(table, ["State", "Accuracy", "Measured on", *(["Curve"] if with_curves else [])])
    for trial in job.rows():
        curve = [Text(words.spark(trial), "cyan")] if with_curves else []
        table.add_row(*_cells(job, trial, busy)[:4], *curve, *_last_cells(trial, elapsed or {}))
    return Group(heading(job), table, *progress(job))


def progress(job: Job) -> list[Text]:
    """Return what stands below the table: the training's progress, and the last lines that it printed."""
    if job.outcome or job.progress.trial not in {trial.trial for trial in job.rows() if not ended(trial)}:
        return []
    details = words.details(job.progress)
    lines = job.progress.log.splitlines()[-GLANCE:]
    return [
        *([Text(f" {details}", "cyan", no_wrap=True, overflow="ellipsis")] if details else []),
        *(Text(f" │ {line}", "dim", no_wrap=True, overflow="ellipsis") for line in lines),
    ]


def jobs(summaries: Sequence[JobSummary]) -> RenderableType:
    """Draw a row for each job."""
    table = _frame()
    for column in ("Job", "Title", "State", "Trials", "Best", "Threshold", "Started"):
        right = column in {"Trials", "Threshold"}
        table.add_column(column, justify="right" if right else "left", overflow="fold", no_wrap=column == "Started")
    for job in summaries:
        style = words.style(job) if job.outcome else "cyan"
        table.add_row(
            Text(job.job, "bold"),
            Text(job.title),
            Text(words.outcome(job) or job.state, style),
            str(job.trials),
            Text(words.best(job)),
            f"{job.threshold:g}",
            words.moment(job.started),
        )
    return table


def _frame(width: int | None = None) -> Table:
    """Return an empty table; a fixed width keeps it from jumping while its cells change."""
    return Table(box=box.ROUNDED, border_style="dim", header_style="bold", width=width)


def _columns(table: Table, middle: Sequence[str]) -> None:
    table.add_column("Trial", justify="right")
    for name in middle:
        no_wrap = name in {"Accuracy", "Curve"}
        table.add_column(name, justify="right" if name == "Accuracy" else "left", no_wrap=no_wrap)
    table.add_column("Changes and reasons", ratio=1, width=REASONS, overflow="fold")
    table.add_column("Time", justify="right", no_wrap=True)


def _cells(job: Job, trial: Trial, busy: RenderableType | None) -> tuple[RenderableType, ...]:
    number = Text(str(trial.trial), "bold")
    measurement = trial.measurement
    if measurement is None:
        return (number, _state(job, trial, busy), *_so_far(job, trial))
    style = "bold green" if job.passes(measurement) else "yellow"
    value = Text(figure(measurement.value, job.threshold), style)
    data = Text(DATA[measurement.data], "bold magenta" if measurement.data == "train" else "")
    return (number, _state(job, trial, busy), value, data)


def _so_far(job: Job, trial: Trial) -> tuple[Text, Text]:
    now = None if ended(trial) or job.outcome else words.live(job, trial)
    if now is None:
        return Text(""), Text("")
    return Text(f"{now[0]:.3f}", "dim"), Text(f"{DATA[now[1]]}, so far", "dim")


def _state(job: Job, trial: Trial, busy: RenderableType | None) -> RenderableType:
    """Return the trial's state, with *busy* before it while it runs."""
    state = words.state(job, trial)
    if trial.failure:
        return Text(state, "red")
    if trial.measurement:
        return Text(state, "bold green" if state == "reached" else "yellow")
    if busy is None or job.outcome:
        return Text(state, "cyan")
    line = Table.grid(padding=(0, 1))
    line.add_row(busy, Text(state, "cyan"))
    return line


def _last_cells(trial: Trial, elapsed: Mapping[int, float]) -> tuple[RenderableType, ...]:
    seconds = trial.seconds if ended(trial) else elapsed.get(trial.trial, 0.0)
    return (_changes(trial), Text(duration(seconds) if seconds else "", "dim"))


def _changes(trial: Trial) -> Text:
    lines = [Text(line, "dim") for line in origin(trial)]
    lines += [Text.assemble((tweak_name(tweak), "bold"), f": {tweak.reason}") for tweak in trial.tweaks]
    return Text("\n").join(lines)

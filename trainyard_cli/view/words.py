"""Values, states and progress of a job in words."""

import math
import re
from collections.abc import Sequence
from datetime import datetime

from trainyard.curves import data_of, main_curve, main_name
from trainyard.messages import Assurance, Outcome
from trainyard.trial import DataKind, Trial
from trainyard.words import DATA, FAILURES, duration, figure
from trainyard_cli.view.job import Job, JobSummary, Progress

SIGNS: dict[Outcome, str] = {"passed": "✔", "exhausted": "✘", "failed": "✘", "cancelled": "■"}
STYLES: dict[Outcome, str] = {"passed": "green", "exhausted": "yellow", "failed": "red", "cancelled": "magenta"}
UNSURE: frozenset[Assurance] = frozenset({"fitted", "reached"})
"""Successes that are no pass."""

STEP = 1024
_UNITS = ("KiB", "MiB", "GiB", "TiB")

_BARS = "▁▂▃▄▅▆▇█"


def outcome(job: JobSummary) -> str:
    """Write how a job ended: how much a success means, else its outcome; "" while it lasts."""
    return job.assurance or job.outcome or ""


def style(job: JobSummary) -> str:
    """Return the colour of a job's end: of a success that is no pass, that of a warning."""
    return "yellow" if job.assurance in UNSURE else STYLES[job.outcome or "failed"]


def best(job: JobSummary) -> str:
    """Write the best value of a job so far, and what it was measured on; "" while there is none."""
    if job.best is None:
        return ""
    return figure(job.best, job.threshold) + (f" on {DATA[job.best_data]}" if job.best_data else "")


def moment(at: float) -> str:
    """Write a time, given in seconds since 1970, as local time."""
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M")


def threshold(job: Job) -> str:
    """Write the threshold: "threshold 0.9", or "at most 0.3" where less is better."""
    trial = job.delivered()
    less = bool(trial and trial.measurement and trial.measurement.direction == "minimize")
    return f"at most {job.threshold:g}" if less else f"threshold {job.threshold:g}"


def state(job: Job, trial: Trial) -> str:
    """Return the state of a trial; the job's own for the trial that is running."""
    if trial.failure:
        return FAILURES[trial.failure.reason]
    if trial.measurement:
        return "reached" if job.passes(trial.measurement) else "missed"
    if job.outcome:
        return "cancelled" if job.outcome == "cancelled" else "not finished"
    return re.sub(rf",? ?\btrial {trial.trial}\b", "", job.state).lstrip(", ") or "starting"


def live(job: Job, trial: Trial) -> tuple[float, DataKind] | None:
    """Return the last epoch's accuracy of the running trial, and which data it was measured on."""
    if job.progress.trial != trial.trial:
        return None
    known = {name: value for name, value in job.progress.metrics.items() if value is not None}
    name = main_name(known)
    return (known[name], data_of(name)) if name else None


def details(progress: Progress) -> str:
    """Write how far the epoch is, the remaining time, and what the training uses; "" where nothing is known.

    "batch 20 of 469 · 4 min 10 s left · memory 1.2 GiB of 4.0 GiB · 1.9 CPUs in use"
    """
    of = f" of {progress.batches}" if progress.batches else ""
    limit = f" of {size(progress.memory_limit)}" if progress.memory_limit else ""
    parts = (
        f"batch {progress.batch}{of}" if progress.batch else "",
        f"{duration(round(progress.left)).replace('.0 s', ' s')} left" if progress.left is not None else "",
        f"memory {size(progress.memory)}{limit}" if progress.memory is not None else "",
        f"{progress.cpu:.1f} CPUs in use" if progress.cpu is not None else "",
    )
    return " · ".join(filter(None, parts))


def size(count: float) -> str:
    """Write a number of bytes: "512 B", "10.9 MiB", "1.2 GiB"."""
    if count < STEP:
        return f"{count:.0f} B"
    power = min(int(math.log(count, STEP)), len(_UNITS))
    return f"{count / STEP**power:.1f} {_UNITS[power - 1]}"


def spark(trial: Trial, width: int = 12) -> str:
    """Draw the accuracy by epoch as a sparkline, "" where there is no curve."""
    curve = main_curve(trial) or next((curve for curve in trial.curves if curve.name == "loss"), None)
    points = [point for point in curve.points if point is not None] if curve else []
    return _bars(points, width) if len(points) > 1 else ""


def _bars(points: Sequence[float], width: int) -> str:
    """Draw *points* as *width* bars: from 0 to 1 where all are shares, else from the least to the greatest."""
    thinned = [points[index * (len(points) - 1) // (width - 1)] for index in range(width)]
    low, high = (0.0, 1.0) if min(points) >= 0 and max(points) <= 1 else (min(points), max(points))
    return "".join(_BARS[round((point - low) / ((high - low) or 1) * (len(_BARS) - 1))] for point in thinned)

"""Numbers, data and states in words; training accuracy always in capitals, since it flatters."""

from __future__ import annotations

import math
import re
from datetime import datetime

from trainyard.messages import Outcome
from trainyard.trial import Curve, DataKind, FailureReason, Measurement, Trial, Tweak
from trainyard.words import DATA, purpose, weights
from trainyard_cli.view.job import Job, JobSummary, Progress

FAILURES: dict[FailureReason, str] = {
    "not_found": "not found",
    "empty": "nothing to train",
    "config": "broken trainyard.toml",
    "syntax": "syntax error",
    "entrypoint": "no clear entrypoint",
    "input": "needs input",
    "missing_module": "missing module",
    "image": "image did not build",
    "raised": "raised an error",
    "no_metric": "measured nothing",
    "no_result": "left no result",
    "crashed": "crashed",
    "out_of_memory": "out of memory",
    "timed_out": "timed out",
}

SIGNS: dict[Outcome, str] = {"passed": "✔", "exhausted": "✘", "failed": "✘", "cancelled": "■"}
STYLES: dict[Outcome, str] = {"passed": "green", "exhausted": "yellow", "failed": "red", "cancelled": "magenta"}

STEP = 1024
_UNITS = ("KiB", "MiB", "GiB", "TiB")

_BARS = "▁▂▃▄▅▆▇█"


def figure(value: float, threshold: float) -> str:
    """Write *value* with three decimals, or as many more as it takes to be on its side of *threshold*."""
    if abs(value) >= 100:  # noqa: PLR2004  an error in the author's units, not a share
        return f"{value:.6g}"
    for digits in range(3, 9):
        if (round(value, digits) >= threshold) == (value >= threshold):
            return f"{value:.{digits}f}"
    return repr(value)


def measured(measurement: Measurement, threshold: float) -> str:
    """Say a measurement and what it was measured on: "accuracy 0.399 on TRAINING data"."""
    return f"{measurement.metric} {figure(measurement.value, threshold)} on {DATA[measurement.data]}"


def best(job: JobSummary) -> str:
    """Say the best value of a job so far, and what it was measured on; "" while there is none."""
    if job.best is None:
        return ""
    return figure(job.best, job.threshold) + (f" on {DATA[job.best_data]}" if job.best_data else "")


def moment(at: float) -> str:
    """Say a moment, in seconds since 1970, in local time."""
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M")


def bound(job: Job) -> str:
    """Say the threshold: "threshold 0.9", "at most 0.3" where less is better."""
    trial = job.delivered()
    less = bool(trial and trial.measurement and trial.measurement.direction == "minimize")
    return f"at most {job.threshold:g}" if less else f"threshold {job.threshold:g}"


def state(job: Job, trial: Trial) -> str:
    """Say where a trial is; the job's own state for the one that is under way."""
    if trial.failure:
        return FAILURES[trial.failure.reason]
    if trial.measurement:
        return "passed" if job.passes(trial.measurement) else "missed"
    if job.outcome:
        return "cancelled" if job.outcome == "cancelled" else "not finished"
    return re.sub(rf",? ?\btrial {trial.trial}\b", "", job.state).lstrip(", ") or "starting"


def live(job: Job, trial: Trial) -> tuple[float, DataKind] | None:
    """Return the last epoch's accuracy of the trial that is under way, and which data it is of."""
    kinds: dict[str, DataKind] = {"val_accuracy": "validation", "accuracy": "train", "acc": "train"}
    if job.progress.trial != trial.trial:
        return None
    known = ((job.progress.metrics.get(key), kind) for key, kind in kinds.items())
    return next(((value, kind) for value, kind in known if value is not None), None)


def details(progress: Progress) -> str:
    """Say how far the epoch is, how long it takes still, and what the training uses; "" where nothing of it is known.

    "batch 20 of 469 · 4 min 10 s left · memory 1.2 GiB of 4.0 GiB · 1.9 cpus busy"
    """
    of = f" of {progress.batches}" if progress.batches else ""
    limit = f" of {amount(progress.memory_limit)}" if progress.memory_limit else ""
    said = (
        f"batch {progress.batch}{of}" if progress.batch else "",
        f"{seconds(round(progress.left)).replace('.0 s', ' s')} left" if progress.left is not None else "",
        f"memory {amount(progress.memory)}{limit}" if progress.memory is not None else "",
        f"{progress.cpu:.1f} cpus busy" if progress.cpu is not None else "",
    )
    return " · ".join(filter(None, said))


def name(tweak: Tweak) -> str:
    """Say a tweak's name: "scale inputs"."""
    return tweak.name.replace("_", " ").replace("-", " ")


def changes(trial: Trial) -> str:
    """Say what was changed against the trial it is based on, and why."""
    tweaks = [f"{name(tweak)}: {tweak.reason}" for tweak in trial.tweaks]
    return "\n".join(filter(None, [origin(trial), *tweaks]))


def origin(trial: Trial) -> str:
    """Say what a trial is besides its tweaks: the author's code, for what purpose, from which weights; "" for none."""
    authors = "your code, untouched" if trial.trial == 1 else ""
    return "\n".join(filter(None, (authors, purpose(trial), weights(trial))))


def seconds(value: float) -> str:
    """Say a duration: "12.3 s", "4 min 05 s", "2 h 10 min"."""
    if value < 60:  # noqa: PLR2004  seconds of a minute
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    hours, minutes_left = divmod(minutes, 60)
    return f"{hours} h {minutes_left:02} min" if hours else f"{minutes} min {rest:02} s"


def amount(count: float) -> str:
    """Say a number of bytes: "512 B", "10.9 MiB", "1.2 GiB"."""
    if count < STEP:
        return f"{count:.0f} B"
    power = min(int(math.log(count, STEP)), len(_UNITS))
    return f"{count / STEP**power:.1f} {_UNITS[power - 1]}"


def spark(trial: Trial, width: int = 12) -> str:
    """Draw the accuracy over the epochs as a line of bars, "" where there is no curve."""
    curve = _curve(trial)
    points = [point for point in curve.points if point is not None] if curve else []
    if len(points) < 2:  # noqa: PLR2004  one point is no curve
        return ""
    thinned = [points[index * (len(points) - 1) // (width - 1)] for index in range(width)]
    low, high = (0.0, 1.0) if all(0 <= point <= 1 for point in points) else (min(points), max(points))
    return "".join(_BARS[round((point - low) / ((high - low) or 1) * (len(_BARS) - 1))] for point in thinned)


def _curve(trial: Trial) -> Curve | None:
    """Choose the curve that people look at."""
    by_name = {curve.name: curve for curve in trial.curves}
    wanted = ("val_accuracy", "accuracy", "val_acc", "acc", "loss")
    return next((by_name[name] for name in wanted if name in by_name), None)

"""A job's course as lines, for logs: one for each change of state."""

from __future__ import annotations

import re

from trainyard.trial import Trial
from trainyard.words import changes, duration
from trainyard_cli.view import words
from trainyard_cli.view.job import Job, JobSummary


def news(before: Job | None, after: Job) -> list[str]:
    """Say what is new in *after*; an epoch's end alone is no news."""
    known = {trial.trial: trial for trial in before.rows()} if before else {}
    lines = [] if before else [f"{after.job}: {words.bound(after)}, at most {after.policy.budget.trials} trials"]
    for trial in after.rows():
        lines += [f"trial {trial.trial}: {line}" for line in _news(before, after, known.get(trial.trial), trial)]
    return lines


def whole(job: Job) -> list[str]:
    """Say all that is known of a job, and what it does at the moment."""
    doing = words.details(job.progress) if not job.outcome else ""
    return [*news(None, job), *([f"now: {doing}"] if doing else []), *([job.why] if job.why else [])]


def summary(job: JobSummary) -> str:
    """Say a job in one line: "wines-3f2a 2026-11-20 14:53 passed, best 0.983 on test data, trials 2, threshold 0.9"."""
    best = words.best(job)
    said = [job.outcome or job.state, *([f"best {best}"] if best else [])]
    return f"{job.job} {words.moment(job.started)} {', '.join(said)}, trials {job.trials}, threshold {job.threshold:g}"


def _news(before: Job | None, after: Job, known: Trial | None, trial: Trial) -> list[str]:
    """Say what is new about one trial."""
    lines = []
    if trial.tweaks and not (known and known.tweaks):
        lines += changes(trial)
    said = _said(after, trial)
    if known is None or before is None or _without_epoch(said) != _without_epoch(_said(before, known)):
        lines.append(_without_epoch(said))
    return lines


def _said(job: Job, trial: Trial) -> str:
    """Say a trial's state, with its result once it has one."""
    state = words.state(job, trial)
    if trial.failure:
        return f"{state}: {trial.failure.message}"
    if trial.measurement:
        return f"{state}: {words.measured(trial.measurement, job.threshold)} ({duration(trial.seconds)})"
    return state


def _without_epoch(state: str) -> str:
    """Leave out what changes with every epoch or second, which would fill a log."""
    return re.sub(r", epoch \d+ of \d+| in \d+ s$", "", state)

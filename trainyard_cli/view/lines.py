"""A job's progress as lines, for logs: one for each change of state."""

import re

from trainyard.trial import Trial
from trainyard.words import changes, counted, duration, measured
from trainyard_cli.view import words
from trainyard_cli.view.job import Job, JobSummary


def news(before: Job | None, after: Job) -> list[str]:
    """Return what is new in *after*; the end of an epoch alone is not reported."""
    known = {trial.trial: trial for trial in before.rows()} if before else {}
    most = counted(after.policy.budget.trials, "trial")
    lines = [] if before else [f"{after.job}: {words.threshold(after)}, at most {most}"]
    for trial in after.rows():
        lines += [f"trial {trial.trial}: {line}" for line in _news(before, after, known.get(trial.trial), trial)]
    return lines


def whole(job: Job) -> list[str]:
    """Return all that is known of a job, and what it is doing at the moment."""
    doing = words.details(job.progress) if not job.outcome else ""
    return [*news(None, job), *([f"now: {doing}"] if doing else []), *([job.why] if job.why else [])]


def summary(job: JobSummary) -> str:
    """Write a job in one line: "wines-3f 2026-11-20 14:53 passed, best 0.983 on test data, trials 2, threshold 0.9"."""
    best = words.best(job)
    result = [words.outcome(job) or job.state, *([f"best {best}"] if best else [])]
    return (
        f"{job.job} {words.moment(job.started)} {', '.join(result)}, trials {job.trials}, threshold {job.threshold:g}"
    )


def _news(before: Job | None, after: Job, known: Trial | None, trial: Trial) -> list[str]:
    lines = []
    if trial.tweaks and not (known and known.tweaks):
        lines += changes(trial)
    state = _state(after, trial)
    if known is None or before is None or state != _state(before, known):
        lines.append(state)
    return lines


def _state(job: Job, trial: Trial) -> str:
    """Return a trial's state, with its result once it has one, and without what changes at every epoch or second."""
    state = re.sub(r", epoch \d+ of \d+| in \d+ s$", "", words.state(job, trial))
    if trial.failure:
        return f"{state}: {trial.failure.message}"
    if trial.measurement:
        return f"{state}: {measured(trial.measurement, job.threshold)} ({duration(trial.seconds)})"
    return state

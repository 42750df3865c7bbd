"""What the evaluator decides: the verdict on a trial, the best trial, how a job ends, and its state in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from services.evaluator import winning
from trainyard.lines import last_lines, settled
from trainyard.messages import CodeReady, JobFinished, Phase, TrainingState
from trainyard.policy import Policy
from trainyard.trial import HELD_OUT, Failure, Measurement, Model, Origin, Trial, find_trial
from trainyard.words import DATA, measured, number

SECONDS_AN_HOUR = 3600.0

Verdict = Literal["passed", "missed", "failed"]

ASKED_FOR = frozenset(Trial.model_fields) & frozenset(CodeReady.model_fields)
"""What is known of a trial before it has run."""

LOG_LINES = 200
LOG_CHARACTERS = 32 * 1024
"""How much of a run's output is kept while it trains; a failure has the end of its own log."""


class Progress(TrainingState):
    """Where the newest run of a job is; fields as in `TrainingProgressed`.

    Attributes:
        log: The end of what the run printed.
        lines: How many lines that were, those included that are not kept.
        log_at: When the newest of it was told.
    """

    trial: int = 0
    run: int = 0
    phase: Phase = "waiting"
    detail: str = ""
    at: float = 0.0
    until: float | None = None
    log: str = ""
    log_follows: bool = False
    lines: int = 0
    log_at: float = 0.0

    def then(self, news: Progress) -> Progress:
        """Return where the job is after *news*, which may be late or a repeat; one run's output is put together."""
        same_run = (self.trial, self.run) == (news.trial, news.run)
        if not news.follows(self):
            return self._with_log(self, news) if same_run else self
        return news._with_log(self if same_run else Progress(), news)

    def _with_log(self, before: Progress, news: Progress) -> Progress:
        """Return this with the log of *before*, and what *news* has to add to it."""
        kept = {"log": before.log, "lines": before.lines, "log_at": before.log_at}
        if news.log and news.at > before.log_at:
            log, lines = (before.log, before.lines) if news.log_follows else ("", 0)
            end = last_lines(settled(log + news.log), LOG_LINES)[-LOG_CHARACTERS:]
            kept = {"log": end, "lines": lines + news.log.count("\n"), "log_at": news.at}
        return self.model_copy(update={**kept, "log_follows": False})

    def follows(self, other: Progress) -> bool:
        """Tell whether this is not older than *other*: messages may come late and out of order."""
        return (self.trial, self.run, self.at) >= (other.trial, other.run, other.at)


class Job(Model):
    """What is known of a job.

    Attributes:
        started: When its first message came, in seconds since 1970.
        deadline: When its wall-clock budget ends, in seconds since 1970.
        updated: When something about it last changed, in seconds since 1970.
        trials: All that are known, oldest first; one that still runs has neither measurement nor failure.
        ending: Its outcome, once it has one.
    """

    job: str
    policy: Policy
    origin: Origin
    seed: int = 1
    started: float
    deadline: float
    updated: float
    trials: tuple[Trial, ...] = ()
    progress: Progress = Progress()
    ending: JobFinished | None = None

    @property
    def history(self) -> tuple[Trial, ...]:
        """The trials that have ended, oldest first."""
        return tuple(trial for trial in self.trials if trial.measurement or trial.failure)

    def up_to(self, trial: int) -> Job:
        """Return the job as it was when *trial* was its newest."""
        return self.model_copy(update={"trials": tuple(each for each in self.trials if each.trial <= trial)})

    def with_trial(self, trial: Trial) -> Job:
        """Return the job with *trial* in place of what was known of it; what it does not say is kept."""
        known = find_trial(self.trials, trial.trial) or trial
        unsaid = {name for name, field in Trial.model_fields.items() if getattr(trial, name) == field.default}
        whole = trial.model_copy(update={name: getattr(known, name) for name in unsaid & ASKED_FOR})
        others = [each for each in self.trials if each.trial != trial.trial]
        authors = find_trial(others, 1)
        trials = [*others, comparable(whole, authors)]
        return self.model_copy(update={"trials": tuple(sorted(trials, key=lambda each: each.trial))})


def comparable(trial: Trial, authors: Trial | None) -> Trial:
    """Return *trial*, as a failed one where its tweaks kept it from measuring what the author's own code measured.

    A tweaked script that raises before its evaluation, or no longer comes to it, would otherwise pass on what was left:
    the accuracy on its training data.
    """
    if authors is None or authors.measurement is None or trial.measurement is None or trial.trial == 1:
        return trial
    failure = _broken(trial, authors) or _weaker(trial.measurement, authors.measurement)
    return trial.model_copy(update={"measurement": None, "failure": failure}) if failure else trial


def _broken(trial: Trial, authors: Trial) -> Failure | None:
    """Say that the tweaked script raised where the author's did not."""
    if trial.warning is None or authors.warning is not None:
        return None
    warning = trial.warning
    return Failure(
        reason="raised",
        message=f"{warning.type}: {warning.message}",
        remedy="The tweak broke the script; another one is tried.",
        **warning.model_dump(include={"traceback", "file", "line"}),
    )


def _weaker(measurement: Measurement, authors: Measurement) -> Failure | None:
    """Say that the tweaked script was no longer measured on held-out data."""
    if measurement.data in HELD_OUT or authors.data not in HELD_OUT:
        return None
    return Failure(
        reason="no_metric",
        message=f"{measured(measurement)} only, while the author's code was measured on {DATA[authors.data]}",
        remedy="The tweak kept the script from its evaluation; another one is tried.",
    )


def opened(job: str, policy: Policy, origin: Origin, seed: int, now: float) -> Job:
    """Return a job that becomes known now; its wall-clock budget counts from here."""
    deadline = now + policy.budget.hours * SECONDS_AN_HOUR
    return Job(job=job, policy=policy, origin=origin, seed=seed, started=now, deadline=deadline, updated=now)


def best(history: Iterable[Trial]) -> Trial | None:
    """Return the trial with the best measurement; the earliest of equals.

    A measurement on held-out data is preferred over any on training data, which says little about new data. Further
    seeds of the same code are no trials of their own.
    """
    chosen: tuple[tuple[bool, float], Trial] | None = None
    for trial in history:
        if trial.measurement and trial.purpose != "confirm":
            key = (trial.measurement.data != "train", trial.measurement.rank())
            chosen = (key, trial) if chosen is None or key > chosen[0] else chosen
    return chosen[1] if chosen else None


def verdict(trial: Trial, policy: Policy) -> Verdict:
    """Judge one trial against the threshold."""
    if trial.measurement is None:
        return "failed"
    return "passed" if winning.passes(trial, policy) else "missed"


def state(job: Job, now: float) -> str:
    """Say in words what the job does at the moment, or how it ended."""
    if job.ending:
        return _ended(job.ending)
    newest = max((trial.trial for trial in job.history), default=0)
    if newest and newest >= job.progress.trial:
        return "looking for a tweak"
    return _doing(job.progress, now)


def _doing(progress: Progress, now: float) -> str:
    """Say what the newest run does."""
    epochs = f", epoch {progress.epoch} of {progress.epochs}" if progress.epochs else ""
    wait = max(0, round((progress.until or 0) - now))
    return {
        "waiting": "waiting for a slot",
        "building": progress.detail
        if progress.detail.startswith("building")
        else f"building {progress.detail}".strip(),
        "starting": f"starting trial {progress.trial}",
        "training": f"training trial {progress.trial}{epochs}",
        "collecting": f"collecting the results of trial {progress.trial}",
        "crashed": f"crashed and trying again in {wait} s" if wait else "crashed and trying again now",
    }[progress.phase]


def _ended(ending: JobFinished) -> str:
    """Say how the job ended."""
    trial = ending.best_trial()
    if trial and trial.measurement:
        mention = measured(trial.measurement)
        return f"{ending.outcome}: {mention} in trial {trial.trial}, threshold {number(ending.policy.threshold)}"
    return f"{ending.outcome}: {ending.why}"

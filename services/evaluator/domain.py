"""What the evaluator knows of a job and decides on it: verdicts, the best trial, its state in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from services.evaluator import winning
from services.evaluator.confirming import reaches, seeds_wanted
from trainyard.evidence import repeats
from trainyard.lines import last_lines, settled
from trainyard.messages import CodeReady, JobFinished, Phase, TrainingState
from trainyard.policy import Policy
from trainyard.trial import HELD_OUT, Failure, Measurement, Model, Origin, Trial, find_trial
from trainyard.words import DATA, duration, evident, measured, number

SECONDS_AN_HOUR = 3600.0

Verdict = Literal["reached", "missed", "failed"]

REQUESTED = frozenset(Trial.model_fields) & frozenset(CodeReady.model_fields)
"""What is known of a trial before it has run."""

LOG_LINES = 200
LOG_CHARACTERS = 32 * 1024
"""How much of a run's output is kept while it trains; a failure has the end of its own log."""


class Progress(TrainingState):
    """The progress of a job's newest run; fields as in `TrainingProgressed`.

    Attributes:
        log: The end of what the run printed.
        lines: How many lines it printed, including those that are not kept.
        log_at: When the newest of it was reported.
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
        """Return the progress after *news*, which may be late or a repeat; the output of one run is joined."""
        same_run = (self.trial, self.run) == (news.trial, news.run)
        if not news.follows(self):
            return self._with_log(self, news) if same_run else self
        return news._with_log(self if same_run else Progress(), news)

    def _with_log(self, before: Progress, news: Progress) -> Progress:
        """Return this with the log of *before* and what *news* adds to it."""
        kept = {"log": before.log, "lines": before.lines, "log_at": before.log_at}
        if news.log and news.at > before.log_at:
            log, lines = (before.log, before.lines) if news.log_follows else ("", 0)
            end = last_lines(settled(log + news.log), LOG_LINES)[-LOG_CHARACTERS:]
            kept = {"log": end, "lines": lines + news.log.count("\n"), "log_at": news.at}
        return self.model_copy(update={**kept, "log_follows": False})

    def follows(self, other: Progress) -> bool:
        """Return whether this is not older than *other*: messages may come late and out of order."""
        return (self.trial, self.run, self.at) >= (other.trial, other.run, other.at)


class Job(Model):
    """What is known of a job.

    Attributes:
        started: When its first message came, in seconds since 1970.
        deadline: When its wall-clock budget ends, in seconds since 1970.
        updated: When something about it last changed, in seconds since 1970.
        trials: All known trials, oldest first; one that still runs has neither measurement nor failure.
        questions: How many jobs before it asked its sealed rows whether a model is worth the threshold.
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
    questions: int = 0
    progress: Progress = Progress()
    ending: JobFinished | None = None

    @property
    def history(self) -> tuple[Trial, ...]:
        """The trials that have ended, oldest first."""
        return tuple(trial for trial in self.trials if trial.measurement or trial.failure)

    @property
    def public_history(self) -> tuple[Trial, ...]:
        """The history without what sealed rows say: nobody is to choose by it."""
        return tuple(trial.model_copy(update={"sealed": None}) for trial in self.history)

    def up_to(self, trial: int) -> Job:
        """Return the job as it was when *trial* was its newest."""
        return self.model_copy(update={"trials": tuple(each for each in self.trials if each.trial <= trial)})

    def with_trial(self, trial: Trial) -> Job:
        """Return the job with *trial* in place of what was known of it; fields that it leaves out are kept."""
        known = find_trial(self.trials, trial.trial) or trial
        omitted = {name for name, field in Trial.model_fields.items() if getattr(trial, name) == field.default}
        whole = trial.model_copy(update={name: getattr(known, name) for name in omitted & REQUESTED})
        others = [each for each in self.trials if each.trial != trial.trial]
        trials = [*others, comparable(whole, find_trial(others, 1))]
        return self.model_copy(update={"trials": tuple(sorted(trials, key=lambda each: each.trial))})


def comparable(trial: Trial, original: Trial | None) -> Trial:
    """Return *trial*, as a failed one where its tweaks kept it from measuring what the original code measured.

    A tweaked script that raises before its evaluation, or no longer reaches it, would otherwise pass on what is left:
    the accuracy on its training data.
    """
    if original is None or original.measurement is None or trial.measurement is None or trial.trial == 1:
        return trial
    failure = _broken(trial, original) or _weaker(trial.measurement, original.measurement)
    return trial.model_copy(update={"measurement": None, "failure": failure}) if failure else trial


def _broken(trial: Trial, original: Trial) -> Failure | None:
    """Return the failure of a tweaked script that raised where the original did not."""
    if trial.warning is None or original.warning is not None:
        return None
    warning = trial.warning
    return Failure(
        reason="raised",
        message=f"{warning.type}: {warning.message}",
        remedy="The tweak broke the script; another one will be tried.",
        **warning.model_dump(include={"traceback", "file", "line"}),
    )


def _weaker(measurement: Measurement, original: Measurement) -> Failure | None:
    """Return the failure of a tweaked script that was no longer measured on held-out data."""
    if measurement.data in HELD_OUT or original.data not in HELD_OUT:
        return None
    return Failure(
        reason="no_metric",
        message=f"{measured(measurement)} only, whereas the original code was measured on {DATA[original.data]}",
        remedy="The tweak kept the script from its evaluation; another one will be tried.",
    )


def opened(job: str, policy: Policy, origin: Origin, seed: int, now: float) -> Job:
    """Return a job that becomes known now, which starts its wall-clock budget."""
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


def delivered(job: Job) -> Trial | None:
    """Return the trial that is delivered, or would be if the job ended now."""
    if job.ending:
        return job.ending.best_trial()
    return winning.winner(job.history, job.policy) or best(job.history)


def verdict(trial: Trial, policy: Policy) -> Verdict:
    """Judge one trial against the threshold."""
    if trial.measurement is None:
        return "failed"
    return "reached" if reaches(trial, policy) else "missed"


def state(job: Job, now: float) -> str:
    """Describe what the job is doing at the moment, or how it ended."""
    if job.ending:
        return _ended(job.ending)
    newest = max((trial.trial for trial in job.history), default=0)
    if newest and newest >= job.progress.trial:
        return "looking for a tweak"
    running = find_trial(job.trials, job.progress.trial)
    seed = _fresh_seed(job, running) if running and running.purpose == "confirm" else ""
    return f"{_doing(job.progress, now)}{seed}"


def _fresh_seed(job: Job, trial: Trial) -> str:
    """Describe which of how many fresh seeds a trial is, and how long each of them takes."""
    confirmed = find_trial(job.trials, trial.of)
    if confirmed is None:
        return ""
    done, wanted = len(repeats(job.history, confirmed)), seeds_wanted(job.history, confirmed, job.policy)
    which = f"fresh seed {done + 1} of {max(wanted, done + 1)}"
    return f", {which} for trial {confirmed.trial}, about {duration(confirmed.seconds)} each"


def _doing(progress: Progress, now: float) -> str:
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
    trial = ending.best_trial()
    if trial and trial.measurement:
        result = f"{evident(trial.measurement, ending.evidence)} in trial {trial.trial}"
        return f"{ending.word}: {result}, threshold {number(ending.policy.threshold)}"
    return f"{ending.outcome}: {ending.why}"

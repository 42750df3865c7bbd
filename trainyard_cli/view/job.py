"""A job as the evaluator serves it at `/jobs`."""

from collections.abc import Callable

from trainyard.evidence import Evidence
from trainyard.messages import Assurance, Outcome, TrainingState
from trainyard.policy import Policy
from trainyard.trial import DataKind, Measurement, Model, Origin, Trial, find_trial


class Progress(TrainingState):
    """The progress of a job's newest run; fields as in `training.progressed`, with the last lines of the log."""

    trial: int = 0
    run: int = 0
    log: str = ""


class Log(Model):
    """The end of what a run printed, and how many lines it printed in all."""

    trial: int = 0
    run: int = 0
    lines: int = 0
    log: str = ""


class JobFile(Model):
    """A file that a trial produced; `location` is a path where storage is a folder, `url` serves it."""

    trial: int
    name: str
    kind: str = "other"
    location: str = ""
    url: str = ""


class JobSummary(Model):
    """A job in one line; times are in seconds since 1970, `assurance` as in `job.finished`."""

    job: str
    title: str = ""
    state: str = ""
    outcome: Outcome | None = None
    assurance: Assurance | None = None
    trials: int = 0
    best: float | None = None
    best_data: DataKind | None = None
    best_trial: int | None = None
    threshold: float = 0.90
    started: float = 0.0
    updated: float = 0.0
    progress: Progress = Progress()


class Job(JobSummary):
    """All that is known of a job; `why` is there once it has ended."""

    why: str | None = None
    evidence: Evidence | None = None
    origin: Origin | None = None
    policy: Policy = Policy()
    history: tuple[Trial, ...] = ()
    files: tuple[JobFile, ...] = ()

    def passes(self, measurement: Measurement) -> bool:
        """Return whether *measurement* reaches the job's threshold."""
        return measurement.reaches(self.threshold)

    def delivered(self) -> Trial | None:
        """Return the best trial so far, whose model is delivered in the end."""
        return find_trial(self.history, self.best_trial)

    def best_files(self, place: Callable[[JobFile], str]) -> tuple[list[str], list[str]]:
        """Return the *place* of each model, and of each other file, of the best trial."""
        files = [(file.kind, place(file)) for file in self.files if file.trial == self.best_trial]
        return [at for kind, at in files if kind == "model"], [at for kind, at in files if kind != "model"]

    def rows(self) -> tuple[Trial, ...]:
        """Return the trials to show: the known ones, and the next one while it is being prepared."""
        if self.outcome or any(not ended(trial) for trial in self.history):
            return self.history
        return (*self.history, Trial(trial=len(self.history) + 1))


def ended(trial: Trial) -> bool:
    """Return whether a trial has ended, with a measurement or a failure."""
    return trial.measurement is not None or trial.failure is not None

"""Every message on the bus: a frozen model, named in the past tense, with its routing key and version.

Consumers are tolerant (unknown fields are ignored), producers strict. A breaking change is a new routing key.
"""

from __future__ import annotations

import uuid
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from trainyard.policy import Policy

NAMESPACE = uuid.UUID("6f1c7a52-6d0c-5b1e-9d52-7472616e7964")

DataKind = Literal["test", "validation", "train", "folds", "unknown"]
Direction = Literal["maximize", "minimize"]
FailureReason = Literal[
    "not_found",  # no such URL, folder, revision or archive
    "empty",  # nothing to train in it
    "too_large",  # more than a bundle may hold
    "config",  # trainyard.toml does not validate
    "syntax",  # the code does not parse
    "entrypoint",  # no script, or several, could be meant
    "input",  # the script asks for arguments, answers or variables that nothing gives
    "missing_module",  # an import that no image has
    "image",  # the training image did not build
    "raised",  # the script raised before it had measured
    "no_metric",  # the script ended well but measured nothing
    "no_result",  # the container ended with 0 and left no result
    "crashed",  # killed, again and again
    "out_of_memory",  # killed at its memory limit, again and again
    "timed_out",  # ran longer than it may
]
Outcome = Literal["passed", "exhausted", "failed", "cancelled"]
Phase = Literal["waiting", "building", "starting", "training", "collecting", "crashed"]


class Model(BaseModel):
    """A frozen value that tolerates fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Origin(Model):
    """Where the code of a job came from.

    Attributes:
        code: The URL or folder as it was submitted.
        revision: The branch, tag or commit that was asked for.
        commit: The commit that was bundled, or the bundle's hash for a plain folder.
        title: A short name for people, such as the repository's.
        submission: Which `code.submitted` it was, so that whoever submitted it finds its job.
    """

    code: str
    revision: str | None = None
    commit: str | None = None
    title: str = ""
    submission: str | None = None


class Measurement(Model):
    """One accuracy (or other metric) and what it was measured on."""

    metric: str = "accuracy"
    value: float
    data: DataKind = "unknown"
    source: str = ""
    direction: Direction = "maximize"

    def reaches(self, threshold: float) -> bool:
        """Tell whether this value is at or beyond *threshold* in the metric's direction."""
        return self.value >= threshold if self.direction == "maximize" else self.value <= threshold

    def rank(self) -> float:
        """Return a number that is larger for the better measurement."""
        return self.value if self.direction == "maximize" else -self.value


class Curve(Model):
    """One metric over the epochs of a trial, at most 200 points, evenly thinned; `epochs` is the true number."""

    name: str
    points: tuple[float | None, ...] = ()
    epochs: int = 0


class Artifact(Model):
    """A file that a trial left, kept in storage under `location`.

    A checkpoint is for the trials after it and no file for people; its location is a blob's sha256.
    """

    name: str
    kind: Literal["model", "figure", "metrics", "other", "checkpoint"] = "other"
    location: str
    bytes: int = 0


class Warn(Model):
    """What the script raised after it had measured."""

    type: str
    message: str
    traceback: str = ""
    file: str | None = None
    line: int | None = None


Setting = int | float | str | tuple[int, ...] | None
"""What an edit is told: the new value, or None where there is nothing to choose."""


class Tweak(Model):
    """One typed edit of the author's source.

    Attributes:
        name: Which edit.
        setting: What it was told.
        deed: What it does, as the end of a sentence about what is wrong: "it trains for 300 epochs instead of 100".
        reason: What is wrong and what is done about it, as a whole sentence.
        diff: The change, as `git apply` takes it.
    """

    name: str
    setting: Setting = None
    deed: str = ""
    reason: str
    diff: str


class Diagnosis(Model):
    """One thing that is wrong with a trial.

    Attributes:
        name: Which finding.
        sentence: What is wrong and what shows it, for a person, without a full stop.
        confidence: From 0 to 1.
    """

    name: str
    sentence: str
    confidence: float


Purpose = Literal[
    "search",  # to reach the threshold
    "prune",  # to show that a part of the diff is not needed
    "control",  # the same code from random weights, to show that inherited ones were not the cause
    "confirm",  # the same code with another seed, to show that it was no luck
]


class Warm(Model):
    """Where a trial's weights come from, where it does not begin with random ones.

    Attributes:
        trial: Whose.
        how: "continue" goes on after that trial's last epoch, "inherit" maps its weights into another architecture.
        location: The blob in storage that is its last checkpoint.
    """

    trial: int
    how: Literal["continue", "inherit"]
    location: str


class EarlyStop(Model):
    """When the probe ends a training that is not worth its epochs.

    Attributes:
        rule: "median" compares with the median of earlier trials, "patience" waits for an improvement.
        curve: The metric that is looked at, such as "loss" or "val_accuracy".
        direction: Whether more of it is better.
        reference: For "median": the best value that the median earlier trial had reached; without, only a loss that is
            no number ends the training.
        every: How many epochs lie between two values of the reference; the first is after so many.
        patience: For "patience": epochs without an improvement.
        grace: Epochs that every training gets.
    """

    rule: Literal["median", "patience"]
    curve: str
    direction: Direction
    reference: tuple[float, ...] = ()
    every: int = 1
    patience: int = 0
    grace: int = 1


class Failure(Model):
    """Why a trial gave no accuracy, and what its author can do."""

    reason: FailureReason
    message: str
    remedy: str = ""
    traceback: str = ""
    file: str | None = None
    line: int | None = None
    log_tail: str = ""


class Trial(Model):
    """One variant of the code and, once it ended, how it did.

    Attributes:
        bundle: sha256 of the code, or None where no bundle could be made.
        tweaks: What changed against `base`; empty for trial 1.
        base: The trial whose code the tweaks were applied to.
        purpose: What it was made for.
        of: For a trial that prunes, controls or confirms: the trial that it is about.
        seed: What it was seeded with.
        diagnosis: What was found wrong in `base`, the surest first, and led to this trial.
        warm: Where its weights came from; random ones when absent.
        seconds: Wall time of its training.
        facts: What the probe saw of data and model; keys as in docs/trainprobe.md.
    """

    trial: int
    bundle: str | None = None
    tweaks: tuple[Tweak, ...] = ()
    base: int | None = None
    purpose: Purpose = "search"
    of: int | None = None
    seed: int | None = None
    diagnosis: tuple[Diagnosis, ...] = ()
    warm: Warm | None = None
    measurement: Measurement | None = None
    alternatives: tuple[Measurement, ...] = ()
    failure: Failure | None = None
    curves: tuple[Curve, ...] = ()
    facts: dict[str, Any] = Field(default_factory=dict)
    artifacts: tuple[Artifact, ...] = ()
    warning: Warn | None = None
    seconds: float = 0.0

    @property
    def cut_short(self) -> bool:
        """Whether the probe ended its training early, so that its code by itself does something else."""
        training = self.facts.get("training")
        return isinstance(training, dict) and training.get("stopped_by_probe") is True

    @property
    def inherited(self) -> bool:
        """Whether it began with weights of another architecture, which its code by itself does not have.

        Warm starts may generalise worse than cold ones (Ash and Adams 2020, arXiv 1910.08475), so a cold one has to
        show the same. Where the weights did not fit after all, the probe began with random ones and says so.
        """
        done = self.facts.get("warm")
        began_cold = isinstance(done, dict) and done.get("how") == "cold"
        return self.warm is not None and self.warm.how == "inherit" and not began_cold

    @property
    def delivered(self) -> tuple[Artifact, ...]:
        """The files that are for people."""
        return tuple(artifact for artifact in self.artifacts if artifact.kind != "checkpoint")

    @property
    def checkpoint(self) -> Artifact | None:
        """What a later trial may begin with, where it was kept."""
        return next((artifact for artifact in self.artifacts if artifact.kind == "checkpoint"), None)


class Message(Model):
    """What every message has: a routing key, a schema version, and an id that a repeat shares."""

    key: ClassVar[str]
    version: ClassVar[int] = 1

    def identity(self) -> tuple[object, ...]:
        """Return what makes this message the same as its repeat."""
        raise TypeError(f"{type(self).__name__} does not say what identifies it")

    def correlation(self) -> str | None:
        """Return the job this message is about, where one is known."""
        return getattr(self, "job", None)

    @property
    def message_id(self) -> str:
        """The id that is equal for a message and its repeat (uuid5 of its identity and type)."""
        return str(uuid.uuid5(NAMESPACE, "/".join(map(str, (self.key, *self.identity())))))


class JobMessage(Message):
    """A message about a job as a whole."""

    job: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]

    def identity(self) -> tuple[object, ...]:
        """Return the job."""
        return (self.job,)


class RunMessage(JobMessage):
    """A message about one run of one trial; counts start at 1 (0: there was no run yet)."""

    trial: Annotated[int, Field(ge=1)] = 1
    run: Annotated[int, Field(ge=0)] = 1

    def identity(self) -> tuple[object, ...]:
        """Return job, trial and run."""
        return (self.job, self.trial, self.run)


class CodeSubmitted(Message):
    """Somebody wants this code trained: a git URL at a revision, a folder the fetcher sees, or an uploaded archive.

    Attributes:
        code: `https://…/repo.git`, `file:///folder` or `bundle:<sha256>`.
        revision: Branch, tag or commit; the default branch when absent.
        submission: Tells one submission from the next; the same one is the same job.
        overrides: Settings as in trainyard.toml that win over the file's.
        title: A name for people where `code` has none (an uploaded folder's).
        once: The origin (a poll, a webhook) reports each commit once: never start it a second time.
    """

    key: ClassVar[str] = "code.submitted"
    code: Annotated[str, Field(min_length=1)]
    revision: str | None = None
    submission: str = Field(default_factory=lambda: str(uuid.uuid4()))
    overrides: dict[str, Any] = Field(default_factory=dict)
    title: str = ""
    once: bool = False

    def identity(self) -> tuple[object, ...]:
        """Return the submission."""
        return (self.submission,)


class CodeReady(RunMessage):
    """Train this bundle; what it shares with `Trial` means the same.

    Attributes:
        early_stop: When to end it before its last epoch; never when absent.
    """

    key: ClassVar[str] = "code.ready"
    bundle: str
    seed: int = 1
    policy: Policy = Policy()
    origin: Origin
    tweaks: tuple[Tweak, ...] = ()
    base: int | None = None
    purpose: Purpose = "search"
    of: int | None = None
    diagnosis: tuple[Diagnosis, ...] = ()
    warm: Warm | None = None
    early_stop: EarlyStop | None = None

    def trial_asked_for(self) -> Trial:
        """Return the trial that it asks for, which has not ended."""
        return Trial(**{name: getattr(self, name) for name in Trial.model_fields if name in type(self).model_fields})


class TrainingStarted(RunMessage):
    """The run's container runs."""

    key: ClassVar[str] = "training.started"
    image: str = ""
    container: str = ""
    host: str = ""
    at: float = 0.0


class TrainingState(Model):
    """How far a training is, and what it uses of its host.

    Attributes:
        epoch: Complete epochs of the fit that runs.
        epochs: How many it will have.
        batch: Complete batches of the epoch under way, of `batches` where that number is known.
        left: Seconds to the end of the fit, as far as can be told.
        memory: Bytes that the run uses, of the `memory_limit` where there is one.
        cpu: How many processors it kept busy of late.
    """

    epoch: int = 0
    epochs: int = 0
    metrics: dict[str, float | None] = Field(default_factory=dict)
    batch: int = 0
    batches: int | None = None
    left: float | None = None
    memory: int | None = None
    memory_limit: int | None = None
    cpu: float | None = None


class TrainingProgressed(TrainingState, RunMessage):
    """Where a run is; may be lost.

    Attributes:
        log: What it printed since the last message, at most 4 KiB; of a progress bar only its last state.
        log_follows: The log goes on from the last message's; else it is the newest there is, and a gap may lie before.
        detail: A sentence for people, such as the step of an image's build.
        at: Seconds since 1970; for `crashed`, `until` is when the next run starts.
    """

    key: ClassVar[str] = "training.progressed"
    phase: Phase
    log: str = ""
    log_follows: bool = False
    detail: str = ""
    at: float = 0.0
    until: float | None = None

    def identity(self) -> tuple[object, ...]:
        """Return the run and the moment in it."""
        return (self.job, self.trial, self.run, self.phase, self.epoch, self.detail, self.at)


class TrialEnded(RunMessage):
    """How a trial ended, with what travels along from its `code.ready`."""

    policy: Policy = Policy()
    origin: Origin
    seed: int = 1
    result: Trial

    @classmethod
    def of(cls, asked: CodeReady, result: Trial) -> Self:
        """Make the message that answers *asked* with *result*."""
        along = {name: getattr(asked, name) for name in ("job", "trial", "run", "policy", "origin", "seed")}
        return cls(**along, result=result)


class AccuracyMeasured(TrialEnded):
    """A trial ended and this is how well it did; `result` holds measurement, curves, facts and artifacts."""

    key: ClassVar[str] = "accuracy.measured"


class TrainingFailed(TrialEnded):
    """A trial gave no accuracy; `result.failure` says why and what helps."""

    key: ClassVar[str] = "training.failed"


class ThresholdMissed(JobMessage):
    """The newest trial missed the threshold and the budget lasts: find the next one.

    Attributes:
        history: Every trial so far, oldest first.
    """

    key: ClassVar[str] = "threshold.missed"
    policy: Policy = Policy()
    origin: Origin
    seed: int = 1
    history: Annotated[tuple[Trial, ...], Field(min_length=1)]

    def identity(self) -> tuple[object, ...]:
        """Return the job and its newest trial."""
        return (self.job, self.history[-1].trial)


class ThresholdPassed(ThresholdMissed):
    """The newest trial passed with several tweaks: find out which of them are needed.

    Attributes:
        winner: The trial that passed with the fewest tweaks so far.
    """

    key: ClassVar[str] = "threshold.passed"
    winner: int


class TweaksExhausted(JobMessage):
    """Nothing sensible is left to try after `trial`, and why."""

    key: ClassVar[str] = "tweaks.exhausted"
    trial: int
    why: str

    def identity(self) -> tuple[object, ...]:
        """Return the job and its newest trial."""
        return (self.job, self.trial)


class CancelRequested(JobMessage):
    """A person wants the job to end."""

    key: ClassVar[str] = "cancel.requested"
    by: str = ""


class JobFinished(JobMessage):
    """A job ended.

    Attributes:
        why: One or two sentences for people.
        best: The number of the best trial, or None where none was measured.
        seconds: From the first message about the job to its end.
    """

    key: ClassVar[str] = "job.finished"
    outcome: Outcome
    why: str
    policy: Policy = Policy()
    origin: Origin
    best: int | None = None
    history: tuple[Trial, ...] = ()
    seconds: float = 0.0

    def best_trial(self) -> Trial | None:
        """Return the trial whose model is delivered."""
        return next((trial for trial in self.history if trial.trial == self.best), None)


MESSAGES: tuple[type[Message], ...] = (
    CodeSubmitted,
    CodeReady,
    TrainingStarted,
    TrainingProgressed,
    AccuracyMeasured,
    TrainingFailed,
    ThresholdMissed,
    ThresholdPassed,
    TweaksExhausted,
    CancelRequested,
    JobFinished,
)

BY_KEY: dict[str, type[Message]] = {message.key: message for message in MESSAGES}

"""Every message on the bus: a frozen model, named in the past tense, with its routing key and version.

Consumers are tolerant (unknown fields are ignored), producers strict. A breaking change is a new routing key.
"""

import uuid
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field

from trainyard.evidence import Evidence
from trainyard.policy import Policy
from trainyard.trial import Diagnosis, EarlyStop, Model, Origin, Purpose, Trial, Tweak, Warm, find_trial

NAMESPACE = uuid.UUID("6f1c7a52-6d0c-5b1e-9d52-7472616e7964")

Outcome = Literal["passed", "exhausted", "failed", "cancelled"]
Assurance = Literal[
    "proved",  # a confidence bound on rows that no trial saw is at or above the threshold
    "passed",  # fresh seeds confirmed it on held-out data
    "fitted",  # on the training's own data only
    "reached",  # on rows that the search looked at, and not confirmed; or on data that the script does not name
]
"""How much a success means."""
Phase = Literal["waiting", "building", "starting", "training", "collecting", "crashed"]


class Message(Model):
    """A message: it has a routing key, a schema version, and an id that a repeat shares."""

    key: ClassVar[str]
    version: ClassVar[int] = 1

    def identity(self) -> tuple[object, ...]:
        """Return what a message and its repeat have in common."""
        raise TypeError(f"{type(self).__name__} has no identity")

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
    """A message about one run of one trial; runs are counted from 1 (0: there was no run yet)."""

    trial: Annotated[int, Field(ge=1)] = 1
    run: Annotated[int, Field(ge=0)] = 1

    def identity(self) -> tuple[object, ...]:
        """Return job, trial and run."""
        return (self.job, self.trial, self.run)


class CodeSubmitted(Message):
    """Somebody submitted code: a git URL at a revision, a folder the fetcher can read, or an uploaded archive.

    Attributes:
        code: `https://…/repo.git`, `file:///folder` or `bundle:<sha256>`.
        revision: Branch, tag or commit; the default branch when absent.
        submission: Identifies the submission; the same submission is the same job.
        overrides: Settings as in trainyard.toml that override the file's.
        title: A name for people where `code` has none, as of an uploaded folder.
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
    """A request to train a bundle; fields that it shares with `Trial` mean the same.

    Attributes:
        early_stop: When to end the training before its last epoch; never when absent.
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

    def requested_trial(self) -> Trial:
        """Return the requested trial, which has not ended."""
        return Trial(**{name: getattr(self, name) for name in Trial.model_fields if name in type(self).model_fields})


class TrainingStarted(RunMessage):
    """The container of a run was started."""

    key: ClassVar[str] = "training.started"
    image: str = ""
    container: str = ""
    host: str = ""
    at: float = 0.0


class TrainingState(Model):
    """The progress of a training, and what it uses of its host.

    Attributes:
        epoch: Complete epochs of the current fit.
        epochs: How many it will have.
        batch: Complete batches of the current epoch, of `batches` where that number is known.
        left: Estimated seconds to the end of the fit.
        memory: Bytes that the run uses, of the `memory_limit` where there is one.
        cpu: How many processors it recently used.
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
    """The progress of a run; may be lost.

    Attributes:
        log: What it printed since the last message, at most 4 KiB; of a progress bar only the last state.
        log_follows: The log continues the last message's; otherwise there may be a gap before it.
        detail: A sentence for people, such as the current step of an image build.
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
    """How a trial ended, with what is carried over from its `code.ready`."""

    policy: Policy = Policy()
    origin: Origin
    seed: int = 1
    result: Trial

    @classmethod
    def of(cls, request: CodeReady, result: Trial) -> Self:
        """Return the message that answers *request* with *result*."""
        context = {name: getattr(request, name) for name in ("job", "trial", "run", "policy", "origin", "seed")}
        return cls(**context, result=result)


class AccuracyMeasured(TrialEnded):
    """A trial was measured; `result` holds measurement, curves, facts and artifacts."""

    key: ClassVar[str] = "accuracy.measured"


class TrainingFailed(TrialEnded):
    """A trial failed; `result.failure` holds the reason and the remedy."""

    key: ClassVar[str] = "training.failed"


class ThresholdMissed(JobMessage):
    """The newest trial missed the threshold and the budget is not spent: find the next one.

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
    """A trial reached the threshold: find out whether anything speaks against it, and which of its tweaks are needed.

    Attributes:
        winner: The trial that reached it with the fewest tweaks so far.
        spent: No further trial may be made.
    """

    key: ClassVar[str] = "threshold.passed"
    winner: int
    spent: bool = False


class TweaksExhausted(JobMessage):
    """Nothing sensible is left to try after `trial`; `why` explains that.

    Attributes:
        objections: What speaks against the trial that reached the threshold, so surely that it may not pass.
    """

    key: ClassVar[str] = "tweaks.exhausted"
    trial: int
    why: str
    objections: tuple[Diagnosis, ...] = ()

    def identity(self) -> tuple[object, ...]:
        """Return the job and its newest trial."""
        return (self.job, self.trial)


class CancelRequested(JobMessage):
    """A person cancelled the job."""

    key: ClassVar[str] = "cancel.requested"
    by: str = ""


class JobFinished(JobMessage):
    """A job ended.

    Attributes:
        why: One or two sentences for people.
        best: The number of the best trial, or None where none was measured.
        assurance: How much a success means; None for any other outcome.
        evidence: What the success rests on.
        seconds: From the first message about the job to its end.
    """

    key: ClassVar[str] = "job.finished"
    outcome: Outcome
    why: str
    policy: Policy = Policy()
    origin: Origin
    best: int | None = None
    assurance: Assurance | None = None
    evidence: Evidence | None = None
    history: tuple[Trial, ...] = ()
    seconds: float = 0.0

    @property
    def word(self) -> str:
        """The outcome as people read it: how much a success means, else the outcome."""
        return self.assurance or self.outcome

    def best_trial(self) -> Trial | None:
        """Return the trial whose model is delivered."""
        return find_trial(self.history, self.best)


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

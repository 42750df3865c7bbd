"""What the evaluator needs of the outside world."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from services.evaluator.domain import Job, Progress, Verdict
from trainyard.errors import TransientError
from trainyard.messages import JobFinished, Message
from trainyard.storage import Storage
from trainyard.trial import Trial


class LedgerUnavailableError(TransientError):
    """The ledger's database did not answer; check TRAINYARD_EVALUATOR_LEDGER and that the database runs."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a trial led to.

    Attributes:
        messages: What the first verdict on the trial leads to; empty for a job that had ended.
        judged: The trial as this call judged it; None where it was judged before, or the job had ended.
    """

    messages: tuple[Message, ...]
    judged: Trial | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a job ended; `cause` is the id of the message that ended it, or another name; `new` if this call ended it."""

    message: JobFinished
    cause: str
    new: bool


class Ledger(Protocol):
    """Remembers jobs, trials, verdicts and endings; the first verdict on a trial and the first ending of a job stand.

    Every method is one transaction and raises LedgerUnavailableError when the database does not answer.
    """

    def record(self, job: Job, trial: Trial | None = None) -> Job:
        """Record *job* if it is unknown, and *trial* if it is unknown and the job lasts; return what is known."""

    def progress(self, job: str, progress: Progress, now: float) -> None:
        """Record the progress of a job; an unknown or ended job and a repeat change nothing."""

    def decide(self, job: Job, result: Trial, follow_up: Callable[[Job], Message], now: float) -> Decision:
        """Record the *result* of a trial and what it leads to; return the first verdict's messages if there is one.

        An unknown *job* is recorded first. *follow_up* is called within the transaction, with all that is known, the
        result included.
        """

    def end(self, job: str, finish: Callable[[Job], JobFinished], *, cause: str) -> Ending | None:
        """End the job, or return how it ended; None when it is unknown.

        *finish* is called within the transaction, with all that is known; *cause* is as in `Ending`.
        """

    def find(self, job: str) -> Job | None:
        """Return what is known of a job."""

    def recent(self, limit: int) -> list[Job]:
        """Return at most *limit* jobs, the latest first."""

    def overdue(self, now: float) -> list[str]:
        """Return the jobs that are past their deadline and have not ended."""

    def unannounced(self, before: float) -> list[JobFinished]:
        """Return the endings up to *before*, in seconds since 1970, whose message may not have been published."""

    def announced(self, job: str) -> None:
        """Record that the broker confirmed the job's ending."""

    def active(self) -> int:
        """Count the jobs that have not ended."""


class Counts(Protocol):
    """Counts what the operator watches."""

    def judged(self, verdict: Verdict) -> None:
        """Count one trial's verdict."""

    def finished(self, ending: JobFinished) -> None:
        """Count one job's end."""

    def active(self, jobs: int) -> None:
        """Record how many jobs have not ended."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What the handlers work with; `now` is the clock, in seconds since 1970."""

    ledger: Ledger
    marks: Storage
    counts: Counts
    now: Callable[[], float]

"""What the evaluator does with each message. Every handler may run twice."""

import threading
from collections.abc import Iterable, Iterator

import structlog

from services.evaluator import domain, next_step
from services.evaluator.domain import Job, Progress
from services.evaluator.ports import Ending, Tools
from trainyard import marks as names
from trainyard.errors import InvalidMessageError
from trainyard.messages import (
    AccuracyMeasured,
    CancelRequested,
    CodeReady,
    CodeSubmitted,
    JobFinished,
    Message,
    TrainingFailed,
    TrainingProgressed,
    TrainingStarted,
    TweaksExhausted,
)

log = structlog.get_logger()

DEADLINE = "deadline"
"""The cause of an ending that no message led to."""

GRACE_SECONDS = 60.0
"""How long the delivery that ended a job has for its message before the evaluator publishes it itself."""


def on_code_ready(event: CodeReady, tools: Tools) -> Iterable[Message]:
    """Record a job and its trial, which now wait for a slot; an ended job does not change."""
    tools.ledger.record(_opened(event, tools.now()), event.requested_trial())
    tools.ledger.progress(event.job, Progress(trial=event.trial, run=event.run), tools.now())
    tools.counts.active(tools.ledger.active())
    return ()


def on_code_submitted(event: CodeSubmitted) -> Iterable[Message]:
    """Leave a code.ready that a person published by hand to the trainer, which passes it on to the fetcher."""
    log.info("not bundled yet", submission=event.submission)  # its URL may hold a password
    return ()


def on_training_started(event: TrainingStarted, tools: Tools) -> Iterable[Message]:
    """Record that a run's container runs."""
    tools.ledger.progress(
        event.job, Progress(trial=event.trial, run=event.run, phase="training", at=event.at), tools.now()
    )
    return ()


def on_training_progressed(event: TrainingProgressed, tools: Tools) -> Iterable[Message]:
    """Record the progress of a run."""
    tools.ledger.progress(event.job, Progress.model_validate(event.model_dump()), tools.now())
    return ()


def on_trial_ended(event: AccuracyMeasured | TrainingFailed, tools: Tools) -> Iterable[Message]:
    """Judge a trial once; a repeat publishes what the first verdict led to.

    The marks are set between the commit and the messages, also on a repeat, so that a crash at any point is repaired.
    """
    at, result = tools.now(), event.result
    decision = tools.ledger.decide(_opened(event, at), result, lambda job: next_step.follow_up(job, result, at), at)
    tools.marks.mark(names.decided(event.job, result.trial))
    if decision.judged:
        tools.counts.judged(domain.verdict(decision.judged, event.policy))
    for message in decision.messages:
        if isinstance(message, JobFinished):
            _close(message, decision.judged is not None, tools=tools)
    return _confirmed(decision.messages, tools=tools)


def on_tweaks_exhausted(event: TweaksExhausted, tools: Tools) -> Iterable[Message]:
    """End the job with its best trial; a trial that passed may have to be confirmed first."""
    known = tools.ledger.find(event.job)
    after = next_step.out_of_ideas(known, event, tools.now()) if known and not known.ending else None
    if isinstance(after, CodeReady):
        return [after]
    ending = tools.ledger.end(event.job, lambda job: _ended(job, event, tools.now()), cause=event.message_id)
    return _announce(event.message_id, event.job, ending, tools=tools)


def on_cancel(event: CancelRequested, tools: Tools) -> Iterable[Message]:
    """End the job; one that has already ended stays as it is."""
    ending = tools.ledger.end(
        event.job, lambda job: next_step.cancelled(job, event.by, tools.now()), cause=event.message_id
    )
    return _announce(event.message_id, event.job, ending, tools=tools)


def deadlines(stop: threading.Event, tools: Tools, every: float) -> Iterator[Message]:
    """End every job that is past its deadline, checking *every* so many seconds.

    The ledger remembers which endings were confirmed. Those that were not, because the service died or the delivery
    was parked before the marks could be set, are published from here.
    """
    while not stop.is_set():
        for job in tools.ledger.overdue(tools.now()):
            yield from _expire(job, tools=tools)
        for message in tools.ledger.unannounced(tools.now() - GRACE_SECONDS):
            tools.marks.mark(names.ended(message.job))
            yield from _confirmed([message], tools=tools)
        tools.counts.active(tools.ledger.active())
        stop.wait(every)


def _expire(job: str, tools: Tools) -> Iterator[Message]:
    """End one job, unless something else did meanwhile."""
    ending = tools.ledger.end(job, lambda known: next_step.overdue(known, tools.now()), cause=DEADLINE)
    if ending and ending.new:
        log.warning("a job is past its deadline", job=job, outcome=ending.message.outcome)
        _close(ending.message, ending.new, tools=tools)
        yield from _confirmed([ending.message], tools=tools)


def _announce(cause: str, job: str, ending: Ending | None, tools: Tools) -> Iterable[Message]:
    """Return the job's last message if *cause* led to it, now or when it was first delivered."""
    if ending is None:
        raise InvalidMessageError(f"there is no job {job!r}; `trainyard jobs` lists the known jobs")
    _close(ending.message, ending.new, tools=tools)
    if ending.cause != cause:
        log.info("the job had already ended", outcome=ending.message.outcome)
        return ()
    return _confirmed([ending.message], tools=tools)


def _confirmed(messages: Iterable[Message], tools: Tools) -> Iterator[Message]:
    """Yield messages, and record each ending once the broker has confirmed its message."""
    for message in messages:
        yield message
        if isinstance(message, JobFinished):
            tools.ledger.announced(message.job)


def _ended(job: Job, event: TweaksExhausted, now: float) -> JobFinished:
    """Return the job's end where the tweaker has nothing left to try."""
    after = next_step.out_of_ideas(job, event, now)
    return after if isinstance(after, JobFinished) else next_step.exhausted(job, event.why, now)


def _close(message: JobFinished, new: bool, tools: Tools) -> None:  # noqa: FBT001
    """Mark a job as ended, discard the checkpoints of its trials, and count it once."""
    tools.marks.mark(names.ended(message.job))
    for trial in message.history:
        if trial.checkpoint is not None:
            tools.marks.discard_blob(trial.checkpoint.location)
    if new:
        tools.counts.finished(message)
        tools.counts.active(tools.ledger.active())


def _opened(event: CodeReady | AccuracyMeasured | TrainingFailed, now: float) -> Job:
    return domain.opened(event.job, event.policy, event.origin, event.seed, now)

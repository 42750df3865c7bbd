"""What the evaluator does with each message. All of it may run twice."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator

import structlog

from services.evaluator import course, domain
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
"""How long the delivery that ended a job has for its message before the evaluator says it by itself."""


def on_code_ready(event: CodeReady, tools: Tools) -> Iterable[Message]:
    """Get to know a job and its trial, which now wait for a slot; of an ended job nothing changes."""
    tools.ledger.meet(_opened(event, tools.now()), event.trial_asked_for())
    tools.ledger.progress(event.job, Progress(trial=event.trial, run=event.run), tools.now())
    tools.counts.active(tools.ledger.active())
    return ()


def on_code_submitted(event: CodeSubmitted) -> Iterable[Message]:
    """Leave a code.ready that a person published by hand to the trainer, which passes it on to the fetcher."""
    log.info("not bundled yet", submission=event.submission)  # its URL may hold a password
    return ()


def on_training_started(event: TrainingStarted, tools: Tools) -> Iterable[Message]:
    """Note that a run's container runs."""
    tools.ledger.progress(
        event.job, Progress(trial=event.trial, run=event.run, phase="training", at=event.at), tools.now()
    )
    return ()


def on_training_progressed(event: TrainingProgressed, tools: Tools) -> Iterable[Message]:
    """Note where a run is."""
    tools.ledger.progress(event.job, Progress.model_validate(event.model_dump()), tools.now())
    return ()


def on_trial_ended(event: AccuracyMeasured | TrainingFailed, tools: Tools) -> Iterable[Message]:
    """Judge a trial once; a second copy publishes what the first verdict led to.

    The marks are set between the commit and the messages, also on a repeat, so that a crash at any point is made good.
    """
    at, result = tools.now(), event.result
    decision = tools.ledger.decide(_opened(event, at), result, lambda job: course.follow_up(job, result, at), at)
    tools.marks.mark(names.decided(event.job, result.trial))
    if decision.judged:
        tools.counts.judged(domain.verdict(decision.judged, event.policy))
    for message in decision.messages:
        if isinstance(message, JobFinished):
            _over(message, decision.judged is not None, tools=tools)
    return _told(decision.messages, tools=tools)


def on_tweaks_exhausted(event: TweaksExhausted, tools: Tools) -> Iterable[Message]:
    """End the job with its best trial; one that has passed may have to be confirmed first."""
    known = tools.ledger.find(event.job)
    after = course.out_of_ideas(known, event.why, event.trial, tools.now()) if known and not known.ending else None
    if isinstance(after, CodeReady):
        return [after]
    ending = tools.ledger.end(event.job, lambda job: _ended(job, event, tools.now()), cause=event.message_id)
    return _last_words(event.message_id, event.job, ending, tools=tools)


def on_cancel(event: CancelRequested, tools: Tools) -> Iterable[Message]:
    """End the job; one that has ended stays as it is."""
    ending = tools.ledger.end(
        event.job, lambda job: course.cancelled(job, event.by, tools.now()), cause=event.message_id
    )
    return _last_words(event.message_id, event.job, ending, tools=tools)


def deadlines(stop: threading.Event, tools: Tools, every: float) -> Iterator[Message]:
    """End every job that is beyond its deadline, looking *every* so many seconds.

    The ledger remembers which endings were confirmed. One that was not, because the service died or its delivery was
    parked before the marks could be set, is told from here.
    """
    while not stop.is_set():
        for job in tools.ledger.overdue(tools.now()):
            yield from _expire(job, tools=tools)
        for message in tools.ledger.unannounced(tools.now() - GRACE_SECONDS):
            tools.marks.mark(names.ended(message.job))
            yield from _told([message], tools=tools)
        tools.counts.active(tools.ledger.active())
        stop.wait(every)


def _expire(job: str, tools: Tools) -> Iterator[Message]:
    """End one job, unless something else did meanwhile."""
    ending = tools.ledger.end(job, lambda known: course.overdue(known, tools.now()), cause=DEADLINE)
    if ending and ending.new:
        log.warning("a job is beyond its deadline", job=job, outcome=ending.message.outcome)
        _over(ending.message, ending.new, tools=tools)
        yield from _told([ending.message], tools=tools)


def _last_words(cause: str, job: str, ending: Ending | None, tools: Tools) -> Iterable[Message]:
    """Return the job's last message if *cause* led to it, now or when it was first delivered."""
    if ending is None:
        raise InvalidMessageError(f"there is no job {job!r}; `trainyard jobs` lists those there are")
    _over(ending.message, ending.new, tools=tools)
    if ending.cause != cause:
        log.info("the job had ended already", outcome=ending.message.outcome)
        return ()
    return _told([ending.message], tools=tools)


def _told(messages: Iterable[Message], tools: Tools) -> Iterator[Message]:
    """Hand out messages; what comes after a yield knows that the broker has the message."""
    for message in messages:
        yield message
        if isinstance(message, JobFinished):
            tools.ledger.announced(message.job)


def _ended(job: Job, event: TweaksExhausted, now: float) -> JobFinished:
    """Return the job's end where the tweaker has nothing left to try."""
    after = course.out_of_ideas(job, event.why, event.trial, now)
    return after if isinstance(after, JobFinished) else course.exhausted(job, event.why, now)


def _over(message: JobFinished, new: bool, tools: Tools) -> None:  # noqa: FBT001
    """Let nothing more of an ended job start, forget what only further trials would begin with, and count it once."""
    tools.marks.mark(names.ended(message.job))
    for trial in message.history:
        if trial.checkpoint is not None:
            tools.marks.discard_blob(trial.checkpoint.location)
    if new:
        tools.counts.finished(message)
        tools.counts.active(tools.ledger.active())


def _opened(event: CodeReady | AccuracyMeasured | TrainingFailed, now: float) -> Job:
    """Return the job as its first message tells it."""
    return domain.opened(event.job, event.policy, event.origin, event.seed, now)

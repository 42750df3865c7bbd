"""What tests share: waiting for a condition, and messages with defaults for what a test does not care about."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from trainyard.messages import AccuracyMeasured, CodeReady, JobFinished, Outcome, ThresholdMissed, TrainingFailed
from trainyard.policy import Budget, Policy
from trainyard.trial import DataKind, Failure, FailureReason, Measurement, Origin, Trial

T = TypeVar("T")

POLL_SECONDS = 0.02
BUNDLE = "b" * 64
ORIGIN = Origin(code="https://host/user/wines.git", revision="main", commit="c" * 40, title="wines")


def eventually(
    condition: Callable[[], T],
    timeout: float = 10.0,
    message: str | Callable[[], str] = "the condition did not become true",
    every: float = POLL_SECONDS,
) -> T:
    """Return what *condition* returns once that is true; check it *every* so many seconds.

    Raises:
        AssertionError: It stayed false for *timeout* seconds; says the *message*, which is only then called.
    """
    deadline = time.monotonic() + timeout
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{message if isinstance(message, str) else message()} (waited {timeout:g} s)")
        time.sleep(every)
    return value


def a_policy(*, threshold: float = 0.90, trials: int = 10) -> Policy:
    """Return a policy with this threshold and budget."""
    return Policy(threshold=threshold, budget=Budget(trials=trials))


def a_code_ready(
    *, job: str = "wines", trial: int = 1, run: int = 1, bundle: str = BUNDLE, threshold: float = 0.90, trials: int = 10
) -> CodeReady:
    """Return a request to train."""
    policy = a_policy(threshold=threshold, trials=trials)
    return CodeReady(job=job, trial=trial, run=run, bundle=bundle, policy=policy, origin=ORIGIN)


def a_trial(
    trial: int = 1, *, value: float | None = 0.40, data: DataKind = "test", failure: Failure | None = None
) -> Trial:
    """Return a trial that measured *value*, or that failed."""
    measured = Measurement(value=value, data=data, source="keras.evaluate") if value is not None else None
    return Trial(trial=trial, bundle=BUNDLE, measurement=None if failure else measured, failure=failure, seconds=12.0)


def an_accuracy(
    *,
    job: str = "wines",
    trial: int = 1,
    run: int = 1,
    value: float = 0.40,
    threshold: float = 0.90,
    trials: int = 10,
    data: DataKind = "test",
) -> AccuracyMeasured:
    """Return the message about a trial that measured *value* on *data*."""
    policy = a_policy(threshold=threshold, trials=trials)
    result = a_trial(trial, value=value, data=data)
    return AccuracyMeasured(job=job, trial=trial, run=run, policy=policy, origin=ORIGIN, result=result)


def a_failure(
    *,
    job: str = "wines",
    trial: int = 1,
    run: int = 1,
    reason: FailureReason = "raised",
    message: str = "ValueError: no such column",
    threshold: float = 0.90,
) -> TrainingFailed:
    """Return the message about a trial that gave no accuracy for *reason*."""
    result = a_trial(trial, failure=Failure(reason=reason, message=message, remedy="Name a column that exists."))
    policy = a_policy(threshold=threshold)
    return TrainingFailed(job=job, trial=trial, run=run, policy=policy, origin=ORIGIN, result=result)


def a_missed_threshold(
    *,
    job: str = "wines",
    history: Sequence[Trial | AccuracyMeasured | TrainingFailed] | None = None,
    threshold: float = 0.90,
    trials: int = 10,
) -> ThresholdMissed:
    """Return the request for a tweak after *history* (by default one trial at 0.40), oldest first."""
    policy = a_policy(threshold=threshold, trials=trials)
    return ThresholdMissed(job=job, policy=policy, origin=ORIGIN, history=_trials(history))


def a_finished_job(
    *,
    job: str = "wines",
    outcome: Outcome = "passed",
    best: int | None = 1,
    history: Sequence[Trial | AccuracyMeasured | TrainingFailed] | None = None,
    why: str = "It reached its threshold.",
) -> JobFinished:
    """Return the message about the end of a job whose *best* trial is delivered."""
    trials = _trials(history if history is not None else [a_trial(value=0.95)])
    return JobFinished(
        job=job, outcome=outcome, why=why, policy=a_policy(), origin=ORIGIN, best=best, history=trials, seconds=60.0
    )


def _trials(history: Sequence[Trial | AccuracyMeasured | TrainingFailed] | None) -> tuple[Trial, ...]:
    items = history if history is not None else [a_trial()]
    return tuple(item if isinstance(item, Trial) else item.result for item in items)

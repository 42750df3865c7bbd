"""The sentences in which a job's course is told to people; which data an accuracy was measured on is always said."""

from __future__ import annotations

from trainyard.policy import Policy
from trainyard.trial import Measurement, Trial
from trainyard.words import counted, measured, number

NOTHING_THERE = {"not_found", "empty", "too_large"}
"""Failures before there was any code to run."""


def passed(trial: Trial, measurement: Measurement, policy: Policy) -> str:
    """Say that *trial* reached the threshold."""
    author = ", the author's own code," if trial.trial == 1 else ""
    return f"Trial {trial.trial}{author} reached {measured(measurement)}; the threshold is {number(policy.threshold)}."


def confirmed(average: Measurement, seeds: int) -> str:
    """Say what a trial measured in the mean over its own and further seeds."""
    return f" With {counted(seeds, 'further seed')} the mean is {number(average.value)}."


def unconfirmed(trial: Trial, policy: Policy, seeds: int) -> str:
    """Say that a trial reached the threshold, but not with as many seeds as it should."""
    wanted = counted(policy.confirm, "further seed")
    return f"Trial {trial.trial} reached the threshold, and {seeds} of {wanted} could be tried in time."


def best_so_far(best: Trial | None, policy: Policy) -> str:
    """Say how far the best trial came, or that nothing was measured."""
    if best is None or best.measurement is None:
        return "Nothing was measured."
    return (
        f"The best of what was measured is trial {best.trial} with {measured(best.measurement)};"
        f" the threshold is {number(policy.threshold)}."
    )


def trials_spent(policy: Policy) -> str:
    """Say that the budget of trials is spent."""
    return f"The budget of {counted(policy.budget.trials, 'trial')} is spent."


def hours_spent(policy: Policy) -> str:
    """Say that the wall-clock budget is spent."""
    return f"The budget of {number(policy.budget.hours)} h is spent."


def failed(trial: Trial) -> str:
    """Say that the author's own code gave no accuracy, and why."""
    failure = trial.failure
    missing = failure is not None and failure.reason in NOTHING_THERE
    what = "There is nothing to train" if missing else "The author's own code does not train"
    where = f" ({failure.file}:{failure.line})" if failure and failure.file and failure.line else ""
    why = (failure.message if failure else "no reason is known").rstrip(".")
    return f"{what}: {why}{where}."


def cancelled(by: str) -> str:
    """Say who cancelled the job, where that is known."""
    return f"Cancelled by {by}." if by else "Cancelled."

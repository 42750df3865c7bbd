"""The sentences about how a job ended; they always say which data an accuracy was measured on."""

from trainyard.policy import Policy
from trainyard.trial import Measurement, Trial
from trainyard.words import counted, measured, number

NOTHING_THERE = {"not_found", "empty", "too_large"}
"""Failures before there is any code to run."""


def passed(trial: Trial, measurement: Measurement, policy: Policy) -> str:
    """Describe a trial that reached the threshold."""
    name = f"Trial {trial.trial}" + (", the original code," if trial.trial == 1 else "")
    return f"{name} reached {measured(measurement)}; the threshold is {number(policy.threshold)}."


def confirmed(average: Measurement, seeds: int) -> str:
    """Describe the mean over a trial's own and further seeds."""
    return f" With {counted(seeds, 'further seed')} the mean is {number(average.value)}."


def unconfirmed(trial: Trial, policy: Policy, seeds: int) -> str:
    """Describe a trial that reached the threshold, but was not tried with as many seeds as it should be."""
    wanted = counted(policy.confirm, "further seed")
    return f"Trial {trial.trial} reached the threshold, but only {seeds} of {wanted} could be tried in time."


def best_so_far(best: Trial | None, policy: Policy) -> str:
    """Describe how far the best trial came, or that nothing was measured."""
    if best is None or best.measurement is None:
        return "Nothing was measured."
    return (
        f"The best result is trial {best.trial} with {measured(best.measurement)};"
        f" the threshold is {number(policy.threshold)}."
    )


def trials_spent(policy: Policy) -> str:
    """Describe that the budget of trials is spent."""
    return f"The budget of {counted(policy.budget.trials, 'trial')} is spent."


def hours_spent(policy: Policy) -> str:
    """Describe that the wall-clock budget is spent."""
    return f"The budget of {number(policy.budget.hours)} h is spent."


def overdue(policy: Policy, state: str) -> str:
    """Describe what the job was doing when its wall-clock budget was spent."""
    return f"{hours_spent(policy)} At that time the job was {state}."


def failed(trial: Trial) -> str:
    """Describe why the original code has no accuracy."""
    failure = trial.failure
    missing = failure is not None and failure.reason in NOTHING_THERE
    what = "There is nothing to train" if missing else "The original code could not be trained"
    where = f" ({failure.file}:{failure.line})" if failure and failure.file and failure.line else ""
    why = (failure.message if failure else "unknown reason").rstrip(".")
    return f"{what}: {why}{where}."


def cancelled(by: str) -> str:
    """Describe who cancelled the job, where that is known."""
    return f"Cancelled by {by}." if by else "Cancelled."

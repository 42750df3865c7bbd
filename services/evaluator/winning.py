"""Which trial has passed, and what may still rule it out: one pure rule a function."""

from collections.abc import Iterable, Sequence
from statistics import fmean

from trainyard.diff.lineage import tweaks_of
from trainyard.policy import Policy
from trainyard.trial import Measurement, Trial

BEFORE_TRAINING = frozenset({"raised", "syntax", "missing_module", "input", "no_metric"})
"""Failures of a tweaked script before its training, or instead of it."""


def passes(trial: Trial, policy: Policy) -> bool:
    """Return whether a trial reached the threshold and was trained to its end."""
    measured = trial.measurement
    return measured is not None and measured.reaches(policy.threshold) and not trial.cut_short


def winner(history: Sequence[Trial], policy: Policy) -> Trial | None:
    """Return the trial to deliver: the one that passed with the fewest tweaks, the earliest of equals.

    Trials with inherited weights do not count, since their patch alone may not come that far; their controls do.
    Neither do trials whose mean over further seeds fell short.
    """
    candidates = [
        trial
        for trial in history
        if trial.purpose != "confirm" and not trial.inherited and passes(trial, policy)
        if not _is_refuted(trial, history, policy)
    ]
    return min(candidates, key=lambda trial: (len(tweaks_of(history, trial)), trial.trial), default=None)


def lacks_control(trial: Trial, policy: Policy) -> bool:
    """Return whether a trial passed with inherited weights, so that the same code has to pass without them."""
    return trial.inherited and passes(trial, policy)


def confirmations(history: Iterable[Trial], trial: Trial) -> tuple[Trial, ...]:
    """Return the trials that trained the same code with further seeds."""
    return tuple(each for each in history if each.purpose == "confirm" and each.of == trial.trial)


def may_shrink(history: Sequence[Trial], trial: Trial, policy: Policy) -> bool:
    """Return whether a trial's diff may hold unneeded tweaks: several of them, and nothing confirmed yet."""
    several = len(tweaks_of(history, trial)) > 1
    return policy.prune and several and not any(each.purpose == "confirm" for each in history)


def mean(history: Iterable[Trial], trial: Trial) -> Measurement | None:
    """Return the mean of what a trial measured with its own and all confirming seeds; None where one of them failed."""
    measured = [each.measurement for each in (trial, *confirmations(history, trial))]
    values = [each.value for each in measured if each is not None]
    own = trial.measurement
    if own is None or len(values) < len(measured):
        return None
    return own.model_copy(update={"value": fmean(values)})


def trials_spent(history: Iterable[Trial], policy: Policy) -> bool:
    """Return whether the budget of trials is spent.

    Confirmations and controls do not count. An edit that did not even train is free, until there are as many of them
    as trials: a script that always breaks must not go on for ever.
    """
    counted = [trial for trial in history if trial.purpose in ("search", "prune")]
    trained = [trial for trial in counted if not _never_trained(trial)]
    return len(trained) >= policy.budget.trials or len(counted) >= 2 * policy.budget.trials


def _never_trained(trial: Trial) -> bool:
    """Return whether a tweaked trial broke before it could train."""
    failed = trial.failure is not None and trial.failure.reason in BEFORE_TRAINING
    return trial.trial > 1 and failed and not trial.curves


def _is_refuted(trial: Trial, history: Sequence[Trial], policy: Policy) -> bool:
    """Return whether a trial was tried with all its seeds and its mean fell short of the threshold."""
    confirmed = confirmations(history, trial)
    if not confirmed or len(confirmed) < policy.confirm:
        return False
    average = mean(history, trial)
    return average is None or not average.reaches(policy.threshold)

"""Which trial is to be delivered, and what may still rule it out: one pure rule a function."""

from collections.abc import Iterable, Sequence

from services.evaluator import confirming
from services.evaluator.confirming import COMPARED, reaches
from trainyard.diff.lineage import tweaks_of
from trainyard.evidence import as_good, is_objected_to, repeats, whole
from trainyard.policy import Policy
from trainyard.trial import Trial

BEFORE_TRAINING = frozenset({"raised", "syntax", "missing_module", "input", "no_metric"})
"""Failures of a tweaked script before its training, or instead of it."""


def winner(history: Sequence[Trial], policy: Policy) -> Trial | None:
    """Return the trial to deliver: the one that reached the threshold with the fewest tweaks, the earliest of equals.

    Trials with inherited weights do not count, since their patch alone may not come that far; their controls do.
    Neither do trials that fresh seeds refuted or the diagnosis objects to, nor those that something was left out of and
    that are not shown to be as good without it.
    """
    candidates = [
        trial
        for trial in history
        if trial.purpose != "confirm" and not trial.inherited and reaches(trial, policy)
        if not (confirming.is_refuted(history, trial, policy) or is_objected_to(history, trial))
        if trial.purpose != "prune" or as_good(history, trial)
    ]
    return min(candidates, key=lambda trial: (len(tweaks_of(history, trial)), trial.trial), default=None)


def lacks_control(trial: Trial, policy: Policy) -> bool:
    """Return whether a trial passed with inherited weights, so that the same code has to pass without them."""
    return trial.inherited and reaches(trial, policy)


def lacks_seed(history: Sequence[Trial], policy: Policy) -> Trial | None:
    """Return the trial to train with a second seed, to show whether a smaller diff is as good as the whole one."""
    for trial in history:
        if trial.purpose == "prune" and reaches(trial, policy) and as_good(history, trial) is None:
            full = whole(history, trial)
            return trial if repeats(history, full) else full
    return None


def trials_spent(history: Iterable[Trial], policy: Policy) -> bool:
    """Return whether the budget of trials is spent.

    Confirmations and controls do not count. An edit that did not even train is free, until there are as many of them
    as trials: a script that always breaks must not go on for ever.
    """
    counted = [trial for trial in history if trial.purpose in COMPARED]
    trained = [trial for trial in counted if not _never_trained(trial)]
    return len(trained) >= policy.budget.trials or len(counted) >= 2 * policy.budget.trials


def _never_trained(trial: Trial) -> bool:
    """Return whether a tweaked trial broke before it could train."""
    failed = trial.failure is not None and trial.failure.reason in BEFORE_TRAINING
    return trial.trial > 1 and failed and not trial.curves

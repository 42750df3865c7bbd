"""What people are told in the same words everywhere: on which data something was measured, what a trial is for."""

from __future__ import annotations

from collections.abc import Mapping

from trainyard.trial import DataKind, Purpose, Trial

DATA: Mapping[DataKind, str] = {
    "test": "test data",
    "validation": "validation data",
    "folds": "cross-validation folds",
    "train": "TRAINING data",
    "unknown": "data the script does not name",
}
"""Training accuracy always in capitals, since it flatters."""

PURPOSES: Mapping[Purpose, str] = {
    "search": "",
    "prune": "trial {of} with less, to see what of it is needed",
    "control": "the code of trial {of} from random weights, to see that the inherited ones were not the cause",
    "confirm": "the code of trial {of} with another seed, to see that it was no luck",
}


def purpose(trial: Trial) -> str:
    """Say what a trial is for, where it is not to reach the threshold; else ""."""
    return PURPOSES[trial.purpose].format(of=trial.of)


def weights(trial: Trial) -> str:
    """Say where a trial's weights came from, where they were not random; else ""."""
    if trial.warm is None:
        return ""
    said = {"continue": "went on from the weights of", "inherit": "inherited the weights of"}[trial.warm.how]
    return f"{said} trial {trial.warm.trial}"

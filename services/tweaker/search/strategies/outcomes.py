"""What came of the trials that were made from one base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.tweaker.diagnosis.history import gain, made_from
from services.tweaker.search.plan import Keys, keys_of
from services.tweaker.search.strategies.strategy import Search
from trainyard.trial import Trial


@dataclass(frozen=True)
class Outcomes:
    """What is known of edits upon one base.

    Attributes:
        made: The trials that searched from there.
        failed: By edit, how often it did no good; several edits of one trial share that.
        crashed: The edits of each trial that ended in a failure.
        harmed: The edits of each trial with several of them that did worse.
    """

    made: Sequence[Trial]
    failed: Mapping[str, float]
    crashed: Sequence[Keys]
    harmed: Sequence[Keys]


def outcomes(search: Search) -> Outcomes:
    """Read the history."""
    made = [trial for trial in made_from(search.base, search.history) if trial.tweaks]
    gains = {trial.trial: gain(trial, search.base, search.history) for trial in made}
    return Outcomes(
        made=made,
        failed=_failed([trial for trial in made if gains[trial.trial] <= 0]),
        crashed=[keys_of(trial.tweaks) for trial in made if trial.failure is not None],
        harmed=[keys_of(trial.tweaks) for trial in made if gains[trial.trial] < 0 and len(trial.tweaks) > 1],
    )


def _failed(trials: Sequence[Trial]) -> Mapping[str, float]:
    """Count the failures of each edit."""
    shares: dict[str, float] = {}
    for trial in trials:
        for tweak in trial.tweaks:
            shares[tweak.name] = shares.get(tweak.name, 0.0) + 1 / len(trial.tweaks)
    return shares

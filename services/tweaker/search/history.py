"""What the trials of a job tell about where to go on: pure functions of the history."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import fmean

from services.tweaker.diagnosis.facts import read_facts
from trainyard.trial import Trial

Standing = tuple[bool, float]
"""How good a trial is: measured on other data than the training's own, then by value; larger is better."""

LEAST_NOISE = 0.005
"""Values that lie no further apart are as good as equal, whatever they were measured on."""


def searched(history: Iterable[Trial]) -> tuple[Trial, ...]:
    """Return the trials that search; those that prune, control or confirm repeat or take apart what was found."""
    return tuple(trial for trial in history if trial.purpose == "search")


def standing(trial: Trial, history: Iterable[Trial]) -> Standing | None:
    """Return how good a trial is, in the mean over all trials of the very same code; None where it measured nothing."""
    if trial.measurement is None:
        return None
    again = [each for each in history if each.of == trial.trial and each.purpose in ("control", "confirm")]
    ranks = [each.measurement.rank() for each in (trial, *again) if each.measurement is not None]
    return trial.measurement.data != "train", fmean(ranks)


def best_first(history: Sequence[Trial]) -> tuple[Trial, ...]:
    """Return the trials that searched and measured something, the best first, of equals the earliest.

    What was measured on the training's own data is worse than anything that was not, as the evaluator judges too.
    """
    ranked = [(trial, place) for trial in searched(history) if (place := standing(trial, history)) is not None]
    return tuple(trial for trial, _ in sorted(ranked, key=lambda pair: pair[1], reverse=True))


def made_from(base: Trial, history: Iterable[Trial]) -> tuple[Trial, ...]:
    """Return the trials that searched from the code of *base*."""
    return tuple(trial for trial in searched(history) if trial.base == base.trial and trial is not base)


def gain(trial: Trial, base: Trial, history: Sequence[Trial]) -> float:
    """Return by how much a trial is better than its base; 0 where the two cannot be compared, or one failed."""
    after, before = standing(trial, history), standing(base, history)
    if after is None or before is None or after[0] != before[0]:
        return 0.0
    return after[1] - before[1]


def noise(trial: Trial) -> float:
    """Return by how much a share of right answers varies by the choice of the rows that it is measured on."""
    measured, rows = trial.measurement, read_facts(trial.facts).measured.rows
    if measured is None or not rows or not 0 <= measured.value <= 1:
        return LEAST_NOISE
    return max(LEAST_NOISE, math.sqrt(measured.value * (1 - measured.value) / rows))

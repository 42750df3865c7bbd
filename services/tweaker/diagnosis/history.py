"""What the trials of a job show together."""

from collections.abc import Iterable, Sequence
from statistics import fmean

from trainyard.evidence import noise
from trainyard.trial import Setting, Trial

Score = tuple[bool, float]
"""How good a trial is: measured on other data than the training's own, then by value; larger is better."""

REPEATS = ("control", "confirm")
"""The purposes of trials that train another one's code again."""


def searching(history: Iterable[Trial]) -> tuple[Trial, ...]:
    """Return the trials that search; those that prune, control or confirm repeat or take apart what was found."""
    return tuple(trial for trial in history if trial.purpose == "search")


def changes(trial: Trial) -> dict[str, Setting]:
    """Return the settings that a trial changed, by edit."""
    return {tweak.name: tweak.setting for tweak in trial.tweaks}


def score(trial: Trial, history: Iterable[Trial]) -> Score | None:
    """Return how good a trial is, in the mean over all trials of the very same code; None where it measured nothing."""
    if trial.measurement is None:
        return None
    repeats = [other for other in history if other.of == trial.trial and other.purpose in REPEATS]
    ranks = [each.measurement.rank() for each in (trial, *repeats) if each.measurement is not None]
    return trial.measurement.data != "train", fmean(ranks)


def best_first(history: Sequence[Trial]) -> tuple[Trial, ...]:
    """Return the trials that searched and measured something, the best first, of equals the earliest.

    What was measured on the training's own data is worse than anything that was not, as the evaluator judges too.
    """
    scored = [(trial, own) for trial in searching(history) if (own := score(trial, history)) is not None]
    return tuple(trial for trial, _ in sorted(scored, key=lambda pair: pair[1], reverse=True))


def made_from(base: Trial, history: Iterable[Trial]) -> tuple[Trial, ...]:
    """Return the trials that searched from the code of *base*."""
    return tuple(trial for trial in searching(history) if trial.base == base.trial and trial is not base)


def gain(trial: Trial, base: Trial, history: Sequence[Trial]) -> float:
    """Return by how much a trial is better than its base; 0 where the two cannot be compared, or one failed."""
    after, before = score(trial, history), score(base, history)
    if after is None or before is None or after[0] != before[0]:
        return 0.0
    return after[1] - before[1]


def stalled(history: Sequence[Trial]) -> int:
    """Return how many of the newest trials in a row gained nothing beyond noise over the best one before them."""
    trials = searching(history)
    scores = [score(trial, history) for trial in trials]
    last = len(trials) - 1
    return last - next((start for start in range(last, -1, -1) if _gained(trials, scores, start)), last)


def _gained(trials: Sequence[Trial], scores: Sequence[Score | None], start: int) -> bool:
    """Return whether trials from *start* on were better than all before; also where none before measured anything."""
    earlier = [(own, trial) for own, trial in zip(scores[:start], trials, strict=False) if own is not None]
    if not earlier:
        return True
    (held_out, value), best = max(earlier, key=lambda pair: pair[0])
    return any(own is not None and own > (held_out, value + noise(best)) for own in scores[start:])

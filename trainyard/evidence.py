"""What measured values are evidence of: the noise of rows and seeds, and bounds that chance alone does not cross."""

import math
from collections.abc import Iterable, Sequence
from statistics import NormalDist

from trainyard.trial import Model, Trial, find_trial

LEAST_NOISE = 0.005
"""Values that differ by no more are as good as equal, whatever they were measured on."""
RISK = 0.05
"""The chance of an error that bounds allow."""


class Question(Model):
    """What was asked of sealed rows: is the model worth the threshold?

    Attributes:
        rows: How many there are.
        digest: Identifies them.
        number: Which question about them this was, counted over all jobs.
    """

    rows: int
    digest: str
    number: int


class Evidence(Model):
    """What a success rests on.

    Attributes:
        seeds: With how many fresh seeds the code was trained after it had reached the threshold.
        mean: The mean over those seeds; the value that reached the threshold where there are none.
        spread: The standard deviation over them; 0 for fewer than two.
        rows: The number of rows of each measurement; 0 where unknown.
        trials: How many trials were compared on those rows.
        bound: What the model may truly be worth: the mean is compatible with it, at 95 % over all trainings.
        optimism: By how much the best of so many trials may flatter; 0 where nothing was chosen.
        question: What was asked of rows that no trial was measured on; None where there are none.
    """

    seeds: int = 0
    mean: float
    spread: float = 0.0
    rows: int = 0
    trials: int = 1
    bound: float | None = None
    optimism: float = 0.0
    question: Question | None = None


def is_share(trial: Trial) -> bool:
    """Return whether a trial measured a share of its rows, so that binomial counts describe its noise."""
    measured = trial.measurement
    return measured is not None and measured.metric == "accuracy" and 0 <= measured.value <= 1


def standard_error(share: float, rows: int) -> float:
    """Return the standard error of a share of *rows* (of binomial counts); 0 where their number is not known."""
    return math.sqrt(max(share * (1 - share), 1 / rows) / rows) if rows else 0.0


def error_over_rows(trial: Trial) -> float:
    """Return the standard error of a trial's value over the choice of its rows; 0 where that is not known.

    Of a share by binomial counts, of any other metric as the probe found it by bootstrap.
    """
    if trial.measurement is not None and is_share(trial):
        return standard_error(trial.measurement.value, trial.rows)
    return trial.fact("measured", "stderr", 0.0)


def noise(trial: Trial) -> float:
    """Return by how much a trial's value varies with the choice of the rows that it is measured on."""
    return max(LEAST_NOISE, error_over_rows(trial))


def at_least(correct: int, rows: int, share: float) -> float:
    """Return the probability of so many *correct* of *rows*, or more, if each is correct with probability *share*."""
    if not 0 < share < 1:
        return float(share >= 1 or correct <= 0)
    logs = (
        math.lgamma(rows + 1) - math.lgamma(k + 1) - math.lgamma(rows - k + 1)
        + k * math.log(share) + (rows - k) * math.log1p(-share)
        for k in range(correct, rows + 1)
    )  # fmt: skip
    return min(1.0, math.fsum(map(math.exp, logs)))


def lower_bound(correct: int, rows: int, risk: float = RISK) -> float:
    """Return the one-sided lower bound of Clopper and Pearson (Biometrika 26, 1934) for a share of *rows*."""
    low, high = 0.0, correct / rows
    while high - low > 1e-6:  # noqa: PLR2004 - finer than any accuracy is written
        middle = (low + high) / 2
        low, high = (low, middle) if at_least(correct, rows, middle) > risk else (middle, high)
    return low


def compatible(trial: Trial, mean: float, looks: int) -> float | None:
    """Return the least that a model may truly be worth whose value is *mean*, on the rows of *trial*.

    For metrics to minimise the most. It is the end of a two-sided interval that holds for all of *looks* trainings on
    these rows together (Bonferroni). None where the rows are not known.
    """
    risk = RISK / 2 / looks
    if is_share(trial) and trial.rows:
        return lower_bound(round(mean * trial.rows), trial.rows, risk)
    error, measured = error_over_rows(trial), trial.measurement
    if not error or measured is None:
        return None
    reach = NormalDist().inv_cdf(1 - risk) * error
    return mean - reach if measured.direction == "maximize" else mean + reach


def optimism(trial: Trial, looks: int) -> float:
    """Return by how much the best of *looks* equally good trials is expected to exceed what they are worth.

    The expected largest of as many standard errors (Blom 1958); less where their errors agree, as those of trials on
    the same rows do. For tuning on validation data see arXiv 2506.19540.
    """
    if looks <= 1:
        return 0.0
    return error_over_rows(trial) * NormalDist().inv_cdf((looks - 0.375) / (looks + 0.25))


def is_deterministic(trial: Trial) -> bool:
    """Return whether the probe is certain that nothing in a trial depends on its seed."""
    return trial.fact("random", "drawn", True) is False


def repeats(history: Iterable[Trial], trial: Trial) -> tuple[Trial, ...]:
    """Return the trials that trained the same code with further seeds."""
    return tuple(each for each in history if each.purpose == "confirm" and each.of == trial.trial)


def is_objected_to(history: Iterable[Trial], trial: Trial) -> bool:
    """Return whether the search went on from a trial that reached the threshold, since its value means nothing."""
    return any(each.purpose == "search" and each.of == trial.trial for each in history)


def whole(history: Sequence[Trial], trial: Trial) -> Trial:
    """Return the trial whose diff *trial* is a part of: itself, unless something was left out."""
    before = find_trial(history, trial.of) if trial.purpose == "prune" else None
    return whole(history, before) if before is not None else trial


def as_good(history: Sequence[Trial], trial: Trial) -> bool | None:
    """Return whether a trial with fewer tweaks is as good as the one it was made from; None where a seed is missing.

    On each of two seeds it has to stay within noise of the whole diff's value: what passed by luck once is not enough.
    """
    full = whole(history, trial)
    pairs = list(zip((full, *repeats(history, full)), (trial, *repeats(history, trial)), strict=False))
    if not all(_within_noise(more, less) for more, less in pairs):
        return False
    enough = len(pairs) > 1 or (is_deterministic(full) and is_deterministic(trial))
    return True if enough else None


def _within_noise(more: Trial, less: Trial) -> bool:
    if more.measurement is None or less.measurement is None:
        return less.measurement is not None
    return less.measurement.rank() >= more.measurement.rank() - noise(more)

"""What makes a reached threshold a pass: fresh seeds, and rows that no trial was measured on."""

from collections.abc import Sequence
from statistics import fmean, stdev

from trainyard.evidence import (
    RISK,
    Evidence,
    Question,
    at_least,
    compatible,
    is_deterministic,
    is_share,
    optimism,
    repeats,
)
from trainyard.messages import Assurance
from trainyard.policy import Policy
from trainyard.trial import HELD_OUT, Measurement, Purpose, Trial

COMPARED: tuple[Purpose, ...] = ("search", "prune")
"""The purposes of trials that are compared with each other, and paid from the budget."""
SEEDS = 3
MOST_MISSES = 3
"""Of so many fresh seeds one may miss the threshold."""
QUESTIONS = 10
"""How many times the same sealed rows may be asked, each time at a tenth of the risk."""


def reaches(trial: Trial, policy: Policy) -> bool:
    """Return whether a trial reached the threshold, on data that the author accepts, and was trained to its end."""
    measured = trial.measurement
    return (
        measured is not None
        and measured.reaches(policy.threshold)
        and accepts(measured, policy)
        and not trial.cut_short
    )


def accepts(measured: Measurement, policy: Policy) -> bool:
    """Return whether a value was measured on data that the author accepts."""
    return policy.data is None or measured.data in HELD_OUT


def seeds_wanted(history: Sequence[Trial], trial: Trial, policy: Policy) -> int:
    """Return with how many fresh seeds a trial that reached the threshold has to be trained.

    With "auto" three, fewer where they would more than double the job's time, but at least one; none where nothing
    depends on the seed, and no second one where the script sets its own seed and the first changed nothing.
    """
    if policy.confirm != "auto":
        return policy.confirm
    if is_deterministic(trial):
        return 0
    done = repeats(history, trial)
    sets_its_seed = trial.fact("random", "seeded_by_script", default=False)
    if sets_its_seed and done and done[0].measurement == trial.measurement:
        return 1
    seconds = sum(each.seconds for each in history if not (each.purpose == "confirm" and each.of == trial.trial))
    return min(SEEDS, max(1, int(seconds // trial.seconds))) if trial.seconds else SEEDS


def is_refuted(history: Sequence[Trial], trial: Trial, policy: Policy) -> bool:
    """Return whether fresh seeds show that a trial reached the threshold by luck.

    More than a third of them missed it or failed, or their mean does. The trial's own value does not count: it was
    chosen because it is high.
    """
    wanted, done = seeds_wanted(history, trial, policy), repeats(history, trial)
    missed = [each for each in done if not reaches(each, policy)]
    if not wanted or not done:
        return False
    if any(each.measurement is None for each in done) or MOST_MISSES * len(missed) > wanted:
        return True
    return wanted <= len(done) and not _mean(done, trial).reaches(policy.threshold)


def evidence_of(history: Sequence[Trial], trial: Trial, questions: int) -> Evidence | None:
    """Return what the success of *trial* rests on; None where it measured nothing.

    Its sealed rows were asked in *questions* jobs before.
    """
    fresh = repeats(history, trial)
    values = [each.measurement.value for each in fresh if each.measurement]
    if trial.measurement is None:
        return None
    looks = sum(1 for each in history if each.measurement and each.purpose in COMPARED)
    value = _mean(fresh, trial).value
    sealed = to_deliver(history, trial).sealed if questions < QUESTIONS else None
    return Evidence(
        seeds=len(values),
        mean=value,
        spread=stdev(values) if len(values) > 1 else 0.0,
        rows=trial.rows,
        trials=looks,
        bound=compatible(trial, value, looks + len(values)),
        optimism=optimism(trial, looks),
        question=sealed and Question(rows=sealed.rows, digest=sealed.digest, number=questions + 1),
    )


def to_deliver(history: Sequence[Trial], trial: Trial) -> Trial:
    """Return the fresh seed's trial with the median value, the lower of two; *trial* itself where there is none."""
    measured = [(each.measurement.rank(), each) for each in repeats(history, trial) if each.measurement]
    ranked = sorted(measured, key=lambda pair: pair[0])
    return ranked[(len(ranked) - 1) // 2][1] if ranked else trial


def assurance(history: Sequence[Trial], trial: Trial, evidence: Evidence, policy: Policy) -> Assurance:
    """Return how much the success of *trial* means, once its fresh seeds are done."""
    data = trial.measurement.data if trial.measurement else "unknown"
    if data == "train":
        return "fitted"
    if data not in HELD_OUT or not (evidence.seeds or is_deterministic(trial)):
        return "reached"
    return "proved" if evidence.question and _is_proved(to_deliver(history, trial), policy) else "passed"


def _is_proved(trial: Trial, policy: Policy) -> bool:
    """Return whether sealed rows prove that a model is worth the threshold, at 95 % over all that they are asked.

    The answer is a yes or no, and the risk is shared by as many questions as may be asked (ease.ml/ci, arXiv
    1903.00278), since each answer tells something about the rows (Dwork et al., Science 349, 2015).
    """
    sealed = trial.sealed
    if sealed is None or not is_share(trial):
        return False
    return at_least(sealed.correct, sealed.rows, policy.threshold) <= RISK / QUESTIONS


def _mean(fresh: Sequence[Trial], trial: Trial) -> Measurement:
    """Return the mean over fresh seeds; what the trial itself measured where there are none."""
    measured = [each.measurement for each in fresh if each.measurement] or [trial.measurement or Measurement(value=0)]
    return measured[0].model_copy(update={"value": fmean(each.value for each in measured)})

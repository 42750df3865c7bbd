"""Values that prove nothing, whether they reached the threshold or not, and what may mend that."""

from collections.abc import Sequence

from services.tweaker import rules
from services.tweaker.diagnosis.case import Finding, case_of
from services.tweaker.diagnosis.history import score, searching
from services.tweaker.search.candidates import Candidate
from trainyard.policy import Policy
from trainyard.trial import Trial


def objections(trial: Trial, policy: Policy) -> tuple[Finding, ...]:
    """Return what certainly makes a trial's value prove nothing: known from its facts, so the same at any time."""
    return rules.objections(case_of(trial, {}, {}, (trial,), policy)) if trial.measurement is not None else ()


def discounted(history: Sequence[Trial], policy: Policy) -> tuple[Trial, ...]:
    """Return the trials, without the values and curves that prove nothing but look better than one that does.

    What was mended must not seem to have done harm.
    """
    doubted = [trial for trial in history if objections(trial, policy)]
    honest = [score(trial, history) for trial in searching(history) if trial not in doubted]
    lowest = min((own for own in honest if own is not None), default=None)
    return tuple(
        trial.model_copy(update={"measurement": None, "curves": ()})
        if lowest is not None and trial in doubted and (score(trial, history) or lowest) > lowest
        else trial
        for trial in history
    )


def may_mend(candidate: Candidate, base: Trial, policy: Policy) -> bool:
    """Return whether what speaks against *base* may be gone once the candidate has run.

    What the training shows any change may mend, what the code shows only its remedy, and what the data show nothing.
    """
    found = objections(base, policy)
    if any(objection.grounds == "data" for objection in found):
        return False
    mended = (tweak.reason.startswith(each.sentence) for each in found for tweak in candidate.tweaks)
    return not found or any(mended) or any(each.grounds == "curves" for each in found)

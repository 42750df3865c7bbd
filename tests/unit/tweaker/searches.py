"""Whole searches by a strategy, trial by trial, without training."""

from collections.abc import Sequence

from services.tweaker.search.decide import decide
from services.tweaker.source.scripts import Files
from tests.unit.tweaker import scripts
from tests.unit.tweaker.builders import REST, UNSCALED, a_trial, facts
from trainyard.policy import Policy
from trainyard.trial import Trial

NETWORK = {"train.py": scripts.ADDED}
NEIGHBOURS = {"train.py": scripts.NEIGHBOURS}


def searched(
    files: Files, policy: Policy, values: Sequence[float | None], seed: int = 1
) -> tuple[list[Trial], dict[int, Files]]:
    """Return the trials and codes of a search whose trials measure these values, until nothing is left to try."""
    losses = REST if files is NETWORK else ()
    known = facts(UNSCALED) if files is NETWORK else facts(UNSCALED, model="KNeighborsClassifier", layers=())
    history, codes = [a_trial(1, value=values[0], losses=losses, known=known)], {1: files}
    for number, value in enumerate(values[1:], 2):
        decision = decide(history, codes, policy, seed=seed)
        if decision.candidate is None:
            break
        trial = a_trial(number, value=value, losses=losses, known=known, base=decision.base.trial)
        history.append(trial.model_copy(update={"tweaks": decision.candidate.tweaks}))
        codes[number] = decision.candidate.files
    return history, codes


def changes(history: Sequence[Trial]) -> list[list[tuple[str, object]]]:
    """Return what was made in each trial but the first."""
    return [[(tweak.name, tweak.setting) for tweak in trial.tweaks] for trial in history[1:]]

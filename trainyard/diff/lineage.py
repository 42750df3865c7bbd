"""How the code of a trial came about: the trials that it was made from, back to the author's own."""

from collections.abc import Sequence

from trainyard.trial import Trial, Tweak


def lineage(history: Sequence[Trial], trial: Trial) -> tuple[Trial, ...]:
    """Return the trials whose tweaks led to the code of *trial*: the author's first, *trial* itself last.

    It ends early where the history does not hold a base, or names one that is not an earlier trial.
    """
    known = {each.trial: each for each in history}
    chain = [trial]
    while (base := known.get(chain[-1].base or 0)) is not None and base.trial < chain[-1].trial:
        chain.append(base)
    return tuple(reversed(chain))


def tweaks_of(history: Sequence[Trial], trial: Trial) -> tuple[Tweak, ...]:
    """Return all tweaks between the author's code and that of *trial*, in the order in which they were made."""
    return tuple(tweak for each in lineage(history, trial) for tweak in each.tweaks)

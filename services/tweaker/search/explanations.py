"""Why there is no further trial, in sentences for the author."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from services.tweaker.search.decide import Decision
from trainyard.diff.lineage import tweaks_of
from trainyard.trial import Trial

MOST_REASONS = 5
LINE = re.compile(r"\bline \d")


def why_nothing_is_left(decision: Decision, trials: int) -> str:
    """Say in a sentence why no further trial is made; how far the best one came is added by who ends the job."""
    if decision.why:
        return f"{decision.why.removesuffix('.')}."
    if trials > 1:
        return f"All changes that are known to fit this code were tried in {trials} trials."
    reasons = "; ".join(_telling(decision.left_alone.values()))
    return f"No known tweak fits this code: {reasons or 'nothing in it is wrong in a way that is known'}."


def every_part_is_needed(history: Sequence[Trial], winner: int) -> str:
    """Say that nothing can be left out of the diff."""
    count = sum(len(tweaks_of(history, trial)) for trial in history if trial.trial == winner)
    if count == 1:
        return "The diff is a single tweak."
    return f"Every part of the diff is needed: none of its {count} tweaks could be left out."


def _telling(reasons: Collection[str]) -> list[str]:
    """Return the reasons that tell most: those about a line of the code first, then what most edits say."""
    counts = Counter(reasons)
    return sorted(counts, key=lambda reason: (LINE.search(reason) is None, -counts[reason], reason))[:MOST_REASONS]

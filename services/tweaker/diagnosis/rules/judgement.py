"""How far what was measured can be believed, and whether more can be had at all."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, stdev

from services.tweaker.diagnosis.finding import Case, Finding, Past
from services.tweaker.diagnosis.rules.kinds import chance, target

LEAST_NOISE = 0.002
SHARED = 0.02
TRIED = 4
"""Trials that have to end below what contradicting rows allow about, before that is believed."""
PLATEAU, LONG_PLATEAU = 3, 8
KINDS = 6
"""Trials without a gain, and edits of different names, from which on nothing more is to be had."""
SWAP, SHORT_PLATEAU, FEW_KINDS = "swap_estimator", 6, 3
"""The same where two estimators of other kinds came no further either, which shows more than their settings do."""
WIDE = 3.0
PAIR = 2


def on_training_data_only(case: Case) -> Finding | None:
    """Say that what counts is measured on what was learnt."""
    if case.data != "train":
        return None
    what = "It is measured on its own training data only, where learning by heart counts as well"
    return Finding("on_training_data_only", what, 0.3, "data")


def noise(case: Case) -> Finding | None:
    """Say that the threshold is so near that chance decides."""
    if case.value is None or case.threshold is None or case.value >= case.threshold:
        return None
    gap, rows = case.threshold - case.value, case.facts.measured.rows
    over_seeds, over_rows = _over_seeds(case), chance(case.value, rows)
    if over_seeds is not None and gap <= over_seeds:
        what = f"The {gap:.1%} that are missing are less than one seed differs from the next ({over_seeds:.1%})"
        return Finding("noise", what, 0.6, "curves")
    if gap <= over_rows:
        what = f"The {gap:.1%} that are missing are within what chance does to {rows} rows ({over_rows:.1%})"
        return Finding("noise", what, 0.4, "curves")
    return None


def plateau(case: Case) -> Finding | None:
    """Say that trial after trial from here brought nothing, so that another structure is called for."""
    made = [past for past in case.history if past.base == case.trial and past.of is None and past.trial != case.trial]
    same = [past for past in made if past.value is not None and case.value is not None and _alike(past, case)]
    if len(same) < PLATEAU:
        return None
    what = f"{len(same)} trials with other settings came to the same {case.value:.1%} within chance"
    return Finding("plateau", what, round(min(0.68, 0.5 + 0.03 * len(same)), 2), "curves")


def ceiling(case: Case) -> Finding | None:
    """Say that these data allow no more than has been reached."""
    if case.value is None or case.threshold is None or case.value >= case.threshold:
        return None
    return _by_conflicts(case) or _by_trials(case)


def _by_conflicts(case: Case) -> Finding | None:
    """Equal rows with different labels: of each such pair at most one is answered rightly."""
    conflicts = case.facts.inputs.conflicts
    most = 1 - conflicts / PAIR
    if not conflicts or target(case) <= most:
        return None
    tried = [past for past in case.history if past.value is not None and past.edits]
    near = (case.value or 0) >= most - max(SHARED, chance(most, case.facts.measured.rows)) and len(tried) >= TRIED
    what = f"{conflicts:.0%} of the rows equal one with another label: no model is right for more than about {most:.0%}"
    return Finding("ceiling", what, 0.92 if near else 0.6, "data")


def _by_trials(case: Case) -> Finding | None:
    """Many trials of all kinds that end at the same value: it is the data's, not the settings'."""
    tried = [past for past in case.history if past.value is not None and past.of is None and past.edits]
    others = {setting for past in tried for name, setting in past.edits.items() if name == SWAP}
    long, many = (SHORT_PLATEAU, FEW_KINDS) if len(others) >= PAIR else (LONG_PLATEAU, KINDS)
    best = max((past.value for past in tried if past.value is not None), default=0.0)
    late = tried[-long:]
    kinds = {name for past in tried for name in past.edits}
    if len(late) < long or len(kinds) < many or case.value is None or case.threshold is None:
        return None
    spread = max(chance(best, case.facts.measured.rows), LEAST_NOISE)
    before = max((past.value for past in tried[:-long] if past.value is not None), default=case.value)
    if best - max(before, min(case.value, best)) > spread or case.threshold - best <= WIDE * spread:
        return None
    what = f"{len(late)} trials with {len(kinds)} kinds of change have brought nothing beyond {best:.1%}"
    return Finding("ceiling", f"{what}: these data seem to allow no more", 0.9, "curves")


def _alike(past: Past, case: Case) -> bool:
    """Tell whether a trial came to the same value within chance, or to a worse one."""
    spread = max(chance(case.value or 0, case.facts.measured.rows), LEAST_NOISE)
    return (past.value or 0) - (case.value or 0) <= spread


def _over_seeds(case: Case) -> float | None:
    """Return how far trials of the very same code lie apart: the standard deviation of the code tried most often."""
    by_code: dict[int, list[float]] = {}
    for past in case.history:
        if past.value is not None:
            by_code.setdefault(past.of or past.trial, []).append(past.value)
    values: Sequence[float] = max(by_code.values(), key=len, default=[])
    return stdev(values, fmean(values)) if len(values) > PAIR else None

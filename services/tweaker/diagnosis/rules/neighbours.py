"""What is wrong with a nearest-neighbours estimator."""

from __future__ import annotations

import math

from services.tweaker.diagnosis.finding import Case, Finding

FEW = 2
WIDE = 1.5
"""So many times the root of the rows are far too many neighbours."""
LEAST_MANY = 9


def too_few(case: Case) -> Finding | None:
    """Say that so few neighbours are asked that single odd rows decide."""
    asked = _asked(case)
    if asked is None or asked > FEW:
        return None
    who = "A single neighbour decides" if asked == 1 else f"Only {asked} neighbours decide"
    return Finding("few_neighbours", f"{who}, so that every odd row counts", 0.7, "structure")


def too_many(case: Case) -> Finding | None:
    """Say that so many neighbours are asked that other classes outvote the near ones."""
    asked, rows, counts = _asked(case), case.facts.inputs.rows, case.facts.labels.counts
    if asked is None or asked < LEAST_MANY or not rows:
        return None
    smallest = min(counts, default=rows)
    if asked <= WIDE * math.sqrt(rows) and asked <= smallest:
        return None
    what = f"{asked} neighbours of {rows} rows (the smallest class has {smallest}) outvote the near ones"
    return Finding("many_neighbours", what, 0.75, "structure")


def _asked(case: Case) -> int | None:
    asked = case.settings.get("neighbours")
    return asked if isinstance(asked, int) else None

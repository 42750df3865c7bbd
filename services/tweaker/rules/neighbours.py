"""What may be wrong with the number of a nearest-neighbours estimator."""

from __future__ import annotations

import math

from services.tweaker.diagnosis.case import Case
from services.tweaker.edits.space import Whole
from services.tweaker.rules.rule import Evidence, Remedies, Rule, offer, plural

MOST_FEW, FEWEST_MANY = 2, 9
MANY = 1.5
"""Times the root of the rows."""


def too_few_neighbours(case: Case) -> Evidence | None:
    """Detect one or two neighbours (0.7, structure)."""
    neighbours = case.settings.get("neighbours")
    if not isinstance(neighbours, int) or neighbours > MOST_FEW:
        return None
    return f"Only {plural(neighbours, 'neighbour')}: the predictions follow every noisy row", 0.7, "structure"


def too_many_neighbours(case: Case) -> Evidence | None:
    """Detect more neighbours than 1.5 √rows, or than rows of the smallest class (0.75, structure)."""
    neighbours, rows = case.settings.get("neighbours"), case.facts.inputs.rows
    if not isinstance(neighbours, int) or neighbours < FEWEST_MANY or not rows:
        return None
    smallest = min(case.facts.labels.counts, default=rows)
    if neighbours <= MANY * math.sqrt(rows) and neighbours <= smallest:
        return None
    what = f"{neighbours} neighbours of {rows} rows are too many: distant rows outvote near ones"
    return f"{what} (the smallest class has {plural(smallest, 'row')})", 0.75, "structure"


def more_neighbours(case: Case) -> Remedies:
    """Let so many rows vote that no single one decides."""
    yield from offer(case, "neighbours", 5, 9, 15, within=Whole(3, 30))
    yield from offer(case, "weights", "distance")


def fewer_neighbours(case: Case) -> Remedies:
    """Let only near rows vote."""
    usual = max(3, round(math.sqrt(case.facts.inputs.rows or 25) / 2) // 2 * 2 + 1)
    yield from offer(case, "neighbours", min(usual, 7), 5, 3, within=Whole(1, 15))
    yield from offer(case, "weights", "distance")


RULES = (Rule(too_few_neighbours, more_neighbours), Rule(too_many_neighbours, fewer_neighbours))

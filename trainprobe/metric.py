"""Which of the measurements seen is the one that counts: the precedence as a table."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import List, Optional, Sequence, Tuple

from trainprobe.names import canonical, data_of
from trainprobe.task import Wanted
from trainprobe.trace import Measurement

ANY = "any"
PRECEDENCE: Tuple[Tuple[str, str], ...] = (
    # how it was found, on which data; the first row that has a measurement wins, within it the last one taken
    ("averaged", "folds"),
    ("traced", "test"),
    ("traced", "validation"),
    ("traced", "folds"),
    ("history", "validation"),
    ("traced", "unknown"),
    ("file", ANY),
    ("variable", ANY),
    ("traced", "train"),
    ("history", "train"),
    ("printed", ANY),
)
PERCENT = 100.0
DEFAULT = "accuracy"


def rank(measurement: Measurement) -> int:
    """Return the row of the precedence that *measurement* falls into; 0 is best."""
    rows = enumerate(PRECEDENCE)
    return next(
        (row for row, (kind, data) in rows if measurement.kind == kind and data in (ANY, measurement.data)),
        len(PRECEDENCE),
    )


def candidates(seen: Sequence[Measurement], wanted: Optional[Wanted]) -> List[Measurement]:
    """Return the measurements of the wanted metric (accuracy when none is named), best first."""
    name = wanted.name if wanted else DEFAULT
    data = data_of(name)
    fitting = [
        replace(one, direction=wanted.direction) if wanted else one
        for one in seen
        if one.metric == canonical(name) and data in ("unknown", one.data) and math.isfinite(one.value)
    ]
    return sorted(fitting, key=lambda one: (rank(one), -one.order))


def has_measured(ranked: Sequence[Measurement]) -> bool:
    """Say whether a script that broke off had measured before; a variable or a printed line may be older than that."""
    return any(measurement.kind in ("traced", "history", "file") for measurement in ranked)


def plausible(metric: str, value: float) -> Optional[float]:
    """Return the value as a fraction where the metric is one (97.2 is 0.972), or None where it can't be right."""
    if canonical(metric) != DEFAULT:
        return None if math.isnan(value) else value
    if 0.0 <= value <= 1.0:
        return value
    return value / PERCENT if 0.0 < value <= PERCENT else None

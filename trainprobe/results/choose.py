"""Which of the measurements seen is the one that counts: the precedence as a table."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import List, Optional, Sequence, Tuple

from trainprobe.data.kind import DataKind, kind_in
from trainprobe.names import canonical
from trainprobe.task import Wanted
from trainprobe.trace import Measurement
from trainprobe.training.holdout import KIND as HELD

OTHER = None  # any but training data
PRECEDENCE: Tuple[Tuple[str, Optional[DataKind]], ...] = (
    # how it was found, on which data; the first row that has a measurement wins, within it the last one taken
    ("averaged", DataKind.FOLDS),
    ("traced", DataKind.TEST),
    ("computed", DataKind.TEST),
    ("traced", DataKind.VALIDATION),
    ("computed", DataKind.VALIDATION),
    ("traced", DataKind.FOLDS),
    ("computed", DataKind.FOLDS),
    ("history", DataKind.VALIDATION),
    ("traced", DataKind.UNKNOWN),
    ("file", OTHER),
    ("variable", OTHER),
    ("printed", DataKind.TEST),
    ("printed", DataKind.VALIDATION),
    ("file", DataKind.TRAIN),
    ("variable", DataKind.TRAIN),
    ("traced", DataKind.TRAIN),
    ("history", DataKind.TRAIN),
    ("printed", OTHER),
    ("printed", DataKind.TRAIN),
)
PERCENT = 100.0
ROUNDING = 1e-6  # a mean of float32 may be a little above 1
DEFAULT = "accuracy"


def rank(measurement: Measurement) -> int:
    """Return the row of the precedence that *measurement* falls into; 0 is best."""
    rows = enumerate(PRECEDENCE)
    return next(
        (row for row, (kind, data) in rows if measurement.kind == kind and _is_of(data, measurement.data)),
        len(PRECEDENCE),
    )


def _is_of(data: Optional[DataKind], measured: DataKind) -> bool:
    return data == measured or (data is OTHER and measured is not DataKind.TRAIN)


def candidates(seen: Sequence[Measurement], wanted: Optional[Wanted]) -> List[Measurement]:
    """Return the measurements of the wanted metric (accuracy when none is named), best first."""
    name = wanted.name if wanted else DEFAULT
    data = kind_in(name)
    fitting = [
        replace(one, direction=wanted.direction) if wanted else one
        for one in seen
        if one.metric == canonical(name) and data in (DataKind.UNKNOWN, one.data) and math.isfinite(one.value)
    ]
    own = any(one.kind != HELD and (one.data.is_held_out or one.data is DataKind.FOLDS) for one in fitting)
    return sorted(fitting, key=lambda one: (_rank_of_held(own) if one.kind == HELD else rank(one), -one.order))


def _rank_of_held(own: bool) -> int:  # noqa: FBT001
    """Return where a measurement on what the probe held out ranks: behind the script's *own*, else before all."""
    return len(PRECEDENCE) if own else -1


def has_measured(ranked: Sequence[Measurement], trained_at: float, *, harmless: bool) -> bool:
    """Say whether a script that broke off had measured before; a variable may be older than the training.

    Args:
        ranked: What was found, best first.
        trained_at: When the last training that was seen began; 0 where none was seen.
        harmless: It broke off at what has nothing to do with training: a file, a mail, a host, its own exit.
    """
    proof = any(one.kind in ("averaged", "traced", "history", "file") for one in ranked)
    told = any(one.kind in ("printed", "computed") and one.order > trained_at for one in ranked)
    return proof or (told and (trained_at > 0 or harmless))


def plausible(metric: str, value: float) -> Optional[float]:
    """Return the value as a fraction where the metric is one (97.2 is 0.972), or None where it can't be right."""
    if canonical(metric) != DEFAULT:
        return None if math.isnan(value) else value
    if 0.0 <= value <= 1.0 + ROUNDING:
        return min(value, 1.0)
    return value / PERCENT if 0.0 < value <= PERCENT else None

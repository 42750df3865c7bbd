"""Which of the measurements counts: the precedence as a table."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import List, Optional, Sequence, Tuple

from trainprobe.data.kind import DataKind, kind_in
from trainprobe.names import canonical
from trainprobe.task import Metric
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


def candidates(measured: Sequence[Measurement], metric: Metric) -> List[Measurement]:
    """Return the measurements of *metric*, best first.

    What the probe measured on the rows that it held out comes first, but last where the script itself measured on
    held-out data.
    """
    data = kind_in(metric.name)
    matching = [
        replace(one, direction=metric.direction)
        for one in measured
        if one.metric == canonical(metric.name) and data in (DataKind.UNKNOWN, one.data) and math.isfinite(one.value)
    ]
    scripts_own = [one.data for one in matching if one.kind != HELD]
    has_held_out = any(data.is_held_out or data is DataKind.FOLDS for data in scripts_own)
    rank_of_held = len(PRECEDENCE) if has_held_out else -1
    return sorted(matching, key=lambda one: (rank_of_held if one.kind == HELD else rank(one), -one.order))


def rank(measurement: Measurement) -> int:
    """Return the row of the precedence that *measurement* falls into; 0 is best."""
    rows = enumerate(PRECEDENCE)
    return next((row for row, (kind, data) in rows if _is_in(measurement, kind, data)), len(PRECEDENCE))


def has_measured(ranked: Sequence[Measurement], trained_at: float, *, harmless: bool) -> bool:
    """Return whether a script that raised had measured before; a variable may be older than the training.

    Args:
        ranked: The measurements, best first.
        trained_at: When the last training that was seen began; 0 where none was seen.
        harmless: It failed at something unrelated to training: a file, a mail, a host, its own exit.
    """
    if any(one.kind in ("averaged", "traced", "history", "file") for one in ranked):
        return True
    printed_since = any(one.kind in ("printed", "computed") and one.order > trained_at for one in ranked)
    return printed_since and (trained_at > 0 or harmless)


def _is_in(measurement: Measurement, kind: str, data: Optional[DataKind]) -> bool:
    if data is OTHER:
        return measurement.kind == kind and measurement.data is not DataKind.TRAIN
    return measurement.kind == kind and measurement.data is data

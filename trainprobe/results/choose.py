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
    name, data = canonical(metric.name), kind_in(metric.name)
    matching = [
        replace(one, direction=metric.direction)
        for one in measured
        if one.metric == name and data in (DataKind.UNKNOWN, one.data) and math.isfinite(one.value)
    ]
    rank_of_held = len(PRECEDENCE) if any(map(_is_scripts_own_on_held_out_data, matching)) else -1
    return sorted(matching, key=lambda one: (rank_of_held if one.kind == HELD else rank(one), -one.order))


def _is_scripts_own_on_held_out_data(one: Measurement) -> bool:
    return one.kind != HELD and (one.data.is_held_out or one.data is DataKind.FOLDS)


def rank(measurement: Measurement) -> int:
    """Return the row of the precedence that *measurement* falls into; 0 is best."""
    other = measurement.data if measurement.data is DataKind.TRAIN else OTHER
    rows = [row for row in ((measurement.kind, measurement.data), (measurement.kind, other)) if row in PRECEDENCE]
    return PRECEDENCE.index(rows[0]) if rows else len(PRECEDENCE)


def has_measured(ranked: Sequence[Measurement], trained_at: float, *, harmless: bool) -> bool:
    """Return whether a script that raised had measured before; a variable may be older than the training.

    *trained_at* is when the last training began, 0 where none was seen; *harmless* says that the script failed at
    something unrelated to training: a file, a mail, a host, its own exit.
    """
    if any(one.kind in ("averaged", "traced", "history", "file") for one in ranked):
        return True
    printed_since = any(one.kind in ("printed", "computed") and one.order > trained_at for one in ranked)
    return printed_since and (trained_at > 0 or harmless)

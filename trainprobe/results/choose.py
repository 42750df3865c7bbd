"""Which of the measurements counts: the precedence as a table."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import List, Optional, Sequence, Tuple

from trainprobe.data.kind import DataKind, kind_in
from trainprobe.names import canonical
from trainprobe.task import Metric
from trainprobe.trace import Measurement, Trace
from trainprobe.training.holdout import KIND as HELD

CURVE_OF_TRAINING = ("history", DataKind.TRAIN)
OTHER = None  # any but training data
PRECEDENCE: Tuple[Tuple[str, Optional[DataKind]], ...] = (
    # how it was found, on which data; the first row that has a measurement wins, within it the last one reported
    ("averaged", DataKind.FOLDS),
    ("traced", DataKind.TEST),
    ("computed", DataKind.TEST),
    ("traced", DataKind.VALIDATION),
    ("computed", DataKind.VALIDATION),
    ("traced", DataKind.FOLDS),
    ("computed", DataKind.FOLDS),
    ("history", DataKind.VALIDATION),
    ("searched", DataKind.TEST),
    ("searched", DataKind.VALIDATION),
    ("searched", DataKind.FOLDS),
    ("traced", DataKind.UNKNOWN),
    ("file", OTHER),
    ("variable", OTHER),
    ("printed", DataKind.TEST),
    ("printed", DataKind.VALIDATION),
    ("file", DataKind.TRAIN),
    ("variable", DataKind.TRAIN),
    ("traced", DataKind.TRAIN),
    ("unscored", DataKind.TEST),
    CURVE_OF_TRAINING,
    ("printed", OTHER),
    ("printed", DataKind.TRAIN),
)


def candidates(measured: Sequence[Measurement], metric: Metric) -> List[Measurement]:
    """Return the measurements of *metric*, best first.

    What the probe measured on the rows that it held out comes first; where the script itself measured on held-out
    data it is sealed, and none of them.
    """
    name, data = canonical(metric.name), kind_in(metric.name)
    matching = [
        replace(one, direction=metric.direction)
        for one in measured
        if one.metric == name and data in (DataKind.UNKNOWN, one.data) and math.isfinite(one.value)
    ]
    if any(map(_is_scripts_own_on_held_out_data, matching)):
        matching = [one for one in matching if one.kind != HELD]
    return sorted(matching, key=lambda one: (-1 if one.kind == HELD else rank(one), -one.reported, -one.order))


def is_scored(measured: Sequence[Measurement], metric: Metric) -> bool:
    """Return whether *metric* was *measured* by more than the curve of the training."""
    return any((one.kind, one.data) != CURVE_OF_TRAINING for one in candidates(measured, metric))


def _is_scripts_own_on_held_out_data(one: Measurement) -> bool:
    return one.kind != HELD and (one.data.is_held_out or one.data is DataKind.FOLDS)


def rank(measurement: Measurement) -> int:
    """Return the row of the precedence that *measurement* falls into; 0 is best."""
    other = measurement.data if measurement.data is DataKind.TRAIN else OTHER
    rows = [row for row in ((measurement.kind, measurement.data), (measurement.kind, other)) if row in PRECEDENCE]
    return PRECEDENCE.index(rows[0]) if rows else len(PRECEDENCE)


def ranked(
    trace: Trace, error: Optional[BaseException], metric: Metric, measured: Sequence[Measurement]
) -> List[Measurement]:
    """Return the measurements that may count, best first; none where *error* ended the script before it measured."""
    best_first = candidates(measured, metric)
    broke_off = bool(trace.fits) and not trace.fits[-1].finished
    trained_at = math.inf if broke_off else trace.trained_at
    return best_first if error is None or _had_measured(best_first, trained_at, error) else []


def _had_measured(found: Sequence[Measurement], trained_at: float, error: BaseException) -> bool:
    if any(one.kind in ("averaged", "traced", "searched", "history", "file") for one in found):
        return True
    # a variable may be older than the training; errors of smtplib, requests and urllib are OSErrors
    printed_since = any(one.kind in ("printed", "computed") and one.order > trained_at for one in found)
    return printed_since and (trained_at > 0 or isinstance(error, (OSError, SystemExit)))

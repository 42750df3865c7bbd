"""Measurements from the curves of finished fits."""

from __future__ import annotations

from typing import Iterator

from trainprobe.data.kind import DataKind
from trainprobe.names import canonical, direction_of
from trainprobe.trace import Measurement, Trace


def from_history(trace: Trace) -> Iterator[Measurement]:
    """Yield the last value of each curve; a fit that broke off measured nothing.

    Curves of validation are of training data where a fit was validated with what it was fitted with.
    """
    for fit in trace.fits:
        for name, points in fit.curves.items():
            if fit.finished and points:
                data = DataKind.VALIDATION if name.startswith("val_") and not fit.holds_nothing_out else DataKind.TRAIN
                rows = fit.held_out_rows if data is DataKind.VALIDATION else 0
                yield Measurement(
                    canonical(name),
                    points[-1],
                    data,
                    "history",
                    "history",
                    fit.order,
                    direction_of(name),
                    fit.model_number,
                    rows,
                )

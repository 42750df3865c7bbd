"""Ends trainings that are not promising, by the rule that the task names."""

from __future__ import annotations

import math
from typing import List, Mapping, Sequence

from trainprobe.task import EarlyStop


def why_stop(stop: EarlyStop, curves: Mapping[str, Sequence[float]], epoch: int) -> str:
    """Return why a training with these *curves* is to be ended after *epoch* epochs; empty where it is not.

    "median" ends it when its best value is worse than the median of the earlier trials at the same epoch (Golovin et
    al. 2017, Google Vizier), "patience" when it has not improved for so many epochs. Either ends it when the loss is
    NaN. A curve without a point for each epoch is not judged.
    """
    losses = curves.get("loss", ())
    if losses and not math.isfinite(losses[-1]):
        return "the loss became NaN"
    points = [point if math.isfinite(point) else _worst(stop) for point in curves.get(stop.curve, ())]
    if epoch < stop.grace or len(points) != epoch:
        return ""
    return _worse_than_median(stop, points) if stop.rule == "median" else _impatient(stop, points)


def _worse_than_median(stop: EarlyStop, points: List[float]) -> str:
    step, between = divmod(len(points), stop.every)
    if between or not 0 < step <= len(stop.reference):
        return ""
    best, median = _best(stop, points), stop.reference[step - 1]
    if best == median or _best(stop, [best, median]) == best:
        return ""
    reason = "after {} epochs, the best {} is {:.4g}; the median of earlier trials is {:.4g}"
    return reason.format(len(points), stop.curve, best, median)


def _impatient(stop: EarlyStop, points: List[float]) -> str:
    since = len(points) - 1 - points.index(_best(stop, points))
    if stop.patience <= 0 or since < stop.patience:
        return ""
    return "{} has not improved for {} epochs".format(stop.curve, since)


def _best(stop: EarlyStop, points: List[float]) -> float:
    return max(points) if stop.direction == "maximize" else min(points)


def _worst(stop: EarlyStop) -> float:
    return -math.inf if stop.direction == "maximize" else math.inf

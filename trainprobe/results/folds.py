"""A loop over folds, written by hand: what counts is the mean of its scores, not the last one."""

from __future__ import annotations

from dataclasses import replace
from typing import Iterator, List, Optional

from trainprobe.data.fits import Fit
from trainprobe.data.kind import DataKind
from trainprobe.names import canonical, direction_of
from trainprobe.trace import Measurement, Trace

BEHIND = 0.5  # the end of a curve comes behind the beginning of its fit
FEWEST = 3  # folds; two scores are more often two models


def with_folds(trace: Trace) -> List[Measurement]:
    """Return what *trace* measured, and the mean of each metric over the folds of the last loop, if there was one."""
    means = [_mean(trace, metric) for metric in sorted({one.metric for one in _scores(trace)})]
    plain = [replace(one, data=one.data.reported) for one in trace.measurements]
    return [*plain, *(one for one in means if one is not None)]


def _mean(trace: Trace, metric: str) -> Optional[Measurement]:
    scores = list(_last_loop(trace, metric))
    if len(scores) < FEWEST:
        return None
    source = "mean of {} folds, {}".format(len(scores), scores[0].source)
    value = sum(one.value for one in scores) / len(scores)
    return replace(scores[0], value=value, data=DataKind.FOLDS, source=source, kind="averaged")


def _last_loop(trace: Trace, metric: str) -> Iterator[Measurement]:
    """Yield the scores of the folds, the last first: one for each fit of the same model on other rows."""
    held_out = [one for one in _scores(trace) if one.metric == metric and one.data.is_held_out]
    fits = [fit for fit in trace.fits if held_out and fit.order < held_out[-1].order]
    seen: List[Fit] = []
    end = float("inf")
    for fit in reversed(fits):
        scores = [one for one in held_out if fit.order < one.order < end and one.source == held_out[-1].source]
        if len(scores) != 1 or any(not _is_next_to(fit, other) for other in seen):
            return
        yield scores[0]
        if scores[0].data is not DataKind.FOLD:  # the rows of the first fold were in no fit before
            return
        seen.append(fit)
        end = fit.order


def _scores(trace: Trace) -> List[Measurement]:
    """Return what was measured, or the ends of the curves of fits that were validated with a fold each."""
    if any(one.data is DataKind.FOLD for one in trace.measurements):
        return trace.measurements
    ends = []
    for fit in trace.fits:
        for name, points in fit.curves.items():
            if fit.finished and points and name.startswith("val_"):
                data, order = DataKind.FOLD if fit.is_fold else DataKind.TEST, fit.order + BEHIND
                ends.append(
                    Measurement(canonical(name), points[-1], data, "history", "history", order, direction_of(name))
                )
    return ends if any(one.data is DataKind.FOLD for one in ends) else trace.measurements


def _is_next_to(fit: Fit, other: Fit) -> bool:
    return fit.described == other.described and not fit.inputs.equals(other.inputs)

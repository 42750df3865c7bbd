"""What was watched while the script ran: calls that measure, curves, and the mean over a loop of folds."""

from __future__ import annotations

from dataclasses import replace
from typing import Iterator, List, Optional

from trainprobe.data.fits import Fit
from trainprobe.data.kind import DataKind
from trainprobe.names import canonical
from trainprobe.trace import Measurement, Trace

BEHIND = 0.5  # the end of a curve comes behind the beginning of its fit
FEWEST = 3  # folds; two scores are more often two models


def from_calls(trace: Trace) -> List[Measurement]:
    """Return what calls measured, and the mean of each metric over the folds of the last loop, if there was one."""
    means = [_mean(trace, metric) for metric in sorted({one.metric for one in _scores(trace)})]
    plain = [replace(one, data=one.data.reported) for one in trace.measurements]
    return [*plain, *(one for one in means if one is not None)]


def from_history(trace: Trace) -> Iterator[Measurement]:
    """Yield the last value of each curve; a fit that broke off measured nothing.

    Validation curves are of training data where a fit was validated with what it was fitted with.
    """
    for fit in trace.fits:
        for name, points in fit.curves.items():
            if fit.finished and points:
                is_validation = name.startswith("val_") and not fit.holds_nothing_out
                yield Measurement(
                    canonical(name),
                    points[-1],
                    DataKind.VALIDATION if is_validation else DataKind.TRAIN,
                    "history",
                    "history",
                    fit.order,
                    model_number=fit.model_number,
                    rows=fit.held_out_rows if is_validation else 0,
                )


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
    if not held_out:
        return
    last, end = held_out[-1], float("inf")
    fits: List[Fit] = []
    for fit in reversed([fit for fit in trace.fits if fit.order < last.order]):
        scores = [one for one in held_out if fit.order < one.order < end and one.source == last.source]
        if len(scores) != 1 or not all(_is_another_fold(fit, other) for other in fits):
            return
        yield scores[0]
        if scores[0].data is not DataKind.FOLD:  # the rows of the first fold were in no fit before
            return
        fits.append(fit)
        end = fit.order


def _scores(trace: Trace) -> List[Measurement]:
    """Return what was measured, or the ends of the curves of fits that were validated with a fold each."""
    if any(one.data is DataKind.FOLD for one in trace.measurements):
        return trace.measurements
    ends = []
    for fit in trace.fits:
        data = DataKind.FOLD if fit.is_fold else DataKind.TEST
        for name, points in fit.curves.items():
            if fit.finished and points and name.startswith("val_"):
                order = fit.order + BEHIND
                ends.append(Measurement(canonical(name), points[-1], data, "history", "history", order))
    return ends if any(one.data is DataKind.FOLD for one in ends) else trace.measurements


def _is_another_fold(fit: Fit, other: Fit) -> bool:
    return fit.described == other.described and not fit.inputs.equals(other.inputs)

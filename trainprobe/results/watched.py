"""What was watched while the script ran: calls that measure, curves, and the mean over a loop of folds."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Iterator, List, Sequence, Tuple

from trainprobe.data.evaluated import UNKNOWN_ROWS, together
from trainprobe.data.fits import Fit
from trainprobe.data.kind import DataKind
from trainprobe.names import canonical
from trainprobe.trace import Measurement, Trace

BEHIND = 0.5  # the end of a curve comes behind the beginning of its fit
FEWEST = 3  # folds; two scores are more often two models
RESTORED = "epoch {} of the history, whose weights were restored"


def from_calls(trace: Trace) -> List[Measurement]:
    """Return what calls measured, and the mean of each metric over the folds of the last loop, if there was one."""
    plain = [replace(one, data=one.data.reported) for one in trace.measurements]
    return [*plain, *_means(trace)]


def from_history(trace: Trace) -> Iterator[Measurement]:
    """Yield the last value of each curve; a fit that broke off measured nothing.

    Validation curves are of training data where a fit was validated with what it was fitted with. Where a callback put
    the weights of an earlier epoch back, its value counts.
    """
    for number, fit in enumerate(trace.fits, 1):
        source = "history" if fit.restored < 0 else RESTORED.format(fit.restored + 1)
        for name, value in _ends_of_curves(fit):
            is_validation = name.startswith("val_") and not fit.holds_nothing_out
            data, on = (DataKind.VALIDATION, fit.validated_on) if is_validation else (DataKind.TRAIN, UNKNOWN_ROWS)
            found = canonical(name), value, data, source, "history", fit.order, ""
            yield Measurement(*found, fit.model_number, on, number, fit.calls)


def _ends_of_curves(fit: Fit) -> Iterator[Tuple[str, float]]:
    if fit.finished:
        yield from ((name, points[fit.restored]) for name, points in fit.curves.items() if points)


def _means(trace: Trace) -> Iterator[Measurement]:
    held_out = [one for one in _scores(trace) if one.data.is_held_out]
    for metric in sorted({one.metric for one in held_out}):
        folds = list(_last_loop(trace.fits, _of_last_source(held_out, metric)))
        if len(folds) >= FEWEST:
            source = "mean of {} folds, {}".format(len(folds), folds[0].source)
            value = sum(one.value for one in folds) / len(folds)
            on = together([one.on for one in folds])
            yield replace(folds[0], value=value, data=DataKind.FOLDS, source=source, kind="averaged", on=on)


def _of_last_source(scores: Sequence[Measurement], metric: str) -> List[Measurement]:
    own = [one for one in scores if one.metric == metric]
    return [one for one in own if one.source == own[-1].source]


def _last_loop(fits: Sequence[Fit], scores: List[Measurement]) -> Iterator[Measurement]:
    """Yield the scores of the folds, the last first: one for each fit of the same model on other rows."""
    later: List[Fit] = []
    for fit in reversed([fit for fit in fits if fit.order < scores[-1].order]):
        end = later[-1].order if later else math.inf
        of_fit = _between(scores, fit.order, end)
        if len(of_fit) != 1 or not _is_another_fold(fit, later):
            return
        yield of_fit[0]
        later.append(fit)
        if of_fit[0].data is not DataKind.FOLD:  # the rows of the first fold were in no fit before
            return


def _between(scores: Sequence[Measurement], begin: float, end: float) -> List[Measurement]:
    return [one for one in scores if begin < one.order < end]


def _scores(trace: Trace) -> List[Measurement]:
    """Return what was measured, or the ends of the curves of fits that were validated with a fold each."""
    data = {True: DataKind.FOLD, False: DataKind.TEST}
    ends = [
        Measurement(canonical(name), value, data[fit.is_fold], "history", "history", fit.order + BEHIND)
        for fit in trace.fits
        for name, value in _ends_of_curves(fit)
        if name.startswith("val_")
    ]
    both = (trace.measurements, ends)
    return next((scores for scores in both if any(one.data is DataKind.FOLD for one in scores)), trace.measurements)


def _is_another_fold(fit: Fit, others: Sequence[Fit]) -> bool:
    return all(fit.described == other.described and not fit.inputs.equals(other.inputs) for other in others)

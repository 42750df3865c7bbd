"""Recognises a number that the script keeps or prints again: as a measurement that was watched, or made of several."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Dict, Iterator, List, Optional, Sequence, Set, Tuple

from trainprobe.data.kind import DataKind, first_known
from trainprobe.foreign import Foreign, as_number
from trainprobe.names import direction_of
from trainprobe.results.sources.numbers import PERCENT
from trainprobe.trace import Measurement, Trace

CLOSE = 1e-6  # float32 results, as Keras returns them
FEWEST = 3  # scores that are averaged, or of which the best is chosen
MOST_SCORES = 1000
_WATCHED = ("traced", "history")
_OF_SCORES = re.compile(r"acc|score|cv|fold|result|perf", re.IGNORECASE)


@dataclass(frozen=True)
class Meaning:
    """What a number is known as: on which data, found how and by what, and the number of the model and of its fit."""

    data: DataKind
    kind: str = ""
    source: str = ""
    model_number: int = 0
    fit: int = 0

    def of(self, found: Measurement) -> Measurement:
        """Return *found* as a measurement of the same model."""
        return replace(found, model_number=self.model_number, fit=self.fit)


class KnownValues:
    """The values that a script has measured, and the means and bests that it can compute from them."""

    def __init__(self, trace: Trace, measured: Sequence[Measurement], variables: Dict[str, Foreign]) -> None:
        """Know what was *measured*, in the order of *trace*, and the lists of scores among the *variables*."""
        self._measured = list(measured)
        self._trace = trace
        named = [value for name, value in variables.items() if _OF_SCORES.search(name)]
        self._lists = list(filter(None, map(_scores, named)))

    def interpret(self, found: Measurement, since: float = math.inf) -> Optional[Measurement]:
        """Return *found* with the data that is known of its value, or None where it is another metric's value.

        *since* is when the one printed before it was, from which on predictions may have been made for this one.
        """
        others = self._metrics_with(found.value)
        if found.metric not in others and any(_is_no_fraction(name) for name in others):
            return None
        meaning = self.meaning(found.value, found.metric)
        if meaning is None:
            return self._by_predictions(found, since)
        source = "{}, {}".format(found.source, meaning.source) if meaning.source else found.source
        known = replace(found, data=meaning.data.reported, kind=meaning.kind or found.kind, source=source)
        return meaning.of(known)

    def meaning(self, value: float, metric: str, *, exact: bool = False) -> Optional[Meaning]:
        """Return what *value*, perhaps rounded, is known as, or None; *exact* where its name is no evidence."""
        measured = [one for one in self._measured if one.metric == metric]
        for matches in (same_value, _is_cut):
            matching = [one for one in measured if matches(value, one.value)]
            if matching:
                best = max(matching, key=lambda one: (one.kind == "traced", -abs(value - one.value), one.order))
                return Meaning(best.data, model_number=best.model_number, fit=best.fit)
        return self.mean(value, metric, exact=exact)

    def mean(self, value: float, metric: str, *, exact: bool = False) -> Optional[Meaning]:
        """Return what *value* is known as if it is the mean of a loop's scores, or of a list that the script keeps."""
        for mean, number, source in self._means(metric):
            if abs(value - mean) < CLOSE if exact else same_value(value, mean):
                return Meaning(DataKind.FOLDS, "averaged", "mean of {} {}".format(number, source))
        return None

    def is_measured(self, value: float, metric: str = "accuracy") -> bool:
        """Return whether *value* is a measurement of *metric*, perhaps rounded."""
        return any(one.metric == metric and same_value(value, one.value) for one in self._measured)

    def is_only_another(self, value: float, metric: str = "accuracy") -> bool:
        """Return whether *value* was watched as other metrics than *metric* only."""
        others = self._metrics_with(value)
        return bool(others) and metric not in others

    def best_of_loop(self, value: float, metric: str) -> Optional[Meaning]:
        """Return what *value* is known as if it is the best of the scores of a loop that did not end with it."""
        for scores in self._series(metric):
            best = max(scores, key=lambda one: one.value)
            if len(scores) >= FEWEST and best.value > scores[-1].value and same_value(value, best.value):
                source = "best of {}, {}".format(len(scores), best.source)
                return Meaning(best.data.reported, "traced", source, best.model_number, best.fit)
        return None

    def _by_predictions(self, found: Measurement, since: float) -> Measurement:
        """Assume that the script compared by hand the predictions that were made before *found*."""
        between = self._trace.data_used_between(since, found.order)
        data = first_known((between, self._trace.data_used_since_training()))
        if found.kind == "file" or data is DataKind.UNKNOWN or found.data not in (DataKind.UNKNOWN, data):
            return found
        return replace(found, data=data, kind="computed" if data is not DataKind.TRAIN else found.kind)

    def _metrics_with(self, value: float) -> Set[str]:
        return {one.metric for one in self._measured if one.kind in _WATCHED and same_value(value, one.value)}

    def _means(self, metric: str) -> Iterator[Tuple[float, int, str]]:
        for scores in self._series(metric):
            for number in range(FEWEST, len(scores) + 1):
                yield sum(one.value for one in scores[-number:]) / number, number, "scores, " + scores[-1].source
        for numbers in self._lists:
            yield sum(numbers) / len(numbers), len(numbers), "scores"

    def _series(self, metric: str) -> List[List[Measurement]]:
        """Return the scores on held-out data by their source, each of a fit of its own."""
        held_out = [one for one in self._trace.measurements if one.metric == metric and one.data.is_held_out]
        source = attrgetter("source")
        series = [list(scores)[-MOST_SCORES:] for _, scores in groupby(sorted(held_out, key=source), source)]
        return [scores for scores in series if self._are_of_fits(scores)]

    def _are_of_fits(self, scores: List[Measurement]) -> bool:
        fits = [fit.order for fit in self._trace.fits]
        pairs = zip(scores, scores[1:])  # noqa: B905, RUF007 - Python 3.7 has no strict and no pairwise
        return all(any(one.order < order < other.order for order in fits) for one, other in pairs)


def same_value(value: float, measured: float) -> bool:
    """Return whether *value* is *measured*, perhaps rounded to 2, 3, 4 or 5 places."""
    rounded = (round(measured, places) for places in (2, 3, 4, 5))
    return abs(value - measured) < CLOSE or any(abs(value - one) < CLOSE / 1000 for one in rounded)


def _is_cut(value: float, measured: float) -> bool:
    """Return whether *value* is the whole percent of *measured*, as ``int(accuracy * 100)`` cuts it."""
    return 0.0 < value < 1.0 and abs(value - int(measured * PERCENT) / PERCENT) < CLOSE


def _is_no_fraction(metric: str) -> bool:
    return metric in ("r2", "explained_variance", "score") or direction_of(metric) == "minimize"


def _scores(value: Foreign) -> List[float]:
    """Return the numbers of a list that may be scores, as fractions: a few fractions or percentages."""
    shape: Foreign = getattr(value, "shape", ())
    values = value.tolist() if len(shape) == 1 and shape[0] <= MOST_SCORES and hasattr(value, "tolist") else value
    if not isinstance(values, list) or not FEWEST <= len(values) <= MOST_SCORES:
        return []
    return _fractions(list(map(as_number, values)))


def _fractions(numbers: Sequence[Optional[float]]) -> List[float]:
    known = [number for number in numbers if number is not None and 0.0 <= number <= PERCENT]
    if len(known) != len(numbers):
        return []
    return [one / PERCENT for one in known] if max(known) > 1.0 else known

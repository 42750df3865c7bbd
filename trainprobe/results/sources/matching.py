"""Knows a number that the script keeps or prints again: as a measurement that was seen, or made of several."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Dict, Iterator, List, Optional, Sequence, Tuple

from trainprobe.data.kind import DataKind, first_known
from trainprobe.foreign import Foreign, as_number
from trainprobe.names import direction_of
from trainprobe.results.choose import PERCENT
from trainprobe.trace import Measurement, Trace

CLOSE = 1e-6  # float32 results, as Keras returns them
FEWEST = 3  # scores that are averaged, or of which the best is chosen
MOST_SCORES = 1000
_SEEN = ("traced", "history")
_OF_SCORES = re.compile(r"acc|score|cv|fold|result|perf", re.IGNORECASE)


@dataclass(frozen=True)
class Meaning:
    """What a number is known as: on which data, found how, and by what."""

    data: DataKind
    kind: str = ""
    source: str = ""


class Known:
    """What is known of a script's numbers from elsewhere, so that a variable or a line can be told by its value."""

    def __init__(self, trace: Trace, seen: Sequence[Measurement], variables: Dict[str, Foreign]) -> None:
        """Know the measurements *seen*, those of *trace* in their order, and the lists among the *variables*."""
        self._seen = list(seen)
        self._trace = trace
        named = [value for name, value in variables.items() if _OF_SCORES.search(name)]
        self._lists = [numbers for numbers in map(_scores, named) if numbers]

    def meaning(self, value: float, metric: str, *, exact: bool = False) -> Optional[Meaning]:
        """Return what *value*, perhaps rounded, is known as, or None; *exact* where its name does not tell."""
        alike = self._alike(value, metric)
        matching = alike or [one for one in self._seen if one.metric == metric and _is_cut(value, one.value)]
        if matching:
            return Meaning(
                max(matching, key=lambda one: (one.kind == "traced", -abs(value - one.value), one.order)).data
            )
        for mean, number, source in self._means(metric):
            if same_value(value, mean) and (not exact or abs(value - mean) < CLOSE):
                return Meaning(DataKind.FOLDS, "averaged", "mean of {} {}".format(number, source))
        return None

    def is_measured(self, value: float, metric: str = "accuracy") -> bool:
        """Say whether *value* is a measurement that was seen, perhaps rounded."""
        return bool(self._alike(value, metric))

    def is_mean(self, value: float, metric: str = "accuracy") -> bool:
        """Say whether *value* is the mean of a loop's scores, or of a list of scores that the script keeps."""
        return any(same_value(value, mean) for mean, _, _ in self._means(metric))

    def is_another(self, value: float, metric: str) -> bool:
        """Say whether *value* was measured, but as something else than *metric*: a loss or an r2."""
        alike = {one.metric for one in self._seen if one.kind in _SEEN and same_value(value, one.value)}
        return metric not in alike and any(_is_no_fraction(name) for name in alike)

    def is_of_another(self, value: float, metric: str) -> bool:
        """Say whether *value* was only seen as other metrics than *metric*, whatever they are."""
        alike = {one.metric for one in self._seen if one.kind in _SEEN and same_value(value, one.value)}
        return bool(alike) and metric not in alike

    def best_of_loop(self, value: float, metric: str) -> Optional[Meaning]:
        """Return what *value* is known as if it is the best of the scores of a loop that did not end with it."""
        for scores in self._series(metric):
            best = max(scores, key=lambda one: one.value)
            if len(scores) >= FEWEST and best.value > scores[-1].value and same_value(value, best.value):
                return Meaning(best.data.reported, "traced", "best of {}, {}".format(len(scores), best.source))
        return None

    def evidence(self, since: float, until: float) -> DataKind:
        """Return the data that all predictions in this time were made for, or all since the last training."""
        between = self._trace.looked_at_between(since, until) if since < until else DataKind.UNKNOWN
        return first_known((between, self._trace.looked_at_since_training()))

    def _alike(self, value: float, metric: str) -> List[Measurement]:
        return [one for one in self._seen if one.metric == metric and same_value(value, one.value)]

    def _means(self, metric: str) -> Iterator[Tuple[float, int, str]]:
        for scores in self._series(metric):
            for number in range(FEWEST, len(scores) + 1):
                yield sum(one.value for one in scores[-number:]) / number, number, "scores, " + scores[-1].source
        for numbers in self._lists:
            yield sum(numbers) / len(numbers), len(numbers), "scores"

    def _series(self, metric: str) -> List[List[Measurement]]:
        """Return the scores on held-out data by their source, each of a fit of its own."""
        held_out = [one for one in self._trace.measurements if one.metric == metric and one.data.is_held_out]
        found = []
        for source in sorted({one.source for one in held_out}):
            scores = [one for one in held_out if one.source == source][-MOST_SCORES:]
            if self._are_of_fits(scores):
                found.append(scores)
        return found

    def _are_of_fits(self, scores: List[Measurement]) -> bool:
        fits = [fit.order for fit in self._trace.fits]
        pairs = zip(scores, scores[1:])  # noqa: B905, RUF007 - Python 3.7 has no strict and no pairwise
        return all(any(one.order < order < other.order for order in fits) for one, other in pairs)


def same_value(value: float, measured: float) -> bool:
    """Say whether *value* is *measured*, perhaps rounded to 2, 3 or 4 places."""
    return abs(value - measured) < CLOSE or any(
        abs(value - round(measured, places)) < CLOSE / 1000 for places in (2, 3, 4, 5)
    )


def _is_cut(value: float, measured: float) -> bool:
    """Say whether *value* is the whole percent of *measured*, as ``int(accuracy * 100)`` cuts it."""
    return 0.0 < value < 1.0 and abs(value - int(measured * PERCENT) / PERCENT) < CLOSE


def as_meant(found: Measurement, known: Known, since: float = math.inf) -> Optional[Measurement]:
    """Return *found* with the data that *known* tells of its value, or None where it is another metric's.

    *since* is when the one printed before it was, from which on predictions may have been made for this one.
    """
    if known.is_another(found.value, found.metric):
        return None
    meaning = known.meaning(found.value, found.metric)
    if meaning is None:
        return _by_evidence(found, known, since)
    source = "{}, {}".format(found.source, meaning.source) if meaning.source else found.source
    return replace(found, data=meaning.data.reported, kind=meaning.kind or found.kind, source=source)


def _by_evidence(found: Measurement, known: Known, since: float) -> Measurement:
    """Take the predictions that were made before for those that the script compared by hand."""
    data = known.evidence(since, found.order)
    if found.kind == "file" or data is DataKind.UNKNOWN or found.data not in (DataKind.UNKNOWN, data):
        return found
    return replace(found, data=data, kind="computed" if data is not DataKind.TRAIN else found.kind)


def _is_no_fraction(metric: str) -> bool:
    return metric in ("r2", "explained_variance", "score") or direction_of(metric) == "minimize"


def _scores(value: Foreign) -> Optional[List[float]]:
    """Return the numbers of a list that may be scores: a few fractions or percentages."""
    if hasattr(value, "tolist") and len(getattr(value, "shape", ())) == 1 and value.shape[0] <= MOST_SCORES:
        value = value.tolist()
    if not isinstance(value, list) or not FEWEST <= len(value) <= MOST_SCORES:
        return None
    numbers = [number for number in map(as_number, value) if number is not None]
    if len(numbers) != len(value) or not all(0.0 <= one <= PERCENT for one in numbers):
        return None
    return [one / PERCENT for one in numbers] if any(one > 1.0 for one in numbers) else numbers

"""Which measurements the author reports, and which are steps of a search that is not reported."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import DefaultDict, Dict, List, Match, Sequence, Set, Tuple

from trainprobe.data.kind import DataKind
from trainprobe.results.sources.captured_output import OutputLine
from trainprobe.results.sources.known_values import same_value
from trainprobe.results.sources.labels import ACCURACY, SCORE
from trainprobe.results.sources.numbers import PERCENT, numbers_in, plain
from trainprobe.results.sources.statements import is_kept
from trainprobe.trace import KEPT, SAVED, Measurement, Trace

EXACT, PRECISE = 1e-9, 5  # places that no other number shares by chance
_BEST = re.compile(r"(?<![a-z])(?:best|max|highest|final)", re.IGNORECASE)
_SAID = re.compile(ACCURACY.pattern + "|" + SCORE.pattern + "|" + _BEST.pattern, re.IGNORECASE)
_SEARCHED = (DataKind.TEST, DataKind.VALIDATION, DataKind.FOLDS)


@dataclass(frozen=True)
class Search:
    """A loop in which the author tries settings: when it took its last score, and its best one."""

    end: float
    best: float


class Reports:
    """What the author reports of the values of one metric that were watched."""

    def __init__(self, trace: Trace, watched: Sequence[Measurement]) -> None:
        """Find the searches among what was *watched*."""
        self._trace = trace
        self._watched = sorted(watched, key=lambda one: one.value)
        self._values = [one.value for one in self._watched]
        self._searches = self._found_searches()
        self._reported: Dict[int, Tuple[int, float]] = {}  # by the identity of a measurement: how clearly, and when

    def add_statements(self) -> None:
        """Add what the measuring statement itself shows, returns, or keeps under the name of a result."""
        for one in self._watched:
            if id(one) not in self._searches and one.calls and is_kept(*one.calls[0], one.source.rpartition(".")[2]):
                self._add(one, KEPT, one.order)

    def add_lines(self, lines: Sequence[OutputLine]) -> None:
        """Add what is printed; of a search what is printed by itself once that has ended."""
        written = [line for line in lines if line.text.strip()]
        times = Counter((file, number) for file, number, _ in {(one.file, one.number, one.order) for one in written})
        for position, line in enumerate(written):
            self._add_line(line, line.order + position / 1e6, alone=times[line.file, line.number] == 1)

    def _add_line(self, line: OutputLine, order: float, *, alone: bool) -> None:
        shown = [self._shown(line, number) for number in numbers_in(plain(line.text))]
        searched = [one for some in shown for one in some if id(one) in self._searches]
        is_best = _BEST.search(line.text) is not None
        for one in (one for some in shown for one in some if one not in searched):
            self._add(one, KEPT, order if is_best and any(one is some[-1] for some in shown if some) else one.order)
        if alone and len(searched) == 1:
            self._add(searched[0], KEPT, order)

    def add_files(self, saved: Sequence[Measurement]) -> None:
        """Add what is *saved* in files; of a search its best."""
        for value in [one.value for one in saved]:
            matching = [one for one in self._watched if same_value(value, one.value)]
            plain_ones = [one for one in matching if id(one) not in self._searches]
            best = [one for one in matching if id(one) in self._searches and self._searches[id(one)].best == one.value]
            for one in sorted(plain_ones or best, key=lambda one: one.order)[-1:]:
                self._add(one, SAVED, one.order)

    def applied(self, one: Measurement) -> Measurement:
        """Return a watched measurement with how clearly it is reported; one of a search that is not is no target."""
        clearly, order = self._reported.get(id(one), (one.reported, one.order))
        is_search = id(one) in self._searches and not clearly and one.data in _SEARCHED
        return replace(one, reported=clearly, order=max(order, one.order), kind="searched" if is_search else one.kind)

    def _add(self, one: Measurement, clearly: int, order: float) -> None:
        self._reported[id(one)] = max(self._reported.get(id(one), (one.reported, one.order)), (clearly, order))

    def _shown(self, line: OutputLine, number: Match[str]) -> List[Measurement]:
        """Return the measurements that a *number* of a *line* may show, the likeliest last; of a search only that."""
        value, half, is_precise = _written(number)
        near = [*self._between(value, half), *self._between(value / PERCENT, half / PERCENT)]
        before = [one for one in near if one.order < line.order]
        searched = [one for one in before if id(one) in self._searches and self._searches[id(one)].end < line.order]
        others = [one for one in before if id(one) not in self._searches]
        is_said = is_precise or _SAID.search(line.text) is not None
        likely = sorted(others or (searched if is_said else ()), key=lambda one: (-_off(one, value), one.order))
        return likely if others else likely[-1:]

    def _between(self, value: float, half: float) -> List[Measurement]:
        low, high = bisect_left(self._values, value - half), bisect_right(self._values, value + half)
        return self._watched[low:high]

    def _found_searches(self) -> Dict[int, Search]:
        """Return, for each measurement of a search, that: one place that measures several settings of one class."""
        groups: DefaultDict[Tuple[object, ...], List[Measurement]] = defaultdict(list)
        for one in self._watched:
            groups[(one.source, one.data is DataKind.TRAIN, one.calls)].append(one)
        found: Dict[int, Search] = {}
        for scores in groups.values():
            settings = set(map(self._setting, scores))
            if len(settings) > 1 and len({name for name, _, _ in settings}) == 1:
                search = Search(max(one.order for one in scores), max(one.value for one in scores))
                found.update({id(one): search for one in scores})
        return found

    def _setting(self, one: Measurement) -> Tuple[str, int, str]:
        """Return class, number and settings of the model that was measured."""
        fit = self._trace.fit_behind(one)
        number = one.model_number or (fit.model_number if fit is not None else 0)
        return self._trace.class_of(number), number, fit.described if fit is not None else ""


def _off(one: Measurement, value: float) -> float:
    return min(abs(one.value - value), abs(one.value - value / PERCENT))


def _written(number: Match[str]) -> Tuple[float, float, bool]:
    """Return a number as it is written, by how much what was rounded to it may differ, and whether it is precise.

    A whole number that is no percentage counts something: nothing was rounded to it.
    """
    text = number.group(1)
    places = len(text.partition(".")[2])
    is_rounded = bool(number.group(2)) or (places > 1 and "e" not in text.lower())
    half = 0.5 / 10**places + EXACT if is_rounded else EXACT if places else -1.0
    return float(text), half, places >= PRECISE


def with_reports(
    trace: Trace,
    watched: Sequence[Measurement],
    found: Sequence[Measurement],
    lines: Sequence[OutputLine],
    metric: str,
) -> List[Measurement]:
    """Return what was *watched*, and what was *found* to be reported, with how clearly the author reports each.

    Where models of several classes were measured, the sources name them.
    """
    own = [one for one in watched if one.metric == metric and math.isfinite(one.value)]
    reports = Reports(trace, own)
    reports.add_statements()
    reports.add_lines(lines)
    reports.add_files([one for one in found if one.kind == "file"])
    every = [*map(reports.applied, watched), *(replace(one, reported=KEPT) for one in found)]
    names: Set[str] = {trace.class_of(one.model_number) for one in own} - {""}
    return [_named(one, trace.class_of(one.model_number)) for one in every] if len(names) > 1 else every


def _named(one: Measurement, name: str) -> Measurement:
    return replace(one, source="{} of {}".format(one.source, name)) if name else one

"""The accuracies that the script printed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Iterator, List, Optional, Sequence, Tuple

from trainprobe.data.kind import DataKind, kind_in
from trainprobe.names import canonical, direction_of
from trainprobe.results.sources.heard import Line
from trainprobe.results.sources.labels import ACCURACY
from trainprobe.results.sources.matching import Known, as_meant
from trainprobe.results.sources.numbers import as_value, numbers_in, plain
from trainprobe.results.sources.spoken import data_at
from trainprobe.results.sources.text import bare_value, labelled
from trainprobe.results.sources.unlabelled import data_words, says_accuracy
from trainprobe.task import Wanted
from trainprobe.trace import Measurement

LOOKED_AT = 50  # of the last lines without a label
_MEAN = re.compile(r"\b(?:mean|avg|average)\b[\s:=]*(\d*\.\d+)\s*(%)?", re.IGNORECASE)
_WORDS_AND_ONE = re.compile(r"[^\d]*[-+]?[\d.]+(?:e[-+]?\d+)?\s*%?[^\d]*$", re.IGNORECASE)


def from_output(
    lines: Sequence[Line], wanted: Optional[Wanted], known: Optional[Known] = None
) -> Iterator[Measurement]:
    """Yield every labelled number in the output, the last one with the highest order.

    A number without a label counts where the statement that printed it tells what it is, and where no line has one.
    """
    metric = canonical(wanted.name) if wanted else "accuracy"
    found = [(one.value, one.data, lines[one.line]) for one in labelled([line.text for line in lines], metric)]
    if metric == "accuracy":
        without = [one for one in _unlabelled(lines, found, known) if known is None or not known.is_measured(one[0])]
        found = sorted([*found, *without], key=lambda one: one[2].order)
        found = [one for one in found if not _is_anothers(one[0], one[2], known)]
    before = 0.0
    for number, (value, data, line) in enumerate(found):
        order = line.order + number / 1e6
        one = Measurement(metric, value, data, "printed", "printed", order, direction_of(metric))
        meant = as_meant(one, known, before) if known is not None else one
        before = order
        if meant is not None and meant.data is DataKind.UNKNOWN and line.file:
            meant = replace(meant, data=data_at(line.file, line.number))
        if meant is not None:
            yield _or_best(meant, known, last=number == len(found) - 1)


def _is_anothers(value: float, line: Line, known: Optional[Known]) -> bool:
    """Say whether *value*, which its *line* does not call an accuracy, is known to be another score."""
    return known is not None and not ACCURACY.search(line.text) and known.is_of_another(value, "accuracy")


def _or_best(found: Measurement, known: Optional[Known], *, last: bool) -> Measurement:
    """Take the best score of a loop for what counts where it is what the script prints at its end."""
    meaning = known.best_of_loop(found.value, found.metric) if known is not None and last else None
    if meaning is None:
        return found
    fields = {**vars(found), "data": meaning.data, "kind": meaning.kind, "source": "printed, " + meaning.source}
    return Measurement(**fields)


def _unlabelled(
    lines: Sequence[Line], found: Sequence[Tuple[float, DataKind, Line]], known: Optional[Known]
) -> Iterator[Tuple[float, DataKind, Line]]:
    taken = [line for _, _, line in found]
    last: List[Line] = [line for line in lines if line.text.strip()][-LOOKED_AT:]
    for line in last:
        if line not in taken and line.file and not ACCURACY.search(line.text):
            named = _MEAN.search(line.text)
            value = as_value(named.group(1), named.group(2), "accuracy") if named else _only_value(line.text)
            if value is None:
                continue
            is_mean = known is not None and known.is_mean(value)
            if is_mean or (not named and says_accuracy(line.file, line.number)):
                yield value, kind_in(data_words(line.file, line.number)), line


def _only_value(text: str) -> Optional[float]:
    if "." not in text and "%" not in text:  # it may count something
        return None
    value = bare_value(text)
    if value is not None or not _WORDS_AND_ONE.match(plain(text)):
        return value
    numbers = [one for one in numbers_in(plain(text)) if one.group(2) or "." in one.group(1)]
    return as_value(numbers[0].group(1), numbers[0].group(2), "accuracy") if len(numbers) == 1 else None

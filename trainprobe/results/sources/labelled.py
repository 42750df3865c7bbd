"""Finds labelled numbers in free text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable, Iterator, List, Match, Sequence

from trainprobe.data.kind import HELD_OUT_LAST, DataKind, first_known, kind_in
from trainprobe.names import canonical
from trainprobe.results.sources.labels import ACCURACY, SCORE, is_meant, pattern_of
from trainprobe.results.sources.numbers import bare_value, fractional, numbers_in, plain, value_after, value_of

FEWEST_CLASSES = 3  # lines in a row that differ only in a name and a number: the accuracy of each class
LONGEST = 2000  # characters of a line that is read
WORDS = 8  # of a heading, at most
FARTHEST = 3  # lines from a heading to its number

_PROGRESS = re.compile(  # of Keras, of tqdm; what they show is seen at its source
    r"\d+/\d+.*[━=\x08]|^\s*\d+/\d+ - \d+m?s|\d+%\|.*\|"
)
_NO_RESULT = re.compile(
    r"\b(?:improved from|did not improve|cancell?ing training|stopping training|stop(?:ping)? when)\b"
    r"|reached\b.*\bso\b|^\s*(?:Namespace|usage:|>>>)",
    re.IGNORECASE,
)
_RULE = re.compile(r"^[\s\-=_*#~]*$")
_OF_ONE = re.compile(r"\b(of|for|class:?)\s+(?!the\b|fold\b|model\b|our\b|my\b|class\b|k\b)\w+", re.IGNORECASE)


@dataclass(frozen=True)
class LabelledNumber:
    """A labelled number: its value, the data that the words around it speak of, and the line's number."""

    value: float
    data: DataKind
    line: int


def labelled(lines: Sequence[str], metric: str = "accuracy") -> Iterator[LabelledNumber]:
    """Yield the values of *metric* in *lines*, line by line; on one line, held-out data come last."""
    shapes: List[str] = []
    found: List[List[LabelledNumber]] = []
    for number, line in enumerate(lines):
        values = sorted(_in_line(lines, number, metric), key=lambda one: HELD_OUT_LAST.index(one.data))
        if values:
            shapes.append(re.sub(r"[\d.]+|\s+", " ", _OF_ONE.sub(r"\1 @", line)))
            found.append(values)
    classes = _of_classes(shapes)
    for values, of_a_class in zip(found, classes):  # noqa: B905 - Python 3.7 has no strict
        if not of_a_class:
            yield from values


def _in_line(lines: Sequence[str], number: int, metric: str) -> Iterable[LabelledNumber]:
    line = plain(lines[number])
    if len(line) > LONGEST or _PROGRESS.search(line) or _NO_RESULT.search(line):
        return []
    labels = _labels(line, metric)
    found = list(_behind(line, labels, number, metric)) or list(_ahead(line, labels, number, metric))
    return found or _below(lines, number, labels, metric)


def _labels(line: str, metric: str) -> List[Match[str]]:
    if canonical(metric) != "accuracy":
        return list(pattern_of(metric).finditer(line))
    found = list(ACCURACY.finditer(line)) or list(SCORE.finditer(line))
    return [one for one in found if is_meant(line[: one.start()], one.group())]


def _behind(line: str, labels: List[Match[str]], number: int, metric: str) -> Iterator[LabelledNumber]:
    ends = [one.start() for one in labels[1:]] + [len(line)]
    begin = 0
    for label, end in zip(labels, ends):  # noqa: B905 - Python 3.7 has no strict
        score = SCORE.match(label.group()) is not None
        number_after = value_after(line[label.end() : end], canonical(metric), only_score=score)
        if number_after is not None:
            value, between, length = number_after
            yield LabelledNumber(value, first_known(map(kind_in, (between, line[begin : label.end()], line))), number)
            begin = label.end() + length


def _ahead(line: str, labels: List[Match[str]], number: int, metric: str) -> Iterator[LabelledNumber]:
    """Yield the number in front of the word, as in ``97.2 % accuracy``."""
    for label in labels[:1]:
        ahead = fractional(numbers_in(line[: label.start()]))
        if ahead and re.fullmatch(r"\s*(?:\w+\s+){0,2}", line[ahead[-1].end() : label.start()]):
            value = value_of(ahead[-1], canonical(metric))
            if value is not None:
                yield LabelledNumber(value, kind_in(line), number)


def _below(lines: Sequence[str], number: int, labels: List[Match[str]], metric: str) -> Iterator[LabelledNumber]:
    """Yield the bare number under a line that is a heading."""
    if not labels or numbers_in(lines[number]) or len(lines[number].split()) > WORDS:
        return
    for below in range(number + 1, min(number + FARTHEST + 1, len(lines))):
        if not _RULE.match(lines[below]):
            value = bare_value(lines[below], canonical(metric))
            if value is not None:
                yield LabelledNumber(value, kind_in(lines[number]), below)
            return


def _of_classes(shapes: List[str]) -> List[bool]:
    """Return for each line whether it is one of several with the accuracy of a class each, below the overall one."""
    marked = [False] * len(shapes)
    for begin, shape in enumerate(shapes):
        end = next((at for at in range(begin, len(shapes)) if shapes[at] != shape), len(shapes))
        if "@" in shape and end - begin >= FEWEST_CLASSES and any(other != shape for other in shapes[:begin]):
            marked[begin:end] = [True] * (end - begin)
    return marked

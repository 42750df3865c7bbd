"""Finds a labelled number in free text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable, Iterator, List, Match, Optional, Sequence

from trainprobe.data.kind import HELD_OUT_LAST, DataKind, first_known, kind_in
from trainprobe.names import canonical
from trainprobe.results.sources.labels import ACCURACY, SCORE, is_meant, pattern_of
from trainprobe.results.sources.numbers import as_value, numbers_in, plain, value_after

FEWEST_CLASSES = 3  # lines in a row that differ only in a name and a number: the accuracy of each class
LONGEST = 2000  # characters of a line that is read
WORDS = 8  # of a heading, at most

_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_PROGRESS = re.compile(  # of Keras, of tqdm; what they show is seen at its source
    r"\d+/\d+.*[━=\x08]|^\s*\d+/\d+ - \d+m?s|\d+%\|.*\|"
)
_NO_RESULT = re.compile(
    r"\b(?:improved from|did not improve|cancell?ing training|stopping training|stop(?:ping)? when)\b"
    r"|reached\b.*\bso\b|^\s*(?:Namespace|usage:|>>>)",
    re.IGNORECASE,
)
_RULE = re.compile(r"^[\s\-=_*#~]*$")
_BARE = re.compile(r"[\s\[(]*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*%?\s*(?:[\[(].*[\])]|(?:\+/-|\+-|±).*)?[\s\])]*")
_OF_ONE = re.compile(r"\b(of|for|class:?)\s+(?!the\b|fold\b|model\b|our\b|my\b|class\b|k\b)\w+", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """One labelled number: its value, the data that the words around it speak of, and the line's number."""

    value: float
    data: DataKind
    line: int


def labelled(lines: Sequence[str], metric: str = "accuracy") -> Iterator[Found]:
    """Yield what *lines* say about *metric*, line by line; on one line, what was held out comes last."""
    shapes: List[str] = []
    found: List[List[Found]] = []
    for number, line in enumerate(lines):
        values = sorted(_in_line(lines, number, metric), key=lambda one: HELD_OUT_LAST.index(one.data))
        if values:
            shapes.append(_shape(line))
            found.append(values)
    classes = _of_classes(shapes)
    for values, of_a_class in zip(found, classes):  # noqa: B905 - Python 3.7 has no strict
        if not of_a_class:
            yield from values


def lines_of(text: str) -> List[str]:
    """Return the lines of *text* as a terminal would leave them, without colours."""
    return [_ESCAPE.sub("", line) for line in re.split(r"[\r\n]+", text)]


def bare_value(line: str, metric: str = "accuracy") -> Optional[float]:
    """Return the value of a line that holds nothing but a number, perhaps with a spread behind it; else None."""
    line = plain(line)
    if not _BARE.fullmatch(line):
        return None
    numbers = numbers_in(line)
    return as_value(numbers[0].group(1), numbers[0].group(2), metric) if numbers else None


def _in_line(lines: Sequence[str], number: int, metric: str) -> Iterable[Found]:
    line = plain(lines[number])
    if len(line) > LONGEST or _PROGRESS.search(line) or _NO_RESULT.search(line):
        return []
    labels = _labels(line, metric)
    found = list(_behind(line, labels, number, metric)) or list(_before(line, labels, number, metric))
    return found or _below(lines, number, labels, metric)


def _labels(line: str, metric: str) -> List[Match[str]]:
    if canonical(metric) != "accuracy":
        return list(pattern_of(metric).finditer(line))
    found = list(ACCURACY.finditer(line)) or list(SCORE.finditer(line))
    return [one for one in found if is_meant(line[: one.start()], one.group())]


def _behind(line: str, labels: List[Match[str]], number: int, metric: str) -> Iterator[Found]:
    ends = [one.start() for one in labels[1:]] + [len(line)]
    begin = 0
    for label, end in zip(labels, ends):  # noqa: B905 - Python 3.7 has no strict
        score = SCORE.match(label.group()) is not None
        got = value_after(line[label.end() : end], canonical(metric), only_score=score)
        if got is not None:
            value, between, length = got
            yield Found(value, first_known(map(kind_in, (between, line[begin : label.end()], line))), number)
            begin = label.end() + length


def _before(line: str, labels: List[Match[str]], number: int, metric: str) -> Iterator[Found]:
    """Yield the number in front of the word, as in ``97.2 % accuracy``."""
    for label in labels[:1]:
        ahead = [one for one in numbers_in(line[: label.start()]) if one.group(2) or "." in one.group(1)]
        if ahead and re.fullmatch(r"\s*(?:\w+\s+){0,2}", line[ahead[-1].end() : label.start()]):
            value = as_value(ahead[-1].group(1), ahead[-1].group(2), canonical(metric))
            if value is not None:
                yield Found(value, kind_in(line), number)


def _below(lines: Sequence[str], number: int, labels: List[Match[str]], metric: str) -> Iterator[Found]:
    """Yield the bare number under a line that is a heading."""
    if not labels or numbers_in(lines[number]) or len(lines[number].split()) > WORDS:
        return
    below = next((at for at in range(number + 1, len(lines)) if not _RULE.match(lines[at])), None)
    value = bare_value(lines[below], canonical(metric)) if below is not None and below <= number + 3 else None
    if value is not None and below is not None:
        yield Found(value, kind_in(lines[number]), below)


def _shape(line: str) -> str:
    return re.sub(r"[\d.]+|\s+", " ", _OF_ONE.sub(r"\1 @", line))


def _of_classes(shapes: List[str]) -> List[bool]:
    """Tell for each line whether it is one of several that give the accuracy of a class each, under that of all."""
    marked = [False] * len(shapes)
    for begin, shape in enumerate(shapes):
        end = next((at for at in range(begin, len(shapes)) if shapes[at] != shape), len(shapes))
        if "@" in shape and end - begin >= FEWEST_CLASSES and any(other != shape for other in shapes[:begin]):
            marked[begin:end] = [True] * (end - begin)
    return marked

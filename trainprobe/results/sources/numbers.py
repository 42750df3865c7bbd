"""Numbers as people write them: which one belongs to a label, and its value as a metric."""

from __future__ import annotations

import math
import re
from typing import Iterable, List, Match, Optional, Tuple

from trainprobe.names import canonical
from trainprobe.results.sources.labels import is_spoiled

PERCENT = 100.0
ROUNDING = 1e-6  # a mean of float32 may be a little above 1
DOUBTFUL = 2.0  # an accuracy between 1 and 2 without a percent sign is more likely something else
PAIR = 2  # what evaluate returns: the loss and the accuracy

_N = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?"
_UNIT = (
    r"(?!\s*(?:s|sec|secs|seconds?|ms|min|mins|minutes?|h|hours?|epochs?|samples?|images?|rows?|iterations?|steps?"
    r"|neighbou?rs?|features?|classes|folds?|runs?|points?|trees?|times?|layers?|x)\b)"
)
_NUMBER = re.compile(
    r"(?<![\w.])(" + _N + r")(?!\w|\.\d)" + _UNIT + r"\s*(%|per\s?cent\b|pct\b|процент\w*)?", re.IGNORECASE
)
_FILLER = (
    r"[\s\"'()\]:=\-\u2013\u2014>~≈.,|*│]*"
    r"(?:(?:is|was|equals|of|at|to|score|value|rate|result|equal|mean)\b[\s:=\"']*)*"
)
_FRACTION = re.compile(_FILLER + r"(\d+)\s*/\s*(\d+)(?![\w/])(?!\s*(?:epochs?|\[))", re.IGNORECASE)
_LIST = re.compile(_FILLER + r"[\[(]\s*(" + _N + r"(?:\s*[,;]\s*|\s+)" + _N + r"[^\])]*)[\])]", re.IGNORECASE)
_DIRECT = re.compile(r"(?:\([^()]*\))?" + _FILLER + r"[\[(]?\s*", re.IGNORECASE)
# what may stand between the word and a whole number; behind anything else ("accuracy at K=7") it counts something
_WHOLE = re.compile(r"\s*['\"]?\s*(?:\(?\s*(?:%|in percent|percent)\s*\)?)?\s*(?:[:=]+>?|is\s*:?)\s*$", re.IGNORECASE)
_ASSIGNED = re.compile(r"(?:[:=]|->|\b(?:is|was|of))\s*[\[(\"']*$", re.IGNORECASE)
_BARE = re.compile(r"[\s\[(]*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*%?\s*(?:[\[(].*[\])]|(?:\+/-|\+-|±).*)?[\s\])]*")
_SETTING = re.compile(r"(?<!\w)([A-Za-z_]\w*)\s*=\s*$")
_DATA_WORD = re.compile(
    r"test|train|val|set|data|dev|model|knn|svm|acc|rate|score|mean|avg|average|final", re.IGNORECASE
)
_WRAPPED = (
    (re.compile(r"<tf\.Tensor:[^>]*numpy=([^>]+)>"), r"\1"),
    (re.compile(r"(?:tf\.Tensor|tensor|(?:np|numpy)\.float\d+|array)\(\s*(" + _N + r")[^()]*\)"), r"\1"),
    (re.compile(r"(?<![\d.,])(\d{1,3}),(\d{1,4})(?=\s*%)"), r"\1.\2"),
    (re.compile(r"(?<![\d.,\[(])0,(\d{2,})(?![\d,.])"), r"0.\1"),
)


def plausible(metric: str, value: float) -> Optional[float]:
    """Return the value as a fraction where the metric is one (97.2 is 0.972), or None where it can't be right."""
    if canonical(metric) != "accuracy":
        return None if math.isnan(value) else value
    if 0.0 <= value <= 1.0 + ROUNDING:
        return min(value, 1.0)
    return value / PERCENT if 0.0 < value <= PERCENT else None


def plain(line: str) -> str:
    """Return *line* with tensors, NumPy scalars and decimal commas as plain numbers."""
    for pattern, replacement in _WRAPPED:
        line = pattern.sub(replacement, line)
    return line


def numbers_in(text: str) -> List[Match[str]]:
    """Return every number in *text* that is no part of a word; group 2 is its percent sign."""
    return list(_NUMBER.finditer(text))


def fractional(numbers: Iterable[Match[str]]) -> List[Match[str]]:
    """Return those *numbers* that are written like a fraction or a percentage, not like a count."""
    return [one for one in numbers if one.group(2) or "." in one.group(1) or "e" in one.group(1).lower()]


def value_of(number: Match[str], metric: str) -> Optional[float]:
    """Return the value of *metric* that a *number*, perhaps with a percent sign, stands for; None if it can't."""
    value, is_percent = float(number.group(1)), bool(number.group(2))
    if metric != "accuracy":
        return plausible(metric, value / PERCENT if is_percent else value)
    if is_percent:
        return value / PERCENT if 0.0 <= value <= PERCENT else None
    return None if 1.0 < value < DOUBTFUL else plausible(metric, value)


def bare_value(line: str, metric: str = "accuracy") -> Optional[float]:
    """Return the value of a line that holds nothing but a number, perhaps with a spread behind it; else None."""
    line = plain(line)
    numbers = numbers_in(line) if _BARE.fullmatch(line) else []
    return value_of(numbers[0], metric) if numbers else None


def value_after(rest: str, metric: str, *, only_score: bool = False) -> Optional[Tuple[float, str, int]]:
    """Return the value in *rest* (what follows a label, up to the next one), the words before it, and where it ends.

    *only_score* says that the label is no more than ``score``, so a whole number may count points.
    """
    listed = _LIST.match(rest)
    if listed is not None:
        return _second_of_pair(listed, metric)
    quotient = _FRACTION.match(rest)
    if quotient is not None and metric == "accuracy":
        right, rows = map(int, quotient.groups())
        return (right / rows, "", quotient.end()) if 0 < rows >= right else None
    number = _labelled_number(rest, metric, only_score=only_score)
    if number is None or is_spoiled(rest[: number.start()]):
        return None
    value = value_of(number, metric)
    return None if value is None else (value, rest[: number.start()], number.end())


def _second_of_pair(listed: Match[str], metric: str) -> Optional[Tuple[float, str, int]]:
    numbers = numbers_in(listed.group(1))
    value = value_of(numbers[1], metric) if len(numbers) == PAIR and metric == "accuracy" else None
    return None if value is None else (value, "", listed.end())


def _labelled_number(rest: str, metric: str, *, only_score: bool) -> Optional[Match[str]]:
    """Return the number in *rest* that the label means: right behind it, whole, assigned, or the only one."""
    numbers = numbers_in(rest)
    fractions = fractional(numbers)
    if fractions and _DIRECT.fullmatch(rest[: fractions[0].start()]):
        return fractions[0]
    if numbers and not only_score and (metric != "accuracy" or _WHOLE.match(rest[: numbers[0].start()])):
        return numbers[0]
    return _unmistakable(rest, fractions)


def _unmistakable(rest: str, fractions: List[Match[str]]) -> Optional[Match[str]]:
    results = [one for one in fractions if not _is_setting(rest[: one.start()])]
    assigned = [one for one in results if _ASSIGNED.search(rest[: one.start()])]
    unambiguous = results if len(results) == 1 else [one for one in results[:1] if one.group(2)]
    return next(iter([*assigned, *unambiguous]), None)


def _is_setting(before: str) -> bool:
    setting = _SETTING.search(before)
    return setting is not None and (setting.group(1) == "test_size" or not _DATA_WORD.search(setting.group(1)))

"""Finds the number that belongs to a label."""

from __future__ import annotations

import re
from typing import List, Match, Optional, Tuple

from trainprobe.results.choose import PERCENT, plausible
from trainprobe.results.sources.labels import is_spoiled

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
_TOLD = re.compile(r"(?:[:=]|->|\b(?:is|was|of))\s*[\[(\"']*$", re.IGNORECASE)
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


def plain(line: str) -> str:
    """Return *line* with tensors, NumPy scalars and decimal commas as plain numbers."""
    for pattern, replacement in _WRAPPED:
        line = pattern.sub(replacement, line)
    return line


def value_after(rest: str, metric: str, *, only_score: bool = False) -> Optional[Tuple[float, str, int]]:
    """Return the value that *rest* (what stands behind a label) starts with, the words before it, and where it ends.

    Args:
        rest: The line behind the label, as far as the next one.
        metric: What the label names.
        only_score: The label is no more than ``score``, so a whole number may count points.
    """
    listed = _LIST.match(rest)
    if listed is not None:
        return _of_list(listed, metric)
    fraction = _FRACTION.match(rest)
    if fraction is not None and metric == "accuracy":
        return _of_fraction(fraction)
    found = _telling(rest, metric, only_score=only_score)
    if found is None or is_spoiled(rest[: found.start()]):
        return None
    value = as_value(found.group(1), found.group(2), metric)
    return None if value is None else (value, rest[: found.start()], found.end())


def as_value(number: str, percent: Optional[str], metric: str) -> Optional[float]:
    """Return what *number*, with or without a *percent* sign, means as a value of *metric*; None if it can't."""
    value = float(number)
    if metric != "accuracy":
        return plausible(metric, value / PERCENT if percent else value)
    if percent:
        return value / PERCENT if 0.0 <= value <= PERCENT else None
    return None if 1.0 < value < DOUBTFUL else plausible(metric, value)


def numbers_in(text: str) -> List[Match[str]]:
    """Return every number in *text* that is no part of a word; group 2 is its percent sign."""
    return list(_NUMBER.finditer(text))


def _telling(rest: str, metric: str, *, only_score: bool) -> Optional[Match[str]]:
    matches = numbers_in(rest)
    telling = [one for one in matches if one.group(2) or "." in one.group(1) or "e" in one.group(1).lower()]
    if telling and _DIRECT.fullmatch(rest[: telling[0].start()]):
        return telling[0]
    if matches and not only_score and (metric != "accuracy" or _WHOLE.match(rest[: matches[0].start()])):
        return matches[0]
    measured = [one for one in telling if not _is_setting(rest[: one.start()])]
    told = [one for one in measured if _TOLD.search(rest[: one.start()])]
    if told:
        return told[0]
    return measured[0] if len(measured) == 1 or (measured and measured[0].group(2)) else None


def _is_setting(before: str) -> bool:
    setting = _SETTING.search(before)
    return setting is not None and (setting.group(1) == "test_size" or not _DATA_WORD.search(setting.group(1)))


def _of_list(listed: Match[str], metric: str) -> Optional[Tuple[float, str, int]]:
    numbers = numbers_in(listed.group(1))
    if len(numbers) != PAIR or metric != "accuracy":
        return None
    value = as_value(numbers[1].group(1), numbers[1].group(2), metric)
    return None if value is None else (value, "", listed.end())


def _of_fraction(fraction: Match[str]) -> Optional[Tuple[float, str, int]]:
    right, rows = int(fraction.group(1)), int(fraction.group(2))
    return (right / rows, "", fraction.end()) if right <= rows and rows > 0 else None

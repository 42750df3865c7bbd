"""Finds a labelled number in free text."""

from __future__ import annotations

import re
from typing import Iterator, Optional, Tuple

from trainprobe.metric import plausible

_LABEL = r"(?:\b|_)(?:ac+u+rac\w*|acc|score|точность)(?![a-z])"
_PROGRESS = re.compile(r"\d+/\d+.*[━=\x08]")  # a progress bar of Keras; what it shows is seen at its source
_NUMBER = r"(?<![\w.])(\d+(?:\.\d+)?(?:e[-+]?\d+)?)\s*(%?)(?!\w|\.\d)"

# what may stand between the word and a whole number; behind anything else ("accuracy at K=7") it counts something
_DIRECTLY = re.compile(r"\s*(?:\(?\s*(?:%|in percent|percent)\s*\)?)?\s*(?:[:=]|is\b)\s*$", re.IGNORECASE)


def accuracies(text: str, label: Optional[str] = None) -> Iterator[Tuple[float, str]]:
    """Yield (fraction, line) for each line that gives a number after a word for accuracy, or after *label*."""
    pattern = re.compile((r"\b" + re.escape(label) + r"\b") if label else _LABEL, re.IGNORECASE)
    for line in re.split(r"[\r\n]+", text):
        found = list(pattern.finditer(line))
        if found and not _PROGRESS.search(line):
            value = _number(line[found[-1].end() :], label or "accuracy")
            if value is not None:
                yield value, line


def _number(rest: str, metric: str) -> Optional[float]:
    matches = list(re.finditer(_NUMBER, rest, re.IGNORECASE))
    telling = [match for match in matches if match.group(2) or "." in match.group(1)]
    if not telling:
        telling = [match for match in matches if metric != "accuracy" or _DIRECTLY.match(rest[: match.start()])]
    if not telling:
        return None
    number = float(telling[0].group(1))
    return plausible(metric, number / 100.0 if telling[0].group(2) else number)

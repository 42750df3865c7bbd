"""The accuracies that the script printed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Iterator, List, Optional, Sequence, Tuple

from trainprobe.data.kind import DataKind, kind_in
from trainprobe.results.sources.captured_output import OutputLine
from trainprobe.results.sources.known_values import KnownValues
from trainprobe.results.sources.labelled import labelled
from trainprobe.results.sources.labels import ACCURACY
from trainprobe.results.sources.numbers import bare_value, fractional, numbers_in, plain, value_of
from trainprobe.results.sources.statements import is_accuracy, kind_at, statement_words
from trainprobe.trace import Measurement

LOOKED_AT = 50  # of the last lines without a label
_MEAN = re.compile(  # not that over the classes, in a classification report
    r"(?<!micro )(?<!macro )(?<!weighted )(?<!samples )\b(?:mean|avg|average)\b[\s:=]*(\d*\.\d+)\s*(%)?", re.IGNORECASE
)
_WORDS_AND_ONE = re.compile(r"[^\d]*[-+]?[\d.]+(?:e[-+]?\d+)?\s*%?[^\d]*$", re.IGNORECASE)
Printed = Tuple[float, DataKind, OutputLine]


def from_output(lines: Sequence[OutputLine], metric: str, known: KnownValues) -> Iterator[Measurement]:
    """Yield every labelled number in the output, the last one with the highest order.

    A number without a label counts where the statement that printed it says what it is, and where no line has one.
    """
    printed = [(one.value, one.data, lines[one.line]) for one in labelled([line.text for line in lines], metric)]
    if metric == "accuracy":
        printed = _accuracies([*printed, *_unlabelled(lines, printed, known)], known)
    before = 0.0
    for number, (value, data, line) in enumerate(printed, 1):
        order = line.order + number / 1e6
        found = known.interpret(Measurement(metric, value, data, "printed", "printed", order), before)
        before = order
        if found is not None:
            found = _with_data_of(line, found)
            yield _or_best(found, known) if number == len(printed) else found


def _accuracies(printed: Sequence[Printed], known: KnownValues) -> List[Printed]:
    in_order = sorted(printed, key=lambda one: one[2].order)
    return [one for one in in_order if ACCURACY.search(one[2].text) or not known.is_only_another(one[0])]


def _with_data_of(line: OutputLine, found: Measurement) -> Measurement:
    is_known = found.data is not DataKind.UNKNOWN or not line.file
    return found if is_known else replace(found, data=kind_at(line.file, line.number))


def _or_best(found: Measurement, known: KnownValues) -> Measurement:
    """Take the best score of a loop for what counts where it is what the script prints at its end."""
    best = known.best_of_loop(found.value, found.metric)
    if best is None:
        return found
    return best.of(replace(found, data=best.data, kind=best.kind, source="printed, " + best.source))


def _unlabelled(lines: Sequence[OutputLine], printed: Sequence[Printed], known: KnownValues) -> Iterator[Printed]:
    labelled_lines = [line for _, _, line in printed]
    last = [line for line in lines if line.text.strip()][-LOOKED_AT:]
    for line in last:
        value = None if line in labelled_lines else _accuracy(line, known)
        if value is not None and not known.is_measured(value):
            yield value, kind_in(statement_words(line.file, line.number)), line


def _accuracy(line: OutputLine, known: KnownValues) -> Optional[float]:
    """Return the accuracy that a line without its name states: a known mean, or what its statement says is one."""
    if not line.file or ACCURACY.search(line.text):
        return None
    mean = _MEAN.search(line.text)
    value = value_of(mean, "accuracy") if mean else _only_value(line.text)
    if value is None or known.mean(value, "accuracy"):
        return value
    return value if not mean and is_accuracy(line.file, line.number) else None


def _only_value(text: str) -> Optional[float]:
    if "." not in text and "%" not in text:  # it may count something
        return None
    value = bare_value(text)
    if value is not None or not _WORDS_AND_ONE.match(plain(text)):
        return value
    numbers = fractional(numbers_in(plain(text)))
    return value_of(numbers[0], "accuracy") if len(numbers) == 1 else None

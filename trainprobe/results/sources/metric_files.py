"""Measurements in files that the script wrote during this run."""

from __future__ import annotations

import csv
import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Dict, Iterable, Iterator, List, Tuple

from trainprobe.data.kind import HELD_OUT_LAST, kind_in
from trainprobe.foreign import Foreign, as_number
from trainprobe.names import canonical
from trainprobe.results.sources.captured_output import lines_of
from trainprobe.results.sources.known_values import KnownValues
from trainprobe.results.sources.labelled import labelled
from trainprobe.results.sources.numbers import bare_value, plausible
from trainprobe.trace import Measurement

_TELLING = re.compile(r"(^|[^a-z])(acc|accuracy|metrics?|scores?|results?|eval(uation)?)([^a-z]|$)", re.IGNORECASE)
_SUFFIXES = (".txt", ".json", ".jsonl", ".log", ".csv", ".tsv", ".yaml", ".yml", ".md", ".out", ".dat", "")
_MOST = 1 << 20  # bytes; a file of metrics is small, and its end tells
Named = Tuple[str, float]  # what a number is called in its file, and the number


def from_files(
    code: Path, fresh: Iterable[str], named: Tuple[str, ...], metric: str, known: KnownValues
) -> Iterator[Measurement]:
    """Yield the values of *metric* in the *fresh* files (paths below *code*); those that the task *named* come last."""
    for order, path in enumerate(sorted(fresh, key=lambda path: (path in named, path))):
        if path not in named and not _is_telling(Path(path)):
            continue
        numbers = sorted(_numbers(code / path, metric), key=lambda one: HELD_OUT_LAST.index(kind_in(one[0])))
        for position, (label, number) in enumerate(numbers):
            value = plausible(metric, number)
            if value is not None:
                source, place = "metrics file " + path, order + position / 1e6
                found = known.interpret(Measurement(metric, value, kind_in(label), source, "file", place))
                if found is not None:
                    yield found


def _is_telling(path: Path) -> bool:
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", path.stem)
    return bool(_TELLING.search(snake)) and path.suffix.lower() in _SUFFIXES


def _numbers(path: Path, metric: str) -> List[Named]:
    text = _end_of(path)
    suffix = path.suffix.lower()
    if suffix in (".json", ".jsonl"):
        return list(_in_json(_parsed(text), metric, ""))
    table = list(_in_table(text, "\t" if suffix == ".tsv" else ",", metric)) if suffix in (".csv", ".tsv") else []
    return table or _in_text(text, path.stem, metric)


def _end_of(path: Path) -> str:
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _MOST))
        return stream.read().decode("utf-8", "replace").strip()


def _in_text(text: str, stem: str, metric: str) -> List[Named]:
    lines = [line for line in lines_of(text) if line.strip()]
    numbers = list(labelled(lines, metric))
    if numbers:
        return [(one.data, one.value) for one in numbers if one.line == numbers[-1].line]
    return [(stem, value) for value in _one_a_line(lines, metric)[-1:]]  # the last was added last


def _one_a_line(lines: List[str], metric: str) -> List[float]:
    values = [value for value in (bare_value(line, metric) for line in lines) if value is not None]
    return values if len(values) == len(lines) else []


def _in_table(text: str, separator: str, metric: str) -> Iterator[Named]:
    """Yield the last row's values in the columns that are named like *metric*."""
    last: Dict[str, str] = {}
    for row in csv.DictReader(text.splitlines(), restkey="", restval="", delimiter=separator):
        last.update({name: cell for name, cell in row.items() if canonical(name) == metric and cell.strip()})
    for name, cell in last.items():
        value = bare_value(cell, metric)
        if value is not None:
            yield name, value


def _parsed(text: str) -> Foreign:
    for part in (text, *text.splitlines()[-1:]):  # the last line, where each holds an object
        with suppress(ValueError):  # half a file, or no JSON after all
            return json.loads(part)
    return None


def _in_json(value: Foreign, metric: str, path: str) -> Iterator[Named]:
    """Yield the numbers under a key like *metric*, at any depth; the last of a list, as of a curve or of runs."""
    if isinstance(value, dict):
        for key, item in value.items():
            if canonical(str(key)) == metric:
                yield from _last_number(item, path + " " + str(key), metric)
            else:
                yield from _in_json(item, metric, path + " " + str(key))
    elif isinstance(value, list):
        last = next((item for item in reversed(value) if isinstance(item, dict)), {})
        yield from _in_json(last, metric, path)
    elif not path:
        yield from _last_number(value, metric, metric)


def _last_number(item: Foreign, label: str, metric: str) -> Iterator[Named]:
    last = item[-1] if isinstance(item, list) and item else item
    number = bare_value(last, metric) if isinstance(last, str) else as_number(last)
    if number is not None:
        yield label.strip(), number
    elif isinstance(item, dict):  # {"accuracy": {"train": 0.9, "test": 0.8}}
        for key, inner in item.items():
            yield from _last_number(inner, label + " " + str(key), metric)

"""Measurements in files that the script wrote during this run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Iterable, Iterator, Optional, Tuple

from trainprobe.foreign import Foreign
from trainprobe.metric import plausible
from trainprobe.names import canonical, data_of, direction_of
from trainprobe.sources.text import accuracies
from trainprobe.sources.variables import as_number
from trainprobe.task import Wanted
from trainprobe.trace import Measurement

_TELLING = re.compile(r"(^|[^a-z])(acc|accuracy|metrics?|scores?|results?)([^a-z]|$)", re.IGNORECASE)
_SUFFIXES = (".txt", ".json", ".log", ".csv", "")
_MOST = 65536  # bytes; a file of metrics is small


def from_files(
    code: Path, fresh: Iterable[str], named: Tuple[str, ...], wanted: Optional[Wanted]
) -> Iterator[Measurement]:
    """Yield what the *fresh* files (paths below *code*) say; files that the task names come before others."""
    for order, path in enumerate(sorted(fresh, key=lambda path: (path in named, path))):
        if path in named or _is_telling(Path(path)):
            metric = canonical(wanted.name) if wanted else "accuracy"
            for label, number in _numbers(code / path, wanted):
                value = plausible(metric, number)
                if value is not None:
                    source = "metrics file " + path
                    yield Measurement(metric, value, data_of(label), source, "file", order, direction_of(metric))


def _is_telling(path: Path) -> bool:
    return bool(_TELLING.search(path.stem)) and path.suffix.lower() in _SUFFIXES


def _numbers(path: Path, wanted: Optional[Wanted]) -> Iterator[Tuple[str, float]]:
    with path.open("rb") as stream:
        text = stream.read(_MOST).decode("utf-8", "replace").strip()
    if path.suffix.lower() == ".json":
        yield from _in_json(_parsed(text), wanted)
        return
    alone = re.match(r"^[\[(]?\s*(\d+(?:\.\d+)?(?:e[-+]?\d+)?)\s*(%?)\s*[\])]?$", text, re.IGNORECASE)
    if alone:
        yield path.stem, float(alone.group(1)) / (100.0 if alone.group(2) else 1.0)
        return
    label = wanted.name if wanted and canonical(wanted.name) != "accuracy" else None
    yield from ((line, value) for value, line in list(accuracies(text, label))[-1:])


def _parsed(text: str) -> Foreign:
    try:
        return json.loads(text)
    except ValueError:  # half a file, or not JSON after all: it says nothing
        return None


def _in_json(value: Foreign, wanted: Optional[Wanted]) -> Iterator[Tuple[str, float]]:
    metric = canonical(wanted.name) if wanted else "accuracy"
    if isinstance(value, dict):
        for key, item in value.items():
            number = as_number(item)
            if number is not None and canonical(str(key)) == metric:
                yield str(key), number
            elif isinstance(item, dict):
                yield from _in_json(item, wanted)
    else:
        number = as_number(value)
        if number is not None:
            yield metric, number

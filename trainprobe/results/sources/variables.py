"""Measurements that the script left in its variables."""

from __future__ import annotations

import ast
import math
import re
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Dict, Iterator, List, Optional

from trainprobe.data.kind import DataKind, kind_in
from trainprobe.foreign import Foreign, as_number
from trainprobe.names import canonical, direction_of
from trainprobe.notebook_code import read_code
from trainprobe.results.choose import plausible
from trainprobe.results.sources.labels import ACCURACY, is_meant, is_spoiled
from trainprobe.results.sources.matching import Known, as_meant
from trainprobe.results.sources.spoken import data_behind
from trainprobe.task import Wanted
from trainprobe.trace import Measurement

_LITERALS = (ast.Constant, ast.Num) if sys.version_info < (3, 8) else (ast.Constant,)
_PREFERRED = ("test_accuracy", "test_acc", "accuracy", "acc")
_HELD_OUT = 10.0  # goes before all that is preferred for its name
_OF_SEVERAL = re.compile(r"mean|avg|average|acc|score|cv|result|total", re.IGNORECASE)
_BEST = re.compile(r"best|max|highest|top(?!_?\d)", re.IGNORECASE)


def from_variables(
    variables: Dict[str, Foreign], known: Known, wanted: Optional[Wanted], code: str = ""
) -> Iterator[Measurement]:
    """Yield numbers kept under a telling name, on the data of what is *known* by the same value.

    Where nothing is, the words of the statement in the author's *code* tell that made the number.
    """
    for position, (name, number) in enumerate(_numbers(variables)):
        metric = canonical(name) if wanted and canonical(name) == canonical(wanted.name) else "accuracy"
        value = plausible(metric, number)
        if value is None:
            continue
        named = metric != "accuracy" or _names_accuracy(name)
        several = _of_several(name, value, metric, known)
        if several is not None:
            yield replace(several, source="variable {}, {}".format(name, several.source))
        elif named and (not _may_count(variables[name], metric) or known.meaning(value, metric)):
            found = Measurement(metric, value, kind_in(name), "variable " + name, "variable")
            meant = as_meant(found, known)
            if meant is not None and meant.data is DataKind.UNKNOWN and code:
                meant = replace(meant, data=data_behind(name, code))
            if meant is not None:
                yield replace(meant, order=_order(name, meant.data, position), direction=direction_of(metric))


def _of_several(name: str, value: float, metric: str, known: Known) -> Optional[Measurement]:
    """Return the measurement that *value* is as the mean, or as the best, of a loop's scores."""
    meaning = known.meaning(value, metric, exact=True) if _OF_SEVERAL.search(name) else None
    if meaning is not None and meaning.kind == "averaged":
        return Measurement(metric, value, meaning.data, meaning.source, meaning.kind, 0.0, direction_of(metric))
    meaning = known.best_of_loop(value, metric) if _BEST.search(name) else None
    if meaning is not None:
        return Measurement(metric, value, meaning.data, meaning.source, meaning.kind, math.inf, direction_of(metric))
    return None


def _names_accuracy(name: str) -> bool:
    word = ACCURACY.search(name)
    return word is not None and is_meant(name[: word.start()], word.group()) and not is_spoiled(name[word.end() :])


def _order(name: str, data: DataKind, position: int) -> float:
    preferred = float(len(_PREFERRED) - _PREFERRED.index(name.lower())) if name.lower() in _PREFERRED else 0.0
    return preferred + (_HELD_OUT if data.is_held_out else 0.0) + position / 1e6


def computed(variables: Dict[str, Foreign], script: Path) -> Dict[str, Foreign]:
    """Return the variables without those that the *script* sets to a literal only: a target is no measurement."""
    tree = ast.parse(read_code(script))
    bound = Counter(
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )
    literal = Counter(name for node in ast.walk(tree) for name in _set_to_literals(node))
    return {name: value for name, value in variables.items() if not 0 < bound[name] <= literal[name]}


def _set_to_literals(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _literal_names(target, node.value)
    elif isinstance(node, ast.AnnAssign):
        yield from _literal_names(node.target, node.value)


def _literal_names(target: ast.AST, value: Optional[ast.AST]) -> Iterator[str]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for name, part in zip(target.elts, value.elts):  # noqa: B905 - Python 3.7 has no strict
            yield from _literal_names(name, part)
    elif isinstance(target, ast.Name) and (value is None or isinstance(value, _LITERALS)):
        yield target.id


def _numbers(variables: Dict[str, Foreign]) -> List["tuple[str, float]"]:
    numbers = [(name, as_number(value)) for name, value in list(variables.items()) if not name.startswith("__")]
    return [(name, number) for name, number in numbers if number is not None]


def _may_count(value: Foreign, metric: str) -> bool:
    """Say whether *value* may be the number of rows that are right: one above 1 that is whole."""
    whole = isinstance(value, int) or getattr(getattr(value, "dtype", None), "kind", None) in ("i", "u")
    return metric == "accuracy" and whole and bool(value > 1)

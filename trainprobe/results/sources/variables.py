"""Measurements that the script left in its variables."""

from __future__ import annotations

import ast
import math
import re
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Dict, Iterator, Optional, Tuple

from trainprobe.data.kind import DataKind, first_known, kind_in
from trainprobe.foreign import Foreign, as_number
from trainprobe.names import canonical
from trainprobe.notebook_code import read_code
from trainprobe.results.sources.known_values import KnownValues
from trainprobe.results.sources.labels import ACCURACY, is_meant, is_spoiled
from trainprobe.results.sources.numbers import plausible
from trainprobe.results.sources.statements import kind_behind
from trainprobe.trace import Measurement

_LITERALS = (ast.Constant, ast.Num) if sys.version_info < (3, 8) else (ast.Constant,)
_PREFERRED = ("test_accuracy", "test_acc", "accuracy", "acc")
_HELD_OUT = 10.0  # goes before all that is preferred for its name
_OF_SEVERAL = re.compile(r"mean|avg|average|acc|score|cv|result|total", re.IGNORECASE)
_BEST = re.compile(r"best|max|highest|top(?!_?\d)", re.IGNORECASE)


def from_variables(
    variables: Dict[str, Foreign], metric: str, known: KnownValues, code: str = ""
) -> Iterator[Measurement]:
    """Yield the numbers in variables that are named like *metric* or an accuracy, on the data *known* of their value.

    Where nothing is known of a value, the statement in the author's *code* that assigned it may name the data.
    """
    for position, (name, named, value) in enumerate(_numbers(variables, metric)):
        several = _of_several(name, value, named, known)
        if several is not None:
            yield several
        elif _is_named(name, named) and (known.meaning(value, named) or not _may_count(variables[name], named)):
            found = known.interpret(Measurement(named, value, kind_in(name), "variable " + name, "variable"))
            if found is not None:
                data = first_known((found.data, kind_behind(name, code)))
                yield replace(found, data=data, order=_order(name, data, position))


def _of_several(name: str, value: float, metric: str, known: KnownValues) -> Optional[Measurement]:
    """Return the measurement that *value* is as the mean, or as the best, of a loop's scores."""
    mean = known.meaning(value, metric, exact=True) if _OF_SEVERAL.search(name) else None
    if mean is not None and mean.kind == "averaged":
        return Measurement(metric, value, mean.data, "variable {}, {}".format(name, mean.source), mean.kind)
    best = known.best_of_loop(value, metric) if _BEST.search(name) else None
    if best is None:
        return None
    found = Measurement(metric, value, best.data, "variable {}, {}".format(name, best.source), best.kind, math.inf)
    return best.of(found)


def _is_named(name: str, metric: str) -> bool:
    word = ACCURACY.search(name)
    if metric != "accuracy" or word is None:
        return metric != "accuracy"
    return is_meant(name[: word.start()], word.group()) and not is_spoiled(name[word.end() :])


def _order(name: str, data: DataKind, position: int) -> float:
    preferred = float(len(_PREFERRED) - _PREFERRED.index(name.lower())) if name.lower() in _PREFERRED else 0.0
    return preferred + (_HELD_OUT if data.is_held_out else 0.0) + position / 1e6


def computed(variables: Dict[str, Foreign], script: Path) -> Dict[str, Foreign]:
    """Return the variables without those that the *script* only sets to literals: a target is no measurement."""
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


def _numbers(variables: Dict[str, Foreign], metric: str) -> Iterator[Tuple[str, str, float]]:
    """Yield the name of each variable that may hold a value of *metric*, or else an accuracy, which, and the value."""
    for name, value in list(variables.items()):
        named, number = metric if canonical(name) == metric else "accuracy", as_number(value)
        possible = plausible(named, number) if number is not None else None
        if possible is not None and not name.startswith("__"):
            yield name, named, possible


def _may_count(value: Foreign, metric: str) -> bool:
    """Return whether *value* may be the number of rows that are right: a whole number above 1."""
    whole = isinstance(value, int) or getattr(getattr(value, "dtype", None), "kind", None) in ("i", "u")
    return metric == "accuracy" and whole and bool(value > 1)

"""Measurements that the script left in its variables."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Sequence

from trainprobe.cells import read_code
from trainprobe.foreign import Foreign
from trainprobe.metric import plausible
from trainprobe.names import canonical, data_of, direction_of
from trainprobe.task import Wanted
from trainprobe.trace import Measurement

CLOSE = 1e-6  # float32 results, as Keras returns them
_LITERALS = (ast.Constant, ast.Num) if sys.version_info < (3, 8) else (ast.Constant,)
_PREFERRED = ("test_accuracy", "test_acc", "accuracy", "acc")
_ACCURACY = re.compile(r"(^|_)acc(uracy)?(_|\d|$)", re.IGNORECASE)


def from_variables(
    variables: Dict[str, Foreign], seen: Sequence[Measurement], wanted: Optional[Wanted]
) -> Iterator[Measurement]:
    """Yield numbers kept under a telling name, on the data of the measurement seen that has the same value."""
    for name, number in _numbers(variables, wanted):
        metric = canonical(name) if wanted and canonical(name) == canonical(wanted.name) else "accuracy"
        value = plausible(metric, number)
        if value is not None and (not _may_count(variables[name], metric) or _data(value, metric, seen)):
            data = _data(value, metric, seen) or data_of(name)
            order = float(len(_PREFERRED) - _PREFERRED.index(name.lower())) if name.lower() in _PREFERRED else 0.0
            yield Measurement(metric, value, data, "variable " + name, "variable", order, direction_of(metric))


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


def _numbers(variables: Dict[str, Foreign], wanted: Optional[Wanted]) -> List["tuple[str, float]"]:
    found = []
    for name, value in list(variables.items()):
        number = as_number(value)
        named = wanted is not None and canonical(name) == canonical(wanted.name)
        if number is not None and not name.startswith("__") and (named or _ACCURACY.search(name)):
            found.append((name, number))
    return found


def _may_count(value: Foreign, metric: str) -> bool:
    """Say whether *value* may be the number of rows that are right: one above 1 that is whole."""
    whole = isinstance(value, int) or getattr(getattr(value, "dtype", None), "kind", None) in ("i", "u")
    return metric == "accuracy" and whole and bool(value > 1)


def as_number(value: Foreign) -> Optional[float]:
    """Return a Python, NumPy or tensor scalar as a float; None for everything else."""
    if isinstance(value, bool) or callable(value):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    if getattr(value, "shape", None) == () and hasattr(value, "dtype") and hasattr(value, "__float__"):
        return float(value)
    return None


def _data(value: float, metric: str, seen: Sequence[Measurement]) -> Optional[str]:
    matching = [one for one in seen if one.metric == metric and same_value(value, one.value)]
    return max(matching, key=lambda one: (one.kind == "traced", one.order)).data if matching else None


def same_value(value: float, measured: float) -> bool:
    """Say whether *value* is *measured*, perhaps rounded to 2, 3 or 4 places."""
    return abs(value - measured) < CLOSE or any(
        abs(value - round(measured, places)) < CLOSE / 1000 for places in (2, 3, 4)
    )

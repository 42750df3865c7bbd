"""Which of several places a script comes to, as far as the values of its settings tell."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import read
from services.tweaker.source.script import Script


def reached(script: Script, places: Sequence[cst.Call]) -> list[cst.Call]:
    """Return those of the places that the script may come to: `if name == "sgd": …` is decided by the name's value.

    A place that is come to for certain is the only one, where others are left by `return` before them.
    """
    taken = {id(place): _conditions(script, place) for place in places}
    certain = [place for place in places if taken[id(place)] and all(taken[id(place)])]
    return certain[:1] or [place for place in places if False not in taken[id(place)]]


def _conditions(script: Script, place: cst.CSTNode) -> list[bool | None]:
    """Tell for each condition around a place whether it lets the script come there; None where that is not seen."""
    found: list[bool | None] = []
    inner = place
    for outer in script.above(place):
        if isinstance(outer, cst.FunctionDef | cst.ClassDef):
            break
        if isinstance(outer, cst.If | cst.IfExp) and inner is not outer.test:
            holds = _holds(script, outer.test)
            found.append(None if holds is None else holds is (inner is outer.body))
        inner = outer
    return found


def _holds(script: Script, test: cst.BaseExpression) -> bool | None:
    """Tell whether a comparison of a setting with a text holds; None where that is not seen."""
    comparison = test.comparisons[0] if isinstance(test, cst.Comparison) and len(test.comparisons) == 1 else None
    if comparison is None or not isinstance(comparison.operator, cst.Equal):
        return None
    left, made = _lowered(cst.ensure_type(test, cst.Comparison).left)
    try:
        value, wanted = read(script, left), read(script, comparison.comparator)
    except NotUnderstoodError:
        return None
    return (value.lower() if made and isinstance(value, str) else value) == wanted


def _lowered(node: cst.BaseExpression) -> tuple[cst.BaseExpression, bool]:
    """Return what is made lower-case, and whether it is."""
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value == "lower":
        return node.func.value, True
    return node, False

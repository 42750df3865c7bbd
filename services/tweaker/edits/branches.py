"""Which places of a script are reached, and how often, as far as the values of its settings show."""

from collections.abc import Sequence
from typing import TypeVar

import libcst as cst
import libcst.matchers as m

from services.tweaker.source import NotUnderstoodError, Script, called, read, receiver
from services.tweaker.source.literals import follow
from services.tweaker.source.script import At

Node = TypeVar("Node", bound=cst.CSTNode)
_EQUALITY = m.Comparison(comparisons=[m.ComparisonTarget(operator=m.Equal())])
_TRUTHS = {"True": True, "False": False, "None": False}


def reachable(script: Script, places: Sequence[Node]) -> list[Node]:
    """Return the places that no condition excludes: `if name == "sgd": …` is decided by the name's value."""
    return [place for place in places if False not in _conditions(script, place).values()]


def reached(script: Script, places: Sequence[Node]) -> list[Node]:
    """Return the one place that is certainly reached, since `return` leaves the others out; else all reachable ones."""
    conditions = {place: _conditions(script, place).values() for place in places}
    certain = [place for place in places if conditions[place] and all(conditions[place])]
    return certain[:1] or reachable(script, places)


def surroundings(script: Script, node: cst.CSTNode, start: cst.CSTNode) -> tuple[bool, bool]:
    """Return whether *node* is in a loop, and whether it depends on an unknown condition, that *start* is not in."""
    loops, conditions = cst.For | cst.While | cst.CompFor | cst.ListComp, cst.If | cst.Try | cst.IfExp | cst.Match
    around, known = set(script.above(node)) - set(script.above(start)), _conditions(script, node)
    unsure = (each for each in around if isinstance(each, conditions) and not known.get(each))
    return any(isinstance(each, loops) for each in around), any(unsure)


def _conditions(script: Script, place: cst.CSTNode) -> dict[cst.CSTNode, bool | None]:
    """Return for each condition around a place whether it lets the script get there; None where that is unknown."""
    found: dict[cst.CSTNode, bool | None] = {}
    inner = place
    for outer in script.above(place):
        if isinstance(outer, cst.FunctionDef | cst.ClassDef):
            break
        if isinstance(outer, cst.If | cst.IfExp) and inner is not outer.test:
            holds = _holds(script, outer.test)
            found[outer] = None if holds is None else holds is (inner is outer.body)
        inner = outer
    return found


def _holds(script: Script, test: cst.BaseExpression) -> bool | None:
    """Return whether a setting is true, or the value that it is compared with; None where that is unknown."""
    try:
        if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
            inner = _holds(script, test.expression)
            return None if inner is None else not inner
        return _equals(script, test) if isinstance(test, cst.Comparison) else _is_true(script, test)
    except NotUnderstoodError:
        return None


def _equals(script: Script, test: cst.Comparison) -> bool | None:
    if not m.matches(test, _EQUALITY):
        return None
    lowered = receiver(test.left) if isinstance(test.left, cst.Call) and called(test.left) == "lower" else None
    value = read(script, lowered or test.left)
    return (str(value).lower() if lowered else value) == read(script, test.comparisons[0].comparator)


def _is_true(script: Script, test: cst.BaseExpression) -> bool | None:
    """Return whether a setting that is written down is true."""
    found = follow(At(script, test)).to
    if isinstance(found, At) and isinstance(found.node, cst.Name):
        return _TRUTHS.get(found.node.value)
    return bool(read(script, test))

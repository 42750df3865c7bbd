"""Which places of a script are reached, as far as the values of its settings show."""

from collections.abc import Sequence

import libcst as cst
import libcst.matchers as m

from services.tweaker.source import NotUnderstoodError, Script, called, read, receiver

_EQUALITY = m.Comparison(comparisons=[m.ComparisonTarget(operator=m.Equal())])


def reachable(script: Script, calls: Sequence[cst.Call]) -> list[cst.Call]:
    """Return the calls that no condition excludes: `if name == "sgd": …` is decided by the name's value."""
    return [call for call in calls if False not in _conditions(script, call)]


def reached(script: Script, calls: Sequence[cst.Call]) -> list[cst.Call]:
    """Return the one call that is certainly reached, since `return` leaves the others out; else all reachable ones."""
    conditions = {call: _conditions(script, call) for call in calls}
    certain = [call for call in calls if conditions[call] and all(conditions[call])]
    return certain[:1] or reachable(script, calls)


def _conditions(script: Script, place: cst.CSTNode) -> list[bool | None]:
    """Return for each condition around a place whether it lets the script get there; None where that is unknown."""
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
    """Return whether a comparison of a setting with a value holds; None where that is unknown."""
    if not isinstance(test, cst.Comparison) or not m.matches(test, _EQUALITY):
        return None
    lowered = receiver(test.left) if isinstance(test.left, cst.Call) and called(test.left) == "lower" else None
    try:
        value = read(script, lowered or test.left)
        return (str(value).lower() if lowered else value) == read(script, test.comparisons[0].comparator)
    except NotUnderstoodError:
        return None

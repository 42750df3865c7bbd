"""Settings of estimators as they stand in a script: numbers and texts, but also None, negative numbers and tuples."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.assignments import resolved
from services.tweaker.source.arguments import text_literal
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import read, spelled, write
from services.tweaker.source.rewrite import Changes
from services.tweaker.source.script import Script
from services.tweaker.source.uses import serves_only
from trainyard.trial import Setting

_NONE = m.Name("None")


def read_setting(script: Script, node: cst.BaseExpression) -> Setting:
    """Return the value of a node: as `literals.read`, and None, a tuple or list of whole numbers, and -1."""
    value = _literal(script, node)
    if m.matches(value, _NONE):
        return None
    if isinstance(value, cst.UnaryOperation) and isinstance(value.operator, cst.Minus):
        inner = read(script, value.expression)
        return inner if isinstance(inner, str) else -inner
    if not isinstance(value, cst.Tuple | cst.List):
        return read(script, node)
    numbers = [read(script, each.value) for each in value.elements]
    if not all(isinstance(number, int) for number in numbers):
        raise NotUnderstoodError(f"{script.code(value)} holds more than whole numbers")
    return tuple(number for number in numbers if isinstance(number, int))


def write_setting(script: Script, changes: Changes, node: cst.BaseExpression, setting: Setting) -> None:
    """Make the setting the value of a node that `read_setting` reads, also one of another type."""
    value = _literal(script, node)
    if isinstance(value, cst.Tuple | cst.List) and isinstance(setting, tuple) and len(setting) == len(value.elements):
        for each, number in zip(value.elements, setting, strict=True):
            if read(script, each.value) != number:
                write(script, changes, each.value, number)
    elif value is not node and isinstance(node, cst.Name):
        changes.replaced[value if serves_only(script, node) else node] = as_source(script, setting)
    elif isinstance(setting, int | float | str) and _takes(node, setting):
        write(script, changes, node, setting)
    else:
        changes.replaced[node] = as_source(script, setting)


def as_source(script: Script, setting: Setting) -> cst.BaseExpression:
    """Return a setting as an expression, a text in the author's quotes."""
    if isinstance(setting, str):
        return text_literal(script, setting)
    is_plain = isinstance(setting, int | float) and setting >= 0
    return spelled(setting) if is_plain else cst.parse_expression(repr(setting))  # type: ignore[arg-type]


def _literal(script: Script, node: cst.BaseExpression) -> cst.BaseExpression:
    """Return the None, tuple or list that a name stands for; for all else the node."""
    value = resolved(script, node)
    return value if m.matches(value, _NONE | m.Tuple() | m.List()) else node


def _takes(node: cst.BaseExpression, setting: Setting) -> bool:
    """Return whether `literals.write` can put the setting there: a text in the place of a number would lack quotes."""
    if isinstance(node, cst.Integer | cst.Float):
        return not isinstance(setting, str)
    kept = isinstance(node, cst.SimpleString | cst.Name | cst.Attribute | cst.Subscript)
    return kept and not m.matches(node, _NONE)

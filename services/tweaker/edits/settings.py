"""Settings of estimators as they stand in a script: numbers and texts, but also None, negative numbers and tuples."""

from __future__ import annotations

from typing import TypeGuard

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.assignments import resolved
from services.tweaker.edits.edit import as_int
from services.tweaker.source import Changes, Script, read, spelled, write
from services.tweaker.source.arguments import text_literal
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
    if isinstance(value, cst.Tuple | cst.List):
        return tuple(as_int(read(script, each.value)) for each in value.elements)
    return read(script, node)


def write_setting(script: Script, changes: Changes, node: cst.BaseExpression, setting: Setting) -> None:
    """Make the setting the value of a node that `read_setting` reads, also one of another type."""
    value = _literal(script, node)
    numbers = [each.value for each in value.elements] if isinstance(value, cst.Tuple | cst.List) else []
    if isinstance(setting, tuple) and len(setting) == len(numbers):
        _write_numbers(script, changes, numbers, setting)
    elif value is node and _can_write(setting, node):
        write(script, changes, node, setting)
    else:
        changes.replaced[node if _is_shared(script, node) else value] = as_source(script, setting)


def _write_numbers(script: Script, changes: Changes, nodes: list[cst.BaseExpression], numbers: tuple[int, ...]) -> None:
    for node, number in zip(nodes, numbers, strict=True):
        if read(script, node) != number:
            write(script, changes, node, number)


def _is_shared(script: Script, node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and not serves_only(script, node)


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


def _can_write(setting: Setting, node: cst.BaseExpression) -> TypeGuard[float | str]:
    """Return whether `literals.write` can put the setting there: a text in the place of a number would lack quotes."""
    if isinstance(node, cst.Integer | cst.Float):
        return isinstance(setting, int | float)
    kept = isinstance(node, cst.SimpleString | cst.Name | cst.Attribute | cst.Subscript)
    return kept and isinstance(setting, int | float | str) and not m.matches(node, _NONE)

"""Values of the author's code that can be read and changed: literals, in place or behind a constant."""

from __future__ import annotations

import libcst as cst
from libcst.metadata import Assignment, GlobalScope

from services.tweaker.codemods.errors import NotUnderstoodError
from services.tweaker.codemods.rewrite import Changes
from services.tweaker.codemods.script import Script
from services.tweaker.codemods.uses import serves_only

Value = int | float | str
Literal = cst.Integer | cst.Float | cst.SimpleString


def literal_of(script: Script, node: cst.BaseExpression) -> Literal:
    """Return the literal that decides the value of *node*: itself, or the one its constant is assigned.

    Raises:
        NotUnderstoodError: It is neither a literal nor a name assigned one literal once, at module level.
    """
    if isinstance(node, cst.Integer | cst.Float | cst.SimpleString):
        return node
    if isinstance(node, cst.Name):
        return _constant(script, node)
    raise NotUnderstoodError(f"{script.code(node)} in line {script.line(node)} is worked out, not written down")


def value_of(node: Literal) -> Value:
    """Return the value of a literal."""
    value = node.evaluated_value
    if isinstance(value, bytes):
        raise NotUnderstoodError("bytes are no setting")
    return value


def read(script: Script, node: cst.BaseExpression) -> Value:
    """Return the value that *node* has.

    Raises:
        NotUnderstoodError: It is worked out while the script runs.
    """
    return value_of(literal_of(script, node))


def write(script: Script, changes: Changes, node: cst.BaseExpression, value: Value) -> None:
    """Make *value* the value of *node*, where its literal is written.

    A constant that the script also uses for something else keeps its value: then *value* is written at *node*.

    Raises:
        NotUnderstoodError: As `literal_of`.
    """
    changes.replaced[place_of(script, node)] = spelled(value, like=literal_of(script, node))


def place_of(script: Script, node: cst.BaseExpression) -> cst.BaseExpression:
    """Return what to replace to change *node* and nothing else: its literal, or *node* where its constant is shared.

    Raises:
        NotUnderstoodError: As `literal_of`.
    """
    literal = literal_of(script, node)
    return literal if not isinstance(node, cst.Name) or serves_only(script, node) else node


def spelled(value: Value, like: Literal | None = None) -> cst.BaseExpression:
    """Write a value as Python source, a text in the quotes of *like*."""
    if isinstance(value, str) and isinstance(like, cst.SimpleString):
        return cst.SimpleString(f"{like.quote}{value}{like.quote}")
    if isinstance(value, str):
        return cst.SimpleString(f'"{value}"')
    if isinstance(value, int):
        return cst.Integer(str(value))
    return cst.Float(f"{value:.10f}".rstrip("0").ljust(len("0.0"), "0") if value >= SMALL else f"{value:g}")


SMALL = 1e-5
"""From here on a number is written with its zeros, below it with an exponent."""


def assigned_call(script: Script, name: cst.Name) -> cst.Call | None:
    """Return the call that a name is assigned, if that happens once."""
    value = _assigned(script, name)
    return value if isinstance(value, cst.Call) else None


def _constant(script: Script, name: cst.Name) -> Literal:
    """Find the one literal that a module's constant is assigned."""
    literal = _assigned(script, name)
    only = next(iter(script.scope(name)[name.value]), None)
    if only is None or not isinstance(only.scope, GlobalScope) or literal is None:
        raise NotUnderstoodError(f"{name.value} in line {script.line(name)} is not assigned once, at module level")
    if isinstance(literal, cst.Integer | cst.Float | cst.SimpleString):
        return literal
    raise NotUnderstoodError(f"{name.value} is not assigned a plain value")


def _assigned(script: Script, name: cst.Name) -> cst.BaseExpression | None:
    """Return what a name is assigned, if that happens once and in a plain statement."""
    assignments = list(script.scope(name)[name.value])
    only = assignments[0] if len(assignments) == 1 else None
    holder = script.parent(script.parent(only.node) or only.node) if isinstance(only, Assignment) else None
    return holder.value if isinstance(holder, cst.Assign) and len(holder.targets) == 1 else None

"""Values of the author's code that can be read and changed, wherever they are kept.

A value is followed through names, parameters, options, objects, modules and files to the literal that decides it.
"""

from __future__ import annotations

import libcst as cst
from libcst.metadata import Assignment

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes
from services.tweaker.source.script import Script, argument
from services.tweaker.source.uses import is_kept_for, is_listed_only, is_only_spread, role_of
from services.tweaker.source.values.members import keys_of, member
from services.tweaker.source.values.places import At, InFile, Var
from services.tweaker.source.values.texts import text_of
from services.tweaker.source.values.trace import Literal, convert, follow, held_at, held_in, loop_over, trace

Value = int | float | str


def literal_of(script: Script, node: cst.BaseExpression) -> Literal:
    """Return the literal that decides the value of *node*: itself, or the one that it is followed to.

    It may stand in another script. For a value in a file that is no script it is a node that stands for that place.

    Raises:
        NotUnderstoodError: It is worked out while the script runs, or it is not certain which value it has.
    """
    return trace(script, node).literal


def value_of(node: Literal) -> Value:
    """Return the value of a literal."""
    value = node.evaluated_value
    if isinstance(value, bytes):
        raise NotUnderstoodError("bytes are no setting")
    return value


def read(script: Script, node: cst.BaseExpression) -> Value:
    """Return the value that *node* has, converted as the script does.

    Raises:
        NotUnderstoodError: As `literal_of`.
    """
    found = trace(script, node)
    value = value_of(found.literal)
    for made in found.made:
        value = convert(value, made)
    return value


def write(script: Script, changes: Changes, node: cst.BaseExpression, value: Value) -> None:
    """Make *value* the value of *node*, where its literal is written.

    A value that the author's code also uses for something else stays; then *value* is written where it is meant.

    Raises:
        NotUnderstoodError: As `literal_of`.
    """
    place, literal = place_of(script, node), literal_of(script, node)
    new = spelled(value, like=literal)
    if place is literal and isinstance(literal, cst.SimpleString) and not isinstance(value, str):
        new = cst.SimpleString(f"{literal.quote}{script.code(new)}{literal.quote}")
    changes.replaced[place] = new


def place_of(script: Script, node: cst.BaseExpression) -> cst.BaseExpression:
    """Return what to replace to change *node* and what is meant with it, and nothing else.

    That is its literal; or, where a name or key on the way to it serves something else as well, the last expression
    before that one.

    Raises:
        NotUnderstoodError: As `literal_of`.
    """
    found = trace(script, node)
    role, place = role_of(At(script, node)), node
    for index, hop in enumerate(found.hops):
        if not all(is_kept_for(binding, role) for binding in hop.through):
            return place
        after = found.hops[index + 1].at.node if index + 1 < len(found.hops) else found.literal
        if not hop.converts and isinstance(after, cst.BaseExpression):
            place = after
    return found.literal


def given(script: Script, call: cst.Call, *names: str, position: int | None = None) -> cst.BaseExpression | None:
    """Return what an argument is given by: in the call, or in a dictionary that it spreads with `**`; None if nothing.

    Raises:
        NotUnderstoodError: What is spread is not seen.
    """
    plain = argument(call, *names, position=position)
    if plain is not None:
        return plain.value
    for arg in call.args:
        if arg.star == "*":
            raise NotUnderstoodError(f"what is spread in line {script.line(call)} is not seen")
        for name in names if arg.star == "**" else ():
            found = _spread(At(script, arg.value), name, call)
            if found is not None:
                return found
    return None


def _spread(at: At, name: str, call: cst.Call) -> Literal | None:
    """Return the literal under a key of a dictionary that is spread over a call's arguments, if it has the key."""
    step = follow(at)
    if name not in keys_of(step.to):
        return None
    if not all(is_only_spread(binding, name, call) for binding in step.through):
        raise NotUnderstoodError(f"{name} in {at} serves more than this")
    found = member(step.to, name, follow).to
    if isinstance(found, InFile):
        return held_at(found)
    if not isinstance(found, At) or not isinstance(found.node, cst.BaseExpression):
        raise NotUnderstoodError(f"{name} in {at} is not written down")
    return literal_of(found.script, found.node)


def elements(script: Script, node: cst.BaseExpression) -> list[Literal]:
    """Return the literals of the list or tuple that *node* is, or that the loop around it goes through.

    Each can be given to `write`. `for units in [8, 8]: model.add(Dense(units))` gives both for `units`.

    Raises:
        NotUnderstoodError: The list is not written down, or what it holds also serves something else.
    """
    at = At(script, node)
    looped = loop_over(at)
    if looped is not None and isinstance(node, cst.Name):
        given = Var(script, node.value, script.scope(node))
        if not is_kept_for(given, role_of(at)):
            raise NotUnderstoodError(f"{node.value} in line {script.line(node)} serves more than this")
    step = follow(looped or at)
    if isinstance(step.to, InFile):
        return held_in(step.to)
    if not isinstance(step.to.node, cst.List | cst.Tuple):
        raise NotUnderstoodError(f"{script.code(node)} in line {script.line(node)} comes from no list that is seen")
    if not all(is_listed_only(binding, looped or at) for binding in step.through):
        raise NotUnderstoodError(
            f"the list behind {script.code(node)} in line {script.line(node)} serves more than this"
        )
    return [literal_of(step.to.script, element.value) for element in step.to.node.elements]


def spelled(value: Value, like: Literal | None = None) -> cst.BaseExpression:
    """Write a value as Python source, a text in the quotes of *like*."""
    if isinstance(value, str) and isinstance(like, cst.SimpleString):
        return cst.SimpleString(f"{like.quote}{value}{like.quote}")
    if isinstance(value, str):
        return cst.SimpleString(f'"{value}"')
    if isinstance(value, int):
        return cst.Integer(str(value))
    return cst.Float(text_of(value))


def assigned_call(script: Script, name: cst.Name) -> cst.Call | None:
    """Return the call that a name is assigned, if that happens once."""
    value = _assigned(script, name)
    return value if isinstance(value, cst.Call) else None


def _assigned(script: Script, name: cst.Name) -> cst.BaseExpression | None:
    """Return what a name is assigned, if that happens once and in a plain statement."""
    assignments = list(script.scope(name)[name.value])
    only = assignments[0] if len(assignments) == 1 else None
    holder = script.parent(script.parent(only.node) or only.node) if isinstance(only, Assignment) else None
    return holder.value if isinstance(holder, cst.Assign) and len(holder.targets) == 1 else None

"""Values of the author's code that can be read and changed, wherever they are kept.

A value is followed through names, parameters, options, objects, modules and files to the literal that decides it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes
from services.tweaker.source.script import (
    At,
    InFile,
    Literal,
    Script,
    Spot,
    Step,
    argument,
    called,
    receiver,
)
from services.tweaker.source.uses import is_kept_for, is_listed_only, is_only_spread, role_of
from services.tweaker.source.values import command_line, files, formats, functions, names
from services.tweaker.source.values.members import key_of, keys_of, member, subscript_key
from trainyard_analysis.vocabulary import AS_DICT, GETTERS

Value = int | float | str

_CONVERSIONS: Mapping[str, type[Value]] = {**command_line.CONVERSIONS, "round": int}
_GETTER_CONVERSIONS: Mapping[str, type[Value]] = {"getint": int, "getfloat": float}
LONGEST = 40
"""More steps than this are a circle."""


@dataclass(frozen=True)
class Trace:
    """The way of a value, from its use to where it is written; in a file that is no script, a node stands for that."""

    steps: tuple[Step, ...]
    literal: Literal


def read(script: Script, node: cst.BaseExpression) -> Value:
    """Return the value that *node* has, converted as the script does."""
    found = trace(script, node)
    value = found.literal.evaluated_value
    if isinstance(value, bytes):
        raise NotUnderstoodError("a setting cannot be bytes")
    for conversion in (step.conversion for step in reversed(found.steps)):
        value = _converted(value, conversion)
    return value


def write(script: Script, changes: Changes, node: cst.BaseExpression, value: Value) -> None:
    """Make *value* the value of *node*, where its literal is written.

    A value that the author's code also uses for something else stays; then *value* is written where it is meant.
    """
    place, literal = place_of(script, node), literal_of(script, node)
    new = as_code(value, like=literal)
    if place is literal and isinstance(literal, cst.SimpleString) and not isinstance(value, str):
        new = cst.SimpleString(f"{literal.quote}{script.code(new)}{literal.quote}")
    changes.replaced[place] = new


def literal_of(script: Script, node: cst.BaseExpression) -> Literal:
    """Return the literal that decides the value of *node*: itself, or the one that it is followed to.

    It may stand in another script. For a value in a file that is no script it is a node that stands for that place.
    """
    return trace(script, node).literal


def place_of(script: Script, node: cst.BaseExpression) -> cst.BaseExpression:
    """Return what to replace to change *node* and what is meant with it, and nothing else.

    That is its literal; or, where a name or key on the way to it serves something else as well, the last expression
    before that one.
    """
    found = trace(script, node)
    role, place = role_of(At(script, node)), node
    for step in found.steps:
        if not all(is_kept_for(binding, role) for binding in step.through):
            return place
        after = step.to.node if isinstance(step.to, At) else found.literal
        is_conversion = step.conversion is not None and not step.through
        if isinstance(after, cst.BaseExpression) and not is_conversion:
            place = after
    return found.literal


def given(script: Script, call: cst.Call, *names: str, position: int | None = None) -> cst.BaseExpression | None:
    """Return what gives an argument its value: in the call, or in a dictionary that it spreads with `**`."""
    plain = argument(call, *names, position=position)
    if plain is not None:
        return plain
    for arg in call.args:
        if arg.star == "*":
            raise NotUnderstoodError(f"the arguments in line {script.line(call)} are spread with *")
        for name in names if arg.star == "**" else ():
            found = _spread(At(script, arg.value), name, call)
            if found is not None:
                return found
    return None


def elements(script: Script, node: cst.BaseExpression) -> list[Literal]:
    """Return the literals of the list or tuple that *node* is, or that the loop around it goes through.

    Each can be given to `write`. `for units in [8, 8]: model.add(Dense(units))` gives both for `units`.
    """
    start = _listed(At(script, node))
    step = follow(start)
    spot = step.to
    if isinstance(spot, InFile):
        listed = formats.part_at(spot.kind, spot.content, spot.path)
        if not isinstance(listed, list):
            raise NotUnderstoodError(f"{spot} is not a list")
        return [literal_in_file(spot.inner(index)) for index in range(len(listed))]
    if not isinstance(spot.node, cst.List | cst.Tuple):
        raise NotUnderstoodError(f"{At(script, node)} does not come from a literal list")
    if not all(is_listed_only(binding, start) for binding in step.through):
        raise NotUnderstoodError(f"the list behind {At(script, node)} is also used for something else")
    return [literal_of(spot.script, element.value) for element in spot.node.elements]


def _listed(at: At) -> At:
    """Return what the loop around a name goes through that gives the name its values; else the expression itself."""
    iterated = names.iterated(at, at.node.value) if isinstance(at.node, cst.Name) else None
    if iterated is None or not isinstance(at.node, cst.Name):
        return at
    variable = names.variable(at.script, at.node.value, at.script.scope(at.node))
    if not is_kept_for(variable, role_of(at)):
        raise NotUnderstoodError(f"{at} is also used for something else")
    return iterated


def as_code(value: Value, like: Literal | None = None) -> cst.BaseExpression:
    """Return a value as Python source, a text in the quotes of *like*."""
    if isinstance(value, str):
        quote = like.quote if isinstance(like, cst.SimpleString) else '"'
        return cst.SimpleString(f"{quote}{value}{quote}")
    return cst.Integer(str(value)) if isinstance(value, int) else cst.Float(formats.text_of(value))


def trace(script: Script, node: cst.BaseExpression) -> Trace:
    """Follow *node* to its literal."""
    return _trace(At(script, node))


def _trace(start: Spot) -> Trace:
    steps = _steps(start)
    spot = steps[-1].to if steps else start
    if isinstance(spot, InFile):
        conversions = [step.conversion for step in steps if step.conversion is not None]
        return Trace(steps, literal_in_file(spot, *conversions[-1:]))
    if isinstance(spot.node, cst.Attribute):
        raise NotUnderstoodError(f"{spot} comes from outside the code")
    if not isinstance(spot.node, Literal):
        raise NotUnderstoodError(f"{spot} is computed, not a literal")
    return Trace(steps, spot.node)


def follow(at: At) -> Step:
    """Follow an expression to its end: a literal, an object, a file; what is passed stands for the whole of it."""
    steps = _steps(at)
    through = tuple(replace(each, whole=True) for step in steps for each in step.through)
    return Step(steps[-1].to if steps else at, through)


def _steps(spot: Spot) -> tuple[Step, ...]:
    steps: list[Step] = []
    while isinstance(spot, At) and (step := _next_step(spot)) is not None:
        if len(steps) == LONGEST:
            raise NotUnderstoodError(f"{spot} leads in a circle")
        steps.append(step)
        spot = step.to
    return tuple(steps)


def literal_in_file(spot: InFile, conversion: type[Value] | None = None) -> Literal:
    """Return the node that stands for a place in a file, always the same for one place."""
    known = spot.script.file_literals
    if (spot, conversion) not in known:
        value = formats.value_at(spot.kind, spot.content, spot.path)
        known[spot, conversion] = _literal(_converted(value, conversion))
    return known[spot, conversion]


def _spread(at: At, name: str, call: cst.Call) -> Literal | None:
    """Return the literal under a key of a dictionary that is spread over a call's arguments, if it has the key."""
    step = follow(at)
    if name not in keys_of(step.to):
        return None
    if not all(is_only_spread(binding, name, call) for binding in step.through):
        raise NotUnderstoodError(f"{name} in {at} is also used for something else")
    return _trace(member(step.to, name, follow).to).literal


def _converted(value: Value, conversion: type[Value] | None) -> Value:
    if conversion is None:
        return value
    try:
        return conversion(value)
    except (ValueError, OverflowError) as error:
        raise NotUnderstoodError(f"{value!r} cannot be converted to {conversion.__name__}") from error


def _literal(value: Value) -> Literal:
    if isinstance(value, str):
        return cst.SimpleString(repr(value))
    if value < 0:
        raise NotUnderstoodError(f"{value} is negative")
    return cst.Integer(str(value)) if isinstance(value, int) else cst.Float(repr(float(value)))


def _next_step(at: At) -> Step | None:
    """Return where the value of an expression is found next; None for a literal, an object, or what is computed."""
    find = _STEPS.get(type(at.node))
    return find(at, at.node) if find is not None else None


def _of_attribute(at: At, node: cst.Attribute) -> Step | None:
    """Follow `x.key`; None for what a package of somebody else has."""
    return None if names.is_foreign(at.script, node) else _part(follow(at.to(node.value)), node.attr.value)


def _of_subscript(at: At, node: cst.Subscript) -> Step:
    """Follow `x["key"]`, `x[0]` and `x[name]`; `parser.parse_known_args()[0]` is what was parsed."""
    key = subscript_key(node) or _named_key(at, node)
    if key is None:
        raise NotUnderstoodError(f"{at} is computed, not a literal")
    if key == 0 and command_line.is_parsed(node.value):
        return Step(at.to(node.value))
    return _part(follow(at.to(node.value)), key)


def _named_key(at: At, node: cst.Subscript) -> str | None:
    """Return the text that the name of a key stands for."""
    only = node.slice[0].slice
    named = isinstance(only, cst.Index) and isinstance(only.value, cst.Name) and len(node.slice) == 1
    key = read(at.script, only.value) if named and isinstance(only, cst.Index) else None
    return key if isinstance(key, str) else None


def _of_call(at: At, call: cst.Call) -> Step | None:
    """Follow a call that gives what is written elsewhere; None for one that makes something."""
    ways = (_of_conversion, command_line.from_environment, _of_file, _of_getter, functions.follow_return)
    return next((step for follow_way in ways if (step := follow_way(at, call)) is not None), None)


def _of_conversion(at: At, call: cst.Call) -> Step | None:
    """Follow `int(…)`, `vars(…)`, `….strip()`."""
    name = called(call)
    if isinstance(call.func, cst.Attribute):
        return Step(at.to(call.func.value)) if name == "strip" else None
    if name not in AS_DICT | set(_CONVERSIONS) or len(call.args) != 1:
        return None
    return Step(at.to(call.args[0].value), (), _CONVERSIONS.get(name))


def _of_file(at: At, node: cst.Call | cst.DictComp) -> Step | None:
    file = files.file_read(at, node, _next_step)
    return Step(file) if file is not None else None


def _of_getter(at: At, call: cst.Call) -> Step | None:
    """Follow `config.get("key", …)`, `getattr(config, "key", …)`, `parser.getint("section", "key")`."""
    method, owner = called(call), receiver(call)
    if method not in GETTERS or not call.args or (owner is None) != (method == "getattr"):
        return None
    keys = [key_of(arg.value) for arg in call.args if arg.keyword is None]
    step = _item(at, owner, keys) if owner is not None else _item(at, call.args[0].value, keys[1:])
    return replace(step, conversion=_GETTER_CONVERSIONS.get(method, step.conversion))


def _item(at: At, owner: cst.BaseExpression, keys: Sequence[str | int | None]) -> Step:
    """Step into the part of an object under the first of the keys; in an INI file, under the first two."""
    first, second = (*keys, None, None)[:2]
    if first is None:
        raise NotUnderstoodError(f"{at} is computed, not a literal")
    step = _part(follow(at.to(owner)), first)
    return _part(step, "" if second is None else second) if _is_section(step.to) and len(keys) > 1 else step


def _part(base: Step, key: str | int) -> Step:
    """Step into a part of an object; keys of INI files are in small letters."""
    small = _is_section(base.to) and isinstance(key, str)
    return member(base.to, str(key).lower() if small else key, follow).after(*base.through)


def _is_section(spot: Spot) -> bool:
    return isinstance(spot, InFile) and spot.kind == "ini" and len(spot.path) == 1


_STEPS: Mapping[type[cst.CSTNode], Callable[..., Step | None]] = {
    cst.Name: names.follow_name,
    cst.Param: functions.follow_param,
    cst.Attribute: _of_attribute,
    cst.Subscript: _of_subscript,
    cst.Call: _of_call,
    cst.IfExp: command_line.without_arguments,
    cst.BooleanOperation: command_line.without_environment,
    cst.DictComp: _of_file,
}

"""Values of the author's code that can be read and changed, wherever they are kept.

A value is followed through names, parameters, options, objects, modules and files to the literal that decides it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import libcst as cst

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes
from services.tweaker.source.script import At, Conversion, InFile, Literal, Script, argument, called
from services.tweaker.source.uses import is_kept_for, is_listed_only, is_only_spread, role_of
from services.tweaker.source.values import command_line, files, formats, functions, names
from services.tweaker.source.values.members import key_of, keys_of, member, subscript_key
from services.tweaker.source.values.steps import Binding, Spot, Step, Var
from trainyard_analysis.vocabulary import AS_DICT, GETTERS

Value = int | float | str

_CONVERSIONS: Mapping[str, Conversion] = {"int": int, "float": float, "str": str, "round": int}
_GETTER_CONVERSIONS: Mapping[str, Conversion] = {"getint": int, "getfloat": float}
LONGEST = 40
"""More steps than this are a circle."""


@dataclass(frozen=True)
class Hop:
    """One expression on the way of a value, and the names and keys that lead on from it; or it is only a conversion."""

    at: At
    through: tuple[Binding, ...]
    converts: bool = False


@dataclass(frozen=True)
class Trace:
    """The way of a value.

    Attributes:
        hops: From the use on.
        literal: Where it is written; for a file that is no script, a node that stands for the place.
        conversions: Those on the way, the innermost first.
    """

    hops: tuple[Hop, ...]
    literal: Literal
    conversions: tuple[Conversion, ...]


def read(script: Script, node: cst.BaseExpression) -> Value:
    """Return the value that *node* has, converted as the script does."""
    found = trace(script, node)
    value = found.literal.evaluated_value
    if isinstance(value, bytes):
        raise NotUnderstoodError("bytes are no setting")
    for conversion in found.conversions:
        value = _convert(value, conversion)
    return value


def write(script: Script, changes: Changes, node: cst.BaseExpression, value: Value) -> None:
    """Make *value* the value of *node*, where its literal is written.

    A value that the author's code also uses for something else stays; then *value* is written where it is meant.
    """
    place, literal = place_of(script, node), literal_of(script, node)
    new = spelled(value, like=literal)
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
    for index, hop in enumerate(found.hops):
        if not all(is_kept_for(binding, role) for binding in hop.through):
            return place
        after = found.hops[index + 1].at.node if index + 1 < len(found.hops) else found.literal
        if not hop.converts and isinstance(after, cst.BaseExpression):
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
    at, what = At(script, node), f"{script.code(node)} in line {script.line(node)}"
    iterated = names.iterated(at, node.value) if isinstance(node, cst.Name) else None
    if iterated is not None and isinstance(node, cst.Name):
        if not is_kept_for(Var(script, node.value, script.scope(node)), role_of(at)):
            raise NotUnderstoodError(f"{what} is also used for something else")
        at = iterated
    step = follow(at)
    spot = step.to
    if isinstance(spot, InFile):
        count = formats.length_at(spot.kind, spot.script.files[spot.file], spot.path)
        return [held_at(spot.inner(index)) for index in range(count)]
    if not isinstance(spot.node, cst.List | cst.Tuple):
        raise NotUnderstoodError(f"{what} does not come from a list that is written down")
    if not all(is_listed_only(binding, at) for binding in step.through):
        raise NotUnderstoodError(f"the list behind {what} is also used for something else")
    return [literal_of(spot.script, element.value) for element in spot.node.elements]


def spelled(value: Value, like: Literal | None = None) -> cst.BaseExpression:
    """Return a value as Python source, a text in the quotes of *like*."""
    if isinstance(value, str):
        quote = like.quote if isinstance(like, cst.SimpleString) else '"'
        return cst.SimpleString(f"{quote}{value}{quote}")
    return cst.Integer(str(value)) if isinstance(value, int) else cst.Float(formats.text_of(value))


def trace(script: Script, node: cst.BaseExpression) -> Trace:
    """Follow *node* to its literal."""
    spot: Spot = At(script, node)
    hops, conversions = list[Hop](), list[Conversion]()
    for _ in range(LONGEST):
        if isinstance(spot, InFile):
            return Trace(tuple(hops), held_at(spot, *conversions[-1:]), tuple(reversed(conversions)))
        if isinstance(spot.node, Literal):
            return Trace(tuple(hops), spot.node, tuple(reversed(conversions)))
        step = _next_step(spot)
        if step is None:
            break
        hops.append(Hop(spot, step.through, converts=step.conversion is not None and not step.through))
        conversions += [step.conversion] if step.conversion is not None else []
        spot = step.to
    raise NotUnderstoodError(f"{spot if isinstance(spot, At) else spot.file} is computed, not written down")


def follow(at: At) -> Step:
    """Follow an expression to its end: a literal, an object, a file; what is passed stands for the whole of it."""
    spot: Spot = at
    through: list[Binding] = []
    for _ in range(LONGEST):
        step = _next_step(spot) if isinstance(spot, At) else None
        if step is None:
            return Step(spot, tuple(through))
        through += [replace(each, whole=True) for each in step.through]
        spot = step.to
    raise NotUnderstoodError(f"{at} leads in a circle")


def held_at(spot: InFile, conversion: Conversion | None = None) -> Literal:
    """Return the node that stands for a place in a file, always the same for one place."""
    held = spot.script.held
    if (spot, conversion) not in held:
        value = formats.value_at(spot.kind, spot.script.files[spot.file], spot.path)
        held[spot, conversion] = _node(value if conversion is None else _convert(value, conversion))
    return held[spot, conversion]


def _spread(at: At, name: str, call: cst.Call) -> Literal | None:
    """Return the literal under a key of a dictionary that is spread over a call's arguments, if it has the key."""
    step = follow(at)
    if name not in keys_of(step.to):
        return None
    if not all(is_only_spread(binding, name, call) for binding in step.through):
        raise NotUnderstoodError(f"{name} in {at} is also used for something else")
    found = member(step.to, name, follow).to
    if isinstance(found, InFile):
        return held_at(found)
    if not isinstance(found.node, cst.BaseExpression):
        raise NotUnderstoodError(f"{name} in {at} is not written down")
    return literal_of(found.script, found.node)


def _convert(value: Value, conversion: Conversion) -> Value:
    try:
        return conversion(value)
    except (ValueError, OverflowError) as error:
        raise NotUnderstoodError(f"{value!r} cannot be converted to {conversion.__name__}") from error


def _node(value: Value) -> Literal:
    if isinstance(value, str):
        return cst.SimpleString(repr(value))
    if value < 0:
        raise NotUnderstoodError(f"{value} is negative")
    return cst.Integer(str(value)) if isinstance(value, int) else cst.Float(repr(float(value)))


def _next_step(at: At) -> Step | None:
    """Return where the value of an expression is found next; None for a literal, an object, or what is computed."""
    find = _STEPS.get(type(at.node))
    return find(at, at.node) if find is not None else None


def _of_attribute(at: At, node: cst.Attribute) -> Step:
    return _part(follow(at.to(node.value)), node.attr.value)


def _of_subscript(at: At, node: cst.Subscript) -> Step:
    """Follow `x["key"]` and `x[0]`; `parser.parse_known_args()[0]` is what was parsed."""
    key = subscript_key(node)
    if key is None:
        raise NotUnderstoodError(f"{at} is computed, not written down")
    if key == 0 and command_line.is_parsed(node.value):
        return Step(at.to(node.value))
    return _part(follow(at.to(node.value)), key)


def _of_call(at: At, call: cst.Call) -> Step | None:
    """Follow a call that gives what is written elsewhere; None for one that makes something."""
    for find in (_of_conversion, command_line.from_environment, _of_file, _of_getter, functions.follow_return):
        step = find(at, call)
        if step is not None:
            return step
    return None


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
    method = called(call)
    if method not in GETTERS or not call.args or isinstance(call.func, cst.Name) != (method == "getattr"):
        return None
    keys = [key_of(arg.value) for arg in call.args if arg.keyword is None]
    if isinstance(call.func, cst.Attribute):
        base = follow(at.to(call.func.value))
    else:
        base, keys = follow(at.to(call.args[0].value)), keys[1:]
    if not keys or keys[0] is None:
        raise NotUnderstoodError(f"{at} is computed, not written down")
    step = _part(base, keys[0])
    if _is_section(step.to) and len(keys) > 1:
        step = _part(step, keys[1] if keys[1] is not None else "")
    return replace(step, conversion=_GETTER_CONVERSIONS.get(method, step.conversion))


def _part(base: Step, key: str | int) -> Step:
    """Step into a part of an object; keys of INI files are in small letters."""
    small = _is_section(base.to) and isinstance(key, str)
    return member(base.to, str(key).lower() if small else key, follow).after(*base.through)


def _is_section(spot: Spot) -> bool:
    """Return whether a place is a section of an INI file."""
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

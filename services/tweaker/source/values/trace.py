"""Follow a value from where it is used to the literal that decides it, and note what lies between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import libcst as cst
import libcst.matchers as m

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import Held, Script, argument
from services.tweaker.source.values import command_line, formats, functions, names, readers
from services.tweaker.source.values.members import key_of, member, subscript_key
from services.tweaker.source.values.places import At, Binding, InFile, Key, Made, Spot, Step, Var
from trainyard_analysis.vocabulary import AS_DICT

Literal = cst.Integer | cst.Float | cst.SimpleString

CONVERSIONS: Mapping[str, Made] = {"int": int, "float": float, "str": str, "round": int}
GETTERS: Mapping[str, Made | None] = {
    "get": None,
    "getint": int,
    "getfloat": float,
    "getattr": None,
}
LONGEST = 40
"""More steps than this are a circle."""


@dataclass(frozen=True)
class Hop:
    """One expression on the way, and the names and keys that lead on from it; or it only converts what it holds."""

    at: At
    through: tuple[Binding, ...]
    converts: bool = False


@dataclass(frozen=True)
class Trace:
    """The way of a value.

    Attributes:
        hops: From the use on.
        literal: Where it is written; for a file that is no script, a node that stands for the place.
        made: The conversions on the way, the innermost first.
    """

    hops: tuple[Hop, ...]
    literal: Literal
    made: tuple[Made, ...]


def trace(script: Script, node: cst.BaseExpression) -> Trace:
    """Follow *node* to its literal.

    Raises:
        NotUnderstoodError: It is worked out, or it is not certain which value it has.
    """
    spot: Spot = At(script, node)
    hops, made = list[Hop](), list[Made]()
    for _ in range(LONGEST):
        if isinstance(spot, InFile):
            return Trace(tuple(hops), held_at(spot, made[-1] if made else None), tuple(reversed(made)))
        if isinstance(spot.node, Literal):
            return Trace(tuple(hops), spot.node, tuple(reversed(made)))
        step = next_step(spot)
        if step is None:
            break
        hops.append(Hop(spot, step.through, converts=step.made is not None and not step.through))
        made += [step.made] if step.made is not None else []
        spot = step.to
    raise NotUnderstoodError(f"{_shown(spot)} is worked out, not written down")


def follow(at: At) -> Step:
    """Follow an expression to its end: a literal, an object, a file; what is passed stands for the whole of it."""
    spot: Spot = at
    through: list[Binding] = []
    for _ in range(LONGEST):
        step = next_step(spot) if isinstance(spot, At) else None
        if step is None:
            return Step(spot, tuple(through))
        through += [_as_whole(each) for each in step.through]
        spot = step.to
    raise NotUnderstoodError(f"{at} leads in a circle")


def next_step(at: At) -> Step | None:
    """Return where the value of an expression is found next; None for a literal, an object, or what is worked out."""
    for kind, found in _KINDS.items():
        if isinstance(at.node, kind):
            return found(at)
    return None


def _of_name(at: At) -> Step | None:
    return names.follow_name(at, at.node.value) if isinstance(at.node, cst.Name) else None


def _of_param(at: At) -> Step | None:
    """Follow a parameter; that of a method's object is its class."""
    owner = next((each for each in at.script.above(at.node) if isinstance(each, cst.FunctionDef)), None)
    block = at.script.parent(owner) if owner is not None else None
    around = at.script.parent(block) if block is not None else None
    if owner is not None and isinstance(around, cst.ClassDef) and owner.params.params[:1] == (at.node,):
        return Step(at.to(around))
    return functions.follow_param(at)


def _of_attribute(at: At) -> Step | None:
    if not isinstance(at.node, cst.Attribute):
        return None
    base = follow(at.to(at.node.value))
    return _part(base, at.node.attr.value)


def _of_subscript(at: At) -> Step | None:
    """Follow `x["key"]` and `x[0]`; `parser.parse_known_args()[0]` is what was parsed."""
    if not isinstance(at.node, cst.Subscript):
        return None
    key = subscript_key(at.node)
    if key == 0 and command_line.is_parsed(at.node.value):
        return Step(at.to(at.node.value))
    if key is None:
        raise NotUnderstoodError(f"{at} is worked out, not written down")
    return _part(follow(at.to(at.node.value)), key)


def _of_call(at: At) -> Step | None:
    """Follow a call that gives what is written elsewhere; None for one that makes something."""
    for found in (_of_conversion, command_line.from_environment, _of_file, _of_getter):
        step = found(at)
        if step is not None:
            return step
    return functions.follow_return(at)


def _of_conversion(at: At) -> Step | None:
    """Follow `int(…)`, `vars(…)`, `….strip()`."""
    call = at.node
    if not isinstance(call, cst.Call):
        return None
    name = call.func.value if isinstance(call.func, cst.Name) else ""
    if name in {*CONVERSIONS, *AS_DICT} and len(call.args) == 1:
        return Step(at.to(call.args[0].value), (), CONVERSIONS.get(name))
    stripped = isinstance(call.func, cst.Attribute) and call.func.attr.value == "strip"
    return Step(at.to(call.func.value)) if isinstance(call.func, cst.Attribute) and stripped else None


def _of_getter(at: At) -> Step | None:
    """Follow `config.get("key", …)`, `getattr(config, "key", …)`, `parser.getint("section", "key")`."""
    call = at.node
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Name | cst.Attribute):
        return None
    method = call.func.attr.value if isinstance(call.func, cst.Attribute) else call.func.value
    if method not in GETTERS or not call.args or isinstance(call.func, cst.Name) != (method == "getattr"):
        return None
    keys = [key_of(arg.value) for arg in call.args if arg.keyword is None]
    base = follow(at.to(call.func.value if isinstance(call.func, cst.Attribute) else call.args[0].value))
    keys = keys[1:] if method == "getattr" else keys
    if not keys or keys[0] is None:
        raise NotUnderstoodError(f"{at} is worked out, not written down")
    step = _part(base, keys[0])
    section = step.to
    if isinstance(section, InFile) and section.kind == "ini" and len(section.path) == 1 and len(keys) > 1:
        inner = _part(Step(step.to), keys[1] if keys[1] is not None else "")
        step = Step(inner.to, (*step.through, *inner.through))
    return Step(step.to, step.through, GETTERS[method] or step.made)


def _of_choice(at: At) -> Step | None:
    return command_line.without_arguments(at)


def _of_file(at: At) -> Step | None:
    file = readers.file_read(at, next_step)
    return Step(file) if file is not None else None


def _part(base: Step, key: str | int) -> Step:
    """Step into a part of an object; keys of INI files are in small letters."""
    spot = base.to
    small = isinstance(spot, InFile) and spot.kind == "ini" and len(spot.path) == 1 and isinstance(key, str)
    step = member(spot, str(key).lower() if small else key, follow)
    return Step(step.to, (*base.through, *step.through), step.made)


def held_at(spot: InFile, made: Made | None = None) -> Literal:
    """Return the node that stands for a place in a file, always the same for one place."""
    key = Held(spot.file, spot.kind, spot.path, made.__name__ if made is not None else "")
    if key not in spot.script.held:
        value = formats.value_at(spot.kind, spot.script.files[spot.file], spot.path)
        spot.script.held[key] = _node(value if made is None else convert(value, made))
    return spot.script.held[key]


def held_in(spot: InFile) -> list[Literal]:
    """Return the nodes that stand for the elements of a list in a file."""
    count = formats.length_at(spot.kind, spot.script.files[spot.file], spot.path)
    return [held_at(InFile(spot.script, spot.file, spot.kind, (*spot.path, index))) for index in range(count)]


def convert(value: float | str, made: Made) -> int | float | str:
    """Convert as the script does.

    Raises:
        NotUnderstoodError: It cannot.
    """
    try:
        return made(value)
    except (ValueError, OverflowError) as error:
        raise NotUnderstoodError(f"{value!r} is no {made.__name__}") from error


def _node(value: float | str) -> Literal:
    if isinstance(value, str):
        return cst.SimpleString(repr(value))
    if value < 0:
        raise NotUnderstoodError(f"{value} is negative")
    return cst.Integer(str(value)) if isinstance(value, int) else cst.Float(repr(float(value)))


def _as_whole(binding: Binding) -> Binding:
    if isinstance(binding, Var):
        return Var(binding.script, binding.name, binding.scope, whole=True)
    return Key(binding.script, binding.name, whole=True)


def _shown(spot: Spot) -> str:
    return str(spot) if isinstance(spot, At) else spot.file


def loop_over(at: At) -> At | None:
    """Return what the loop goes through that gives a name its values: `for units in …`, also with `enumerate`."""
    if not isinstance(at.node, cst.Name):
        return None
    for outer in at.script.above(at.node):
        if isinstance(outer, cst.For | cst.CompFor):
            found = _of_loop(outer, at.node.value)
            if found is not None:
                return at.to(found)
        if isinstance(outer, cst.ListComp | cst.GeneratorExp):
            found = _of_loop(outer.for_in, at.node.value)
            if found is not None:
                return at.to(found)
    return None


def _of_loop(loop: cst.For | cst.CompFor, name: str) -> cst.BaseExpression | None:
    counted = m.Tuple(elements=[m.Element(), m.Element(m.Name(name))])
    if m.matches(loop.target, m.Name(name)):
        return loop.iter
    if m.matches(loop.target, counted) and isinstance(loop.iter, cst.Call):
        inner = argument(loop.iter, "iterable", position=0)
        return inner.value if inner is not None and m.matches(loop.iter.func, m.Name("enumerate")) else None
    return None


_KINDS: Mapping[type[cst.CSTNode], Callable[[At], Step | None]] = {
    cst.Name: _of_name,
    cst.Param: _of_param,
    cst.Attribute: _of_attribute,
    cst.Subscript: _of_subscript,
    cst.Call: _of_call,
    cst.IfExp: _of_choice,
    cst.BooleanOperation: _of_choice,
    cst.DictComp: _of_file,
}

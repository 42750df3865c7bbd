"""Parts of objects: a key of a dictionary, an attribute of a class or of its instance, an option, a place in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import libcst as cst
import libcst.matchers as m

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import At, InFile, Script, argument, called
from services.tweaker.source.values import command_line, files, formats, functions, names
from services.tweaker.source.values.steps import Follow, Key, Spot, Step
from trainyard_analysis.vocabulary import OBJECTS

_SETTERS = frozenset({"update", "setdefault", "setattr", "set", "_replace", "replace", "pop", "put"})
_ON_SELF = m.Attribute(value=m.Name("self"))


def member(owner: Spot, key: str | int, follow: Follow) -> Step:
    """Return where a part of an object is written.

    Args:
        owner: The object.
        key: The key, attribute or position.
        follow: Follows an expression to its end.
    """
    if isinstance(owner, InFile):
        step = Step(owner.inner(key))
    else:
        find = next((find for kind, find in _KINDS.items() if isinstance(owner.node, kind)), None)
        if find is None:
            raise NotUnderstoodError(f"{owner} is an object of an unknown kind")
        step = find(owner, owner.node, key, follow)
    if isinstance(key, int):
        return step
    _check_set_once(owner.script, key, step.to)
    return Step(step.to, (*step.through, Key(owner.script, key)), step.conversion)


def keys_of(owner: Spot) -> frozenset[str]:
    """Return the keys of a dictionary that is written down, or of a table in a file."""
    if isinstance(owner, InFile):
        return formats.keys_at(owner.kind, owner.script.files[owner.file], owner.path)
    node = owner.node
    if called(node) == "dict" and isinstance(node, cst.Call) and all(arg.keyword for arg in node.args):
        return frozenset(arg.keyword.value for arg in node.args if arg.keyword is not None)
    if not isinstance(node, cst.Dict) or any(isinstance(each, cst.StarredDictElement) for each in node.elements):
        raise NotUnderstoodError(f"{owner} is not a dictionary whose keys are all written down")
    return frozenset(str(key_of(each.key)) for each in node.elements if isinstance(each, cst.DictElement))


def key_of(node: cst.BaseExpression) -> str | int | None:
    """Return the text or number of a key that is written down."""
    if isinstance(node, cst.SimpleString):
        return str(node.evaluated_value)
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        inner = key_of(node.expression)
        return -inner if isinstance(inner, int) else None
    return node.evaluated_value if isinstance(node, cst.Integer) else None


def subscript_key(node: cst.Subscript) -> str | int | None:
    """Return the one key of a subscript, where it is written down."""
    only = node.slice[0].slice if len(node.slice) == 1 else None
    return key_of(only.value) if isinstance(only, cst.Index) else None


def _of_module(owner: At, _: cst.Module, key: str | int, __: Follow) -> Step:
    return names.global_of(owner.script, str(key))


def _of_dict(owner: At, node: cst.Dict, key: str | int, _: Follow) -> Step:
    found = [each for each in node.elements if isinstance(each, cst.DictElement) and key_of(each.key) == key]
    if len(found) != 1 or any(isinstance(each, cst.StarredDictElement) for each in node.elements):
        raise NotUnderstoodError(
            f"{key} is not written exactly once in the dictionary in line {owner.script.line(node)}"
        )
    return Step(owner.to(found[0].value))


def _of_list(owner: At, node: cst.List | cst.Tuple, key: str | int, _: Follow) -> Step:
    count, plain = len(node.elements), all(isinstance(each, cst.Element) for each in node.elements)
    if not isinstance(key, int) or not plain or not -count <= key < count:
        raise NotUnderstoodError(f"{owner} has no element {key}")
    return Step(owner.to(node.elements[key].value))


def _of_call(owner: At, call: cst.Call, key: str | int, follow: Follow) -> Step:
    if command_line.is_parsed(call):
        return command_line.option(owner, call, str(key))
    if called(call) in OBJECTS:
        return _of_keywords(owner, call, key, follow)
    parser = files.config_parser(owner, call)
    if parser is not None:
        return member(parser, key, follow)
    instance_of = functions.class_named(owner.script, call.func)
    if instance_of is None:
        raise NotUnderstoodError(f"{owner} makes an object of an unknown kind")
    if functions.method(instance_of, "__init__") is None:
        fields = [name for name, _ in _attributes(instance_of.node, cst.AnnAssign)]
        given = argument(call, str(key), position=fields.index(key) if key in fields else None)
        if given is not None:
            return Step(owner.to(given))
    return _of_class(instance_of, instance_of.node, key, follow)


def _of_keywords(owner: At, call: cst.Call, key: str | int, follow: Follow) -> Step:
    """Find a keyword of `dict(…)`, or a part of the one object that it is made of."""
    given = argument(call, str(key))
    if given is not None:
        return Step(owner.to(given))
    if len(call.args) != 1 or call.args[0].keyword is not None or call.args[0].star == "*":
        raise NotUnderstoodError(f"{owner} is not given {key}")
    base = follow(owner.to(call.args[0].value))
    return member(base.to, key, follow).after(*base.through)


def _of_class(owner: At, node: cst.CSTNode, key: str | int, follow: Follow) -> Step:
    """Find an attribute that a class, or its `__init__`, or a class it inherits from sets."""
    if not isinstance(node, cst.ClassDef):
        raise NotUnderstoodError(f"{owner} is not a class")
    values = [value for name, value in (*_attributes(node), *_set_by_init(owner)) if name == key and value is not None]
    if not values:
        for base in node.bases:
            found = functions.class_named(owner.script, base.value)
            if found is not None:
                return _of_class(found, found.node, key, follow)
    if len(values) != 1:
        raise NotUnderstoodError(f"{node.name.value}.{key} is set in {len(values) or 'no'} places")
    default = argument(values[0], "default") if isinstance(values[0], cst.Call) else None
    is_field = default is not None and called(values[0]) in {"field", "Field"}
    return Step(owner.to(default if default is not None and is_field else values[0]))


def _attributes(
    node: cst.CSTNode, *kinds: type[cst.Assign | cst.AnnAssign]
) -> Iterator[tuple[str, cst.BaseExpression | None]]:
    """Yield what the body of a class sets or declares; a dataclass's fields are what it annotates."""
    body = node.body.body if isinstance(node, cst.ClassDef) else ()
    for part in (part for line in body if isinstance(line, cst.SimpleStatementLine) for part in line.body):
        if isinstance(part, kinds or (cst.Assign, cst.AnnAssign)):
            target = part.target if isinstance(part, cst.AnnAssign) else part.targets[0].target
            if isinstance(target, cst.Name):
                yield target.value, part.value


def _set_by_init(owner: At) -> Iterator[tuple[str, cst.BaseExpression]]:
    init = functions.method(owner, "__init__")
    for node in m.findall(init.node.body, m.Assign(targets=[m.AssignTarget(_ON_SELF)])) if init is not None else ():
        if isinstance(node, cst.Assign) and isinstance(node.targets[0].target, cst.Attribute):
            yield node.targets[0].target.attr.value, node.value


def _check_set_once(script: Script, key: str, written: Spot) -> None:
    """Refuse a key that is set anywhere but where it was found."""
    value = written.node if isinstance(written, At) else None
    for other in script.mentioning(key):
        for place in _stores(other, key):
            holder = other.parent(place)
            is_written = value is not None and isinstance(holder, cst.Assign) and holder.value is value
            if not is_written and not _is_field_of_another(other, place, value):
                raise NotUnderstoodError(f"{key} is set again in line {other.line(place)} of {other.name}")


def _stores(script: Script, key: str) -> Iterator[cst.CSTNode]:
    """Yield where something is stored under a key or attribute of that name."""
    targets: list[cst.AssignTarget | cst.AugAssign] = [*script.nodes(cst.AssignTarget), *script.nodes(cst.AugAssign)]
    for target in targets:
        inner = target.target
        is_key = isinstance(inner, cst.Subscript) and subscript_key(inner) == key
        if is_key or (isinstance(inner, cst.Attribute) and inner.attr.value == key):
            yield target
    for call in script.calls:
        if called(call) in _SETTERS:
            texts = [key_of(each) for each in m.findall(call, m.SimpleString()) if isinstance(each, cst.SimpleString)]
            if key in texts or argument(call, key) is not None:
                yield call


def _is_field_of_another(script: Script, place: cst.CSTNode, written: cst.CSTNode | None) -> bool:
    """Return whether `self.key = …` is within a class that does not hold the value that was found."""
    if not m.matches(place, m.AssignTarget(_ON_SELF)):
        return False
    owner = script.nearest(place, cst.ClassDef)
    return written is None or owner is None or owner not in script.above(written)


_KINDS: dict[type[cst.CSTNode] | tuple[type[cst.CSTNode], ...], Callable[..., Step]] = {
    cst.Module: _of_module,
    cst.Dict: _of_dict,
    (cst.List, cst.Tuple): _of_list,
    cst.Call: _of_call,
    cst.ClassDef: _of_class,
}

"""Parts of objects: a key of a dictionary, an attribute of a class or of its instance, an option, a place in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import libcst as cst
import libcst.matchers as m

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import Script, argument, called
from services.tweaker.source.values import command_line, formats, functions, names, readers
from services.tweaker.source.values.places import At, Follow, InFile, Key, Spot, Step
from trainyard_analysis.vocabulary import OBJECTS


def member(owner: Spot, key: str | int, follow: Follow) -> Step:
    """Return where a part of an object is written.

    Args:
        owner: The object.
        key: The key, attribute or position.
        follow: Follows an expression to its end.

    Raises:
        NotUnderstoodError: The object is of no known kind, has no such part, or the part is set again elsewhere.
    """
    if isinstance(owner, InFile):
        _check_once(owner.script, key, None)
        inner = InFile(owner.script, owner.file, owner.kind, (*owner.path, key))
        return Step(inner, (Key(owner.script, str(key)),) if isinstance(key, str) else ())
    if isinstance(owner.node, cst.Module):
        return _checked(owner, names.global_of(owner.script, str(key)), key)
    for known, found in _KINDS.items():
        if isinstance(owner.node, known):
            return _checked(owner, found(owner, key, follow), key)
    raise NotUnderstoodError(f"{owner} is no object whose parts are seen")


def keys_of(owner: Spot) -> frozenset[str]:
    """Return the keys of a dictionary that is written down, or of a table in a file.

    Raises:
        NotUnderstoodError: It is none, or it takes in another one.
    """
    if isinstance(owner, InFile):
        return formats.keys_at(owner.kind, owner.script.files[owner.file], owner.path)
    node = owner.node
    if isinstance(node, cst.Call) and called(node) == "dict" and all(arg.keyword for arg in node.args):
        return frozenset(arg.keyword.value for arg in node.args if arg.keyword is not None)
    if not isinstance(node, cst.Dict) or any(isinstance(each, cst.StarredDictElement) for each in node.elements):
        raise NotUnderstoodError(f"{owner} is no dictionary that is seen")
    return frozenset(str(key_of(each.key)) for each in node.elements if isinstance(each, cst.DictElement))


def _checked(owner: At, step: Step, key: str | int) -> Step:
    if isinstance(key, int):
        return step
    _check_once(owner.script, key, step.to.node if isinstance(step.to, At) else None)
    return Step(step.to, (*step.through, Key(owner.script, key)), step.made)


def _of_dict(owner: At, key: str | int, _: Follow) -> Step:
    """Find the one element of a dictionary's display."""
    elements = owner.node.elements if isinstance(owner.node, cst.Dict) else []
    found = [each for each in elements if isinstance(each, cst.DictElement) and key_of(each.key) == key]
    if len(found) != 1 or any(isinstance(each, cst.StarredDictElement) for each in elements):
        raise NotUnderstoodError(f"{key} is not written once in the dictionary in line {owner.script.line(owner.node)}")
    return Step(owner.to(found[0].value))


def _of_list(owner: At, key: str | int, _: Follow) -> Step:
    """Find an element of a list or tuple by its position."""
    elements = owner.node.elements if isinstance(owner.node, cst.List | cst.Tuple) else []
    plain = all(isinstance(each, cst.Element) for each in elements)
    if not isinstance(key, int) or not plain or not -len(elements) <= key < len(elements):
        raise NotUnderstoodError(f"{owner} has no element {key}")
    return Step(owner.to(elements[key].value))


def _of_call(owner: At, key: str | int, follow: Follow) -> Step:
    """Find a part of what a call makes."""
    call = owner.node
    if not isinstance(call, cst.Call):
        raise NotUnderstoodError(f"{owner} makes no object that is known")
    if command_line.is_parsed(call):
        return command_line.option(owner, str(key))
    if isinstance(call.func, cst.Name | cst.Attribute) and called(call) in OBJECTS:
        return _of_keywords(owner, call, key, follow)
    parser = readers.config_parser(owner)
    if parser is not None:
        return member(parser, key, follow)
    made = functions.class_named(owner.to(call.func))
    if made is None:
        raise NotUnderstoodError(f"{owner} makes no object that is known")
    return _of_instance(made, owner, call, str(key))


def _of_keywords(owner: At, call: cst.Call, key: str | int, follow: Follow) -> Step:
    """Find a keyword of `dict(…)`, or what the one object that it is made of says."""
    given = argument(call, str(key))
    if given is not None:
        return Step(owner.to(given.value))
    if len(call.args) == 1 and call.args[0].keyword is None and call.args[0].star in {"", "**"}:
        base = follow(owner.to(call.args[0].value))
        step = member(base.to, key, follow)
        return Step(step.to, (*base.through, *step.through), step.made)
    raise NotUnderstoodError(f"{owner} is not given {key}")


def _of_instance(owner: At, at: At, call: cst.Call, key: str) -> Step:
    """Find an attribute of an instance: given to a dataclass, set in `__init__`, or its class's."""
    if functions.method(owner, "__init__") is None:
        given = argument(call, key, position=_position(owner, key))
        if given is not None:
            return Step(at.to(given.value))
    return _of_class(owner, key, None)


def _position(owner: At, key: str) -> int | None:
    """Return the position of a dataclass's field."""
    body = owner.node.body.body if isinstance(owner.node, cst.ClassDef) else []
    lines = [part for each in body if isinstance(each, cst.SimpleStatementLine) for part in each.body]
    fields = [
        part.target.value for part in lines if isinstance(part, cst.AnnAssign) and isinstance(part.target, cst.Name)
    ]
    return fields.index(key) if key in fields else None


def _of_class(owner: At, key: str | int, follow: Follow | None) -> Step:
    """Find an attribute that a class, or its `__init__`, or a class it inherits from sets."""
    if not isinstance(owner.node, cst.ClassDef):
        raise NotUnderstoodError(f"{owner} is no class")
    values = [value for name, value in _set_in(owner) if name == key]
    if len(values) == 1:
        return Step(owner.to(_field(values[0])))
    if not values:
        for base in owner.node.bases:
            found = functions.class_named(owner.to(base.value))
            if found is not None:
                return _of_class(found, key, follow)
    raise NotUnderstoodError(f"{owner.node.name.value}.{key} is set in {len(values) or 'no'} places")


def _set_in(owner: At) -> Iterator[tuple[str, cst.BaseExpression]]:
    """Yield what the class sets, in its body and in `__init__`."""
    body = owner.node.body.body if isinstance(owner.node, cst.ClassDef) else []
    for part in (part for each in body if isinstance(each, cst.SimpleStatementLine) for part in each.body):
        if isinstance(part, cst.AnnAssign) and isinstance(part.target, cst.Name) and part.value is not None:
            yield part.target.value, part.value
        if isinstance(part, cst.Assign) and isinstance(part.targets[0].target, cst.Name):
            yield part.targets[0].target.value, part.value
    made = functions.method(owner, "__init__")
    on_self = m.Assign(targets=[m.AssignTarget(m.Attribute(value=m.Name("self")))])
    for found in m.findall(made.node.body, on_self) if made is not None else ():
        if isinstance(found, cst.Assign) and isinstance(found.targets[0].target, cst.Attribute):
            yield found.targets[0].target.attr.value, found.value


def _field(node: cst.BaseExpression) -> cst.BaseExpression:
    """Return a default, out of the `field(default=…)` around it."""
    default = argument(node, "default") if isinstance(node, cst.Call) and called(node) in {"field", "Field"} else None
    return default.value if default is not None else node


def _check_once(script: Script, key: str | int, written: cst.CSTNode | None) -> None:
    """Refuse a key that is set anywhere but where it was found.

    Raises:
        NotUnderstoodError: It is.
    """
    if isinstance(key, int):
        return
    for other in script.mentioning(key):
        for value, place in _stores(other, key):
            if value is not written and not _is_field_of_another(other, place, written):
                raise NotUnderstoodError(f"{key} is set again in line {other.line(place)} of {other.name}")


def _stores(script: Script, key: str) -> Iterator[tuple[cst.CSTNode | None, cst.CSTNode]]:
    """Yield what is stored under a key or attribute of that name, and where."""
    for target in script.nodes(cst.AssignTarget):
        if _is_stored(target.target, key):
            holder = script.parent(target)
            yield (holder.value if isinstance(holder, cst.Assign) else None), target
    yield from ((None, node) for node in script.nodes(cst.AugAssign) if _is_stored(node.target, key))
    yield from ((None, call) for call in script.calls if _sets(call, key))


def _is_stored(target: cst.BaseExpression, key: str) -> bool:
    if isinstance(target, cst.Attribute):
        return target.attr.value == key
    return isinstance(target, cst.Subscript) and subscript_key(target) == key


def _sets(call: cst.Call, key: str) -> bool:
    """Tell whether a call may set the key: `update`, `setdefault`, `setattr`, `set`, `_replace`, `replace`."""
    if called(call) not in {"update", "setdefault", "setattr", "set", "_replace", "replace", "pop", "put"}:
        return False
    texts = [each.evaluated_value for each in m.findall(call, m.SimpleString()) if isinstance(each, cst.SimpleString)]
    return key in texts or argument(call, key) is not None


def _is_field_of_another(script: Script, place: cst.CSTNode, written: cst.CSTNode | None) -> bool:
    """Tell whether `self.key = …` is within a class that does not hold the value that was found."""
    if not m.matches(place, m.AssignTarget(m.Attribute(value=m.Name("self")))):
        return False
    owner = next((each for each in script.above(place) if isinstance(each, cst.ClassDef)), None)
    return written is None or owner is None or owner not in list(script.above(written))


def subscript_key(node: cst.Subscript) -> str | int | None:
    """Return the one key of a subscript, where it is written down."""
    only = node.slice[0].slice if len(node.slice) == 1 else None
    return key_of(only.value) if isinstance(only, cst.Index) else None


def key_of(node: cst.BaseExpression) -> str | int | None:
    """Return the text or number of a key that is written down."""
    if isinstance(node, cst.SimpleString):
        return str(node.evaluated_value)
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        inner = key_of(node.expression)
        return -inner if isinstance(inner, int) else None
    return node.evaluated_value if isinstance(node, cst.Integer) else None


_KINDS: dict[type[cst.CSTNode] | tuple[type[cst.CSTNode], ...], Callable[[At, str | int, Follow], Step]] = {
    cst.Dict: _of_dict,
    (cst.List, cst.Tuple): _of_list,
    cst.Call: _of_call,
    cst.ClassDef: _of_class,
}

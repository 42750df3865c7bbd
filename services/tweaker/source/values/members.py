"""Parts of objects: a key of a dictionary, an attribute of a class or of its instance, an option, a place in a file."""

from collections.abc import Callable, Iterator, Mapping

import libcst as cst
import libcst.matchers as m

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import At, Follow, InFile, Key, Script, Spot, Step, argument, called
from services.tweaker.source.values import command_line, files, formats, functions, names
from trainyard_analysis.vocabulary import OBJECTS

_SETTERS = frozenset({"update", "setdefault", "setattr", "set", "_replace", "replace", "pop", "put"})
_ON_SELF = m.Attribute(value=m.Name("self"))


def member(owner: Spot, key: str | int, follow: Follow) -> Step:
    """Return where a part of an object is written: what is under a key, an attribute or a position."""
    if isinstance(owner, InFile):
        step = Step(owner.inner(key))
    else:
        find = _KINDS.get(type(owner.node))
        if find is None:
            outside = isinstance(owner.node, cst.Attribute)
            raise NotUnderstoodError(
                f"{owner} {'comes from outside the code' if outside else 'is an object of an unknown kind'}"
            )
        step = find(owner, owner.node, key, follow)
    if isinstance(key, int):
        return step
    _check_set_once(owner.script, key, step.to)
    return Step(step.to, (*step.through, Key(owner.script, key)), step.conversion)


def keys_of(owner: Spot) -> frozenset[str]:
    """Return the keys of a dictionary that is written down, or of a table in a file."""
    keys = _keys_in_file(owner) if isinstance(owner, InFile) else _keys(owner.node)
    if None in keys:
        raise NotUnderstoodError(f"{owner} is not a dictionary with literal keys only")
    return frozenset(key for key in keys if key is not None)


def _keys_in_file(place: InFile) -> list[str | None]:
    table = formats.part_at(place.kind, place.content, place.path)
    return [*map(str, table)] if isinstance(table, dict) else [None]


def _keys(node: cst.CSTNode) -> list[str | None]:
    """Return the keys of a dictionary, with None for what is spread over it or is no dictionary."""
    if isinstance(node, cst.Dict):
        return [str(key_of(each.key)) if isinstance(each, cst.DictElement) else None for each in node.elements]
    if isinstance(node, cst.Call) and called(node) == "dict":
        return [arg.keyword.value if arg.keyword is not None else None for arg in node.args]
    return [None]


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
    given = _field_given(instance_of, call, str(key))
    return Step(owner.to(given)) if given is not None else _of_class(instance_of, instance_of.node, key, follow)


def _field_given(instance_of: At, call: cst.Call, key: str) -> cst.BaseExpression | None:
    if functions.method(instance_of, "__init__") is not None:
        return None
    fields = [name for name, _ in _attributes(instance_of.node, cst.AnnAssign)]
    return argument(call, key, position=fields.index(key) if key in fields else None)


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
    values = [value for name, value in (*_attributes(node), *_set_by_init(owner)) if name == key and value is not None]
    base = _base(owner) if not values else None
    if base is not None:
        return _of_class(base, base.node, key, follow)
    if len(values) != 1:
        raise NotUnderstoodError(
            f"{cst.ensure_type(node, cst.ClassDef).name.value}.{key} is set in {len(values) or 'no'} places"
        )
    return Step(owner.to(functions.plain_default(values[0])))


def _base(owner: At) -> At | None:
    bases = owner.node.bases if isinstance(owner.node, cst.ClassDef) else ()
    found = (functions.class_named(owner.script, base.value) for base in bases)
    return next((each for each in found if each is not None), None)


def _attributes(
    node: cst.CSTNode, *kinds: type[cst.Assign | cst.AnnAssign]
) -> Iterator[tuple[str, cst.BaseExpression | None]]:
    """Yield what the body of a class sets or declares; a dataclass's fields are what it annotates."""
    for part in _statements(node):
        if isinstance(part, kinds or (cst.Assign, cst.AnnAssign)):
            target = part.target if isinstance(part, cst.AnnAssign) else part.targets[0].target
            if isinstance(target, cst.Name):
                yield target.value, part.value


def _statements(node: cst.CSTNode) -> Iterator[cst.BaseSmallStatement]:
    for line in node.body.body if isinstance(node, cst.ClassDef) else ():
        yield from line.body if isinstance(line, cst.SimpleStatementLine) else ()


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
    yield from (each for each in script.nodes(cst.AssignTarget) if is_part(each.target, key))
    yield from (each for each in script.nodes(cst.AugAssign) if is_part(each.target, key))
    yield from (each for each in script.calls if called(each) in _SETTERS and _mentions(each, key))


def _mentions(call: cst.Call, key: str) -> bool:
    texts = (key_of(cst.ensure_type(each, cst.SimpleString)) for each in m.findall(call, m.SimpleString()))
    return argument(call, key) is not None or key in texts


def is_part(node: cst.BaseExpression, key: str) -> bool:
    """Return whether an expression is a key or attribute of that name."""
    if isinstance(node, cst.Subscript):
        return subscript_key(node) == key
    return isinstance(node, cst.Attribute) and node.attr.value == key


def _is_field_of_another(script: Script, place: cst.CSTNode, written: cst.CSTNode | None) -> bool:
    """Return whether `self.key = …` is within a class that does not hold the value that was found."""
    if not m.matches(place, m.AssignTarget(_ON_SELF)):
        return False
    owner = script.nearest(place, cst.ClassDef)
    return written is None or owner is None or owner not in script.above(written)


_KINDS: Mapping[type[cst.CSTNode], Callable[..., Step]] = {
    cst.Module: _of_module,
    cst.Dict: _of_dict,
    cst.List: _of_list,
    cst.Tuple: _of_list,
    cst.Call: _of_call,
    cst.ClassDef: _of_class,
}

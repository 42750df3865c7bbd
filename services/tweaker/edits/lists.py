"""The elements of a list as its author builds it: in brackets, sums and comprehensions, one by one, in a function."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.assignments import (
    assigned_name,
    assignments,
    attribute_values,
    called_function,
    is_variable,
    names_in,
    only_value,
    passed_values,
    possible_values,
)
from services.tweaker.edits.branches import reachable, surroundings
from services.tweaker.source import Changes, NotUnderstoodError, Script, called, dotted, line, receiver
from services.tweaker.source.arguments import beside

Place = cst.SimpleStatementLine | cst.Element
Adding = cst.Call | cst.AugAssign
_FROM_START = m.Subscript(slice=[m.SubscriptElement(m.Slice(lower=None, step=None))])
_FILLING = ("append", "extend")
_DEEPEST = 8


@dataclass(frozen=True)
class Listed:
    """One element of a list, or one that each round of a loop makes.

    Attributes:
        value: The expression that makes it.
        place: The element or the statement beside which another one can be put; None in a comprehension.
        front: What a further element is put before to come before this one in every round; None where that is unknown.
        method: Where that is a statement, what adds to the list there: `model.add`.
        repeated: It is made in a loop that does not make the whole list.
        optional: It depends on a condition that the list does not depend on.
    """

    value: cst.BaseExpression
    place: Place | None
    front: cst.CSTNode | None
    method: str = ""
    repeated: bool = False
    optional: bool = False


def listed(script: Script, node: cst.BaseExpression, spread: cst.StarredElement | None = None) -> Iterator[Listed]:
    """Yield the elements of the list that an expression is or stands for; *spread* where it is spread in another."""
    if isinstance(node, cst.List | cst.Tuple):
        for element in node.elements:
            if isinstance(element, cst.Element):
                yield Listed(element.value, element, element)
            else:
                yield from listed(script, element.value, cst.ensure_type(element, cst.StarredElement))
    elif isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        yield from listed(script, node.left)
        yield from listed(script, node.right)
    elif isinstance(node, cst.ListComp):
        yield Listed(node.elt, None, spread or node, repeated=True)
    elif isinstance(node, cst.Name | cst.Attribute):
        yield from _collected(script, node)
    else:
        raise NotUnderstoodError(f"the list in line {script.line(node)} contains more than layers")


def added(script: Script, built: cst.BaseExpression, *methods: str) -> Iterator[Listed]:
    """Yield what is added to an object by methods of these names or by `+=`, in the order in which that happens."""
    sites = {node: _sites(script, node, built) for node in reachable(script, list(_adding(script, built, methods)))}
    in_order = sorted(sites, key=lambda node: (script.place(sites[node][0]), script.place(node)))
    for node in in_order:
        yield from _added_by(script, node, sites[node], built)


def put_in_front(script: Script, changes: Changes, each: Listed, *texts: str) -> None:
    """Put the elements that *texts* make, in this order, before all rounds of one."""
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    new = [cst.Element(cst.parse_expression(text), comma=comma) for text in texts]
    if isinstance(each.front, cst.Element):
        changes.put_before(each.front, [beside(script, each.front, text) for text in texts])
    elif isinstance(each.front, cst.StarredElement):
        changes.put_before(each.front, new)
    elif isinstance(each.front, cst.ListComp):
        changes.replaced[each.front] = cst.List([*new, cst.StarredElement(changes.within(each.front))])
    elif isinstance(each.front, cst.BaseStatement):
        changes.put_before(each.front, [line(f"{each.method}({text})") for text in texts])
    else:
        raise NotUnderstoodError(f"nothing can be put before the one in line {script.line(each.value)}")


def in_first_round(script: Script, node: cst.BaseExpression) -> cst.BaseExpression:
    """Return what an expression in a loop over numbers, a list or pairs of neighbours is in the first round."""
    changes = Changes()
    for name in filter(lambda each: is_variable(script, each), names_in(node)):
        for outer in script.above(name):
            loop = outer.for_in if isinstance(outer, cst.ListComp) else outer
            first = _firsts(loop).get(name.value) if isinstance(loop, cst.For | cst.CompFor) else None
            if first is None and any(loop in script.above(each.node) for each in assignments(script, name)):
                first = only_value(script, name)
            if first is not None and loop not in script.above(first):
                changes.replaced[name] = first
    return changes.within(node)


def _firsts(loop: cst.For | cst.CompFor) -> dict[str, cst.BaseExpression | None]:
    """Return what a loop gives the names that it sets in the first round, as far as that is found."""
    kind, over = called(loop.iter), [arg.value for arg in getattr(loop.iter, "args", ())]
    if not isinstance(loop.target, cst.Tuple):
        start = over[0] if len(over) > 1 else cst.Integer("0")
        return {dotted(loop.target): start if kind == "range" else _first(loop.iter)}
    values = {"enumerate": [cst.Integer("0"), *map(_first, over[:1])], "zip": map(_first, over)}
    firsts = values.get(kind, map(_first, over[:1]) if kind == "pairwise" else ())
    return dict(zip((dotted(each.value) for each in loop.target.elements), firsts, strict=False))


def _first(listed_there: cst.BaseExpression) -> cst.BaseExpression | None:
    """Return the first element of a list or of a part from its beginning."""
    if isinstance(listed_there, cst.List | cst.Tuple):
        return listed_there.elements[0].value if listed_there.elements else None
    whole = m.matches(listed_there, _FROM_START) and cst.ensure_type(listed_there, cst.Subscript).value
    name = whole or listed_there
    return cst.Subscript(name, [cst.SubscriptElement(cst.Index(cst.Integer("0")))]) if dotted(name) else None


def _collected(script: Script, node: cst.Name | cst.Attribute) -> Iterator[Listed]:
    """Yield the elements of a list that is built before: what it begins with, then what is added."""
    if isinstance(node, cst.Name):
        values = possible_values(script, node)
    else:
        values = [value for _, value in attribute_values(script, node)]
    if len(values) != 1:
        raise NotUnderstoodError(f"the list {dotted(node)} in line {script.line(node)} contains more than layers")
    if any(_adding(script, values[0], ("insert",))):
        raise NotUnderstoodError(f"the list {dotted(node)} is filled by insert")
    yield from listed(script, values[0])
    yield from added(script, values[0], *_FILLING)


def _adding(script: Script, built: cst.BaseExpression, methods: tuple[str, ...]) -> Iterator[Adding]:
    """Yield the calls of these methods, and the `+=`, on what is made there."""
    for call in script.calls:
        if called(call) in methods and call.args and _is_same(script, _object(call), built):
            yield call
    for node in script.nodes(cst.AugAssign):
        if isinstance(node.operator, cst.AddAssign) and "append" in methods and _is_same(script, node.target, built):
            yield node


def _object(node: Adding) -> cst.BaseExpression:
    """Return what is added to."""
    return node.target if isinstance(node, cst.AugAssign) else receiver(node) or node


def _is_same(script: Script, on: cst.BaseExpression, built: cst.BaseExpression, depth: int = 0) -> bool:
    """Return whether a name may stand for what is made there, also as a parameter; or an attribute of its class."""
    if isinstance(on, cst.Name):
        values = possible_values(script, on) or passed_values(script, on)
        others = [value for value in values if isinstance(value, cst.Name) and depth < _DEEPEST]
        return built in values or any(_is_same(script, value, built, depth + 1) for value in others)
    same_class = script.nearest(on, cst.ClassDef) is script.nearest(built, cst.ClassDef)
    return same_class and dotted(on) == assigned_name(script, built) != ""


def _sites(script: Script, node: Adding, built: cst.BaseExpression) -> list[Adding]:
    """Return from where a node adds to the object: itself, or the calls of its function that are given the object."""
    function = script.nearest(node, cst.FunctionDef)
    if function is script.nearest(built, cst.FunctionDef) or not isinstance(_object(node), cst.Name):
        return [node]
    calls = (call for call in script.calls if called_function(script, call) is function)
    return [call for call in calls if _given(script, call, built) is not None] or [node]


def _given(script: Script, call: cst.Call, built: cst.BaseExpression) -> cst.BaseExpression | None:
    """Return the argument of a call that is the object."""
    return next((arg.value for arg in call.args if _is_same(script, arg.value, built)), None)


def _method(script: Script, node: Adding, site: Adding, built: cst.BaseExpression) -> str:
    """Return what adds one element at the site, such as `model.add`; "" where the object has no name there."""
    name = called(node) or "append"
    on = _object(node) if site is node else _given(script, cst.ensure_type(site, cst.Call), built)
    return f"{script.code(on)}.{'append' if name == 'extend' else name}" if on is not None else ""


def _added_by(script: Script, node: Adding, sites: list[Adding], built: cst.BaseExpression) -> Iterator[Listed]:
    site = sites[0]
    around = [surroundings(script, each, built) for each in (node, site)]
    repeated, optional = len(sites) > 1 or any(each[0] for each in around), any(each[1] for each in around)
    method = _method(script, node, site, built)
    body = script.block(built)
    front = next((each for each in script.above(site) if script.parent(each) is body), None)
    if isinstance(node, cst.Call) and called(node) != "extend":
        yield Listed(node.args[0].value, script.statement(node), front, method, repeated, optional)
        return
    for each in listed(script, node.value if isinstance(node, cst.AugAssign) else node.args[0].value):
        outer = front if repeated or optional else each.front
        yield replace(each, front=outer, method=method, repeated=each.repeated or repeated, optional=optional)

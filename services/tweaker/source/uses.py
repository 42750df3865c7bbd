"""What a value is used for: one that also decides about the data must not change with a setting."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m

from services.tweaker.source.script import Script, called
from services.tweaker.source.values import functions, modules, names
from services.tweaker.source.values.members import key_of, subscript_key
from services.tweaker.source.values.places import At, Binding, Key, Var
from trainyard_analysis.vocabulary import (
    AS_DICT,
    CONVERSIONS,
    FORMATTING,
    GETTERS,
    OBJECTS,
    OPTIMIZERS,
    RANGES,
    READERS,
    RECORDING,
    SHOWING,
)  # fmt: skip

_PARTS = (
    cst.Arg, cst.BinaryOperation, cst.FormattedString, cst.FormattedStringExpression, cst.Tuple, cst.Element,
)  # fmt: skip
_LAST_ROUND = m.BinaryOperation(operator=m.Add(), right=m.Integer("1"))
DEEPEST = 12

Role = tuple[str, str | int] | None
"""Which argument of which call, by the last part of its name."""


def serves_only(script: Script, name: cst.Name) -> bool:
    """Tell whether the variable *name* is used for nothing but the argument that it is here, and to show it."""
    return is_kept_for(names.variable(script, name.value, script.scope(name)), role_of(At(script, name)))


def is_kept_for(binding: Binding, role: Role, depth: int = 0) -> bool:
    """Tell whether a name or key is used for nothing but this kind of argument, and to show it."""
    if role is None or depth > DEEPEST:
        return False
    uses = names.reads(binding) if isinstance(binding, Var) else _reads_of_key(binding)
    if binding.whole:
        return all(_is_taken_apart(use, role, depth) for use in uses)
    return not _is_spread(binding) and all(_serves(use, role, depth) for use in uses)


def is_listed_only(binding: Binding, listed: At) -> bool:
    """Tell whether a list is used for nothing but the loop that was seen, its length, and to show it."""
    uses = names.reads(binding) if isinstance(binding, Var) else _reads_of_key(binding)
    return all(use.node is listed.node or _is_taken_apart(use, None, 0) or _is_counted(use) for use in uses)


def is_only_spread(binding: Binding, key: str, call: cst.Call) -> bool:
    """Tell whether of a dictionary that a call spreads the value of *key* goes nowhere else."""
    uses = names.reads(binding) if isinstance(binding, Var) else _reads_of_key(binding)
    return all(_spreads(use, call) or _is_shown(use) or _is_other_key(use, key) for use in uses)


def _spreads(use: At, call: cst.Call) -> bool:
    """Tell whether a dictionary is spread over a call of the same name."""
    holder = use.script.parent(use.node)
    spread = isinstance(holder, cst.Arg) and holder.star == "**"
    return spread and holder is not None and called(use.script.parent(holder)) == called(call)


def _is_other_key(use: At, key: str) -> bool:
    outer = use.script.parent(use.node)
    return isinstance(outer, cst.Subscript) and subscript_key(outer) not in {None, key}


def _is_counted(use: At) -> bool:
    """Tell whether only the length of a list is asked for, or the list is numbered by the loop that was seen."""
    holder = use.script.parent(use.node)
    call = use.script.parent(holder) if isinstance(holder, cst.Arg) else None
    return called(call) == "len"


def role_of(at: At) -> Role:
    """Return which argument of which call a node is, conversions around it left out; None where it is none."""
    outer = _converted(at)
    holder = at.script.parent(outer)
    call = at.script.parent(holder) if isinstance(holder, cst.Arg) else None
    if isinstance(holder, cst.Assign) and isinstance(holder.targets[0].target, cst.Attribute):
        return "=", holder.targets[0].target.attr.value
    if not isinstance(holder, cst.Arg) or not isinstance(call, cst.Call) or holder.star:
        return None
    name = called(call)
    place = holder.keyword.value if holder.keyword is not None else list(call.args).index(holder)
    if name in RANGES:
        return f"{name} in line {at.script.line(call)}", place
    return ("an optimizer" if name in OPTIMIZERS else name), place


def _converted(at: At) -> cst.CSTNode:
    """Return the outermost of the conversions around a node."""
    holder = at.script.parent(at.node)
    call = at.script.parent(holder) if isinstance(holder, cst.Arg) else None
    if isinstance(call, cst.Call) and len(call.args) == 1 and called(call) in CONVERSIONS:
        return _converted(at.to(call))
    if isinstance(holder, cst.BinaryOperation) and m.matches(holder, _LAST_ROUND) and holder.left is at.node:
        return holder  # the end of a range that counts from 1
    return at.node


def _serves(use: At, role: Role, depth: int) -> bool:
    """Tell whether one use is of that kind, or shown, or leads to such uses only."""
    call = use.script.parent(use.node)
    if isinstance(call, cst.Call) and call.func is use.node:
        return _serves(use.to(call), role, depth)
    if role_of(use) == role or _is_shown(use):
        return True
    outer = _converted(use)
    return any(is_kept_for(binding, role, depth + 1) for binding in _flows(use.to(outer)))


def _flows(at: At, *, whole: bool = False) -> Iterator[Binding]:
    """Yield the name or key that a node's value goes on under, if it is one."""
    holder = at.script.parent(at.node)
    if isinstance(holder, cst.Assign) and len(holder.targets) == 1:
        yield from _under(at, holder.targets[0].target, whole=whole)
    if isinstance(holder, cst.AnnAssign):
        yield from _under(at, holder.target, whole=whole)
    if isinstance(holder, cst.DictElement) and holder.value is at.node:
        yield Key(at.script, str(key_of(holder.key)), whole)
    if isinstance(holder, cst.Param):
        yield names.variable(at.script, holder.name.value, at.script.scope(holder.name), whole=whole)
    if isinstance(holder, cst.Arg):
        yield from _as_argument(at, holder, whole=whole)


def _under(at: At, target: cst.BaseExpression, *, whole: bool) -> Iterator[Binding]:
    """Yield what is assigned to."""
    if isinstance(target, cst.Name):
        yield names.variable(at.script, target.value, at.script.scope(at.node), whole=whole)
    elif isinstance(target, cst.Attribute):
        yield Key(at.script, target.attr.value, whole)
    elif isinstance(target, cst.Subscript):
        yield Key(at.script, str(subscript_key(target)), whole)


def _as_argument(at: At, arg: cst.Arg, *, whole: bool) -> Iterator[Binding]:
    """Yield the parameter of the author's function, the field, or the option's default that an argument is for."""
    call = at.script.parent(arg)
    if not isinstance(call, cst.Call):
        return
    function = functions.function_called(at.to(call))
    name, keyword = called(call), arg.keyword.value if arg.keyword is not None else ""
    if function is not None:
        param = function.param(arg, call)
        if param is not None:
            yield function.variable(param, whole=whole)
    elif name == "add_argument" and keyword == "default":
        yield Key(at.script, at.script.option(call).dest, whole)
    elif keyword and (name in OBJECTS or functions.class_named(at.to(call.func)) is not None):
        yield Key(at.script, keyword, whole)


def _is_taken_apart(use: At, role: Role, depth: int) -> bool:
    """Tell whether an object is only read by its keys here, or shown, or given to the author's own functions."""
    outer = use.script.parent(use.node)
    if isinstance(outer, cst.Subscript | cst.Attribute) and outer.value is use.node:
        method = use.script.parent(outer)
        is_method = isinstance(method, cst.Call) and method.func is outer
        return not is_method or called(method) in GETTERS | READERS | _PARSERS
    if isinstance(outer, cst.Return | cst.ImportAlias | cst.Expr) or _is_shown(use):
        return True
    call = use.script.parent(outer) if isinstance(outer, cst.Arg) else None
    if isinstance(outer, cst.Call) and outer.func is use.node:
        return True
    if isinstance(call, cst.Call) and called(call) in RECORDING | AS_DICT | {"getattr"}:
        return True
    return any(is_kept_for(binding, role, depth + 1) for binding in _flows(use, whole=True))


_PARSERS = frozenset({"strip", "parse_args", "parse_known_args"})


def _reads_of_key(key: Key) -> Iterator[At]:
    """Yield where a key, attribute or option of that name is read, whatever the object."""
    for script in key.script.mentioning(key.name):
        for node in script.nodes(cst.Attribute):
            if node.attr.value == key.name and not _is_left_side(script, node) and not _is_foreign(script, node):
                yield At(script, node)
        for part in script.nodes(cst.Subscript):
            if subscript_key(part) == key.name and not _is_left_side(script, part):
                yield At(script, part)
        for call in script.calls:
            if called(call) in GETTERS and key.name in [key_of(arg.value) for arg in call.args]:
                yield At(script, call)


def _is_left_side(script: Script, node: cst.CSTNode) -> bool:
    """Tell whether a node is assigned to, or is the method of a call."""
    holder = script.parent(node)
    return isinstance(holder, cst.AssignTarget | cst.Del) or (isinstance(holder, cst.Call) and holder.func is node)


def _is_foreign(script: Script, node: cst.Attribute) -> bool:
    """Tell whether a node is a part of a package of somebody else: `keras.layers` is no key `layers`."""
    root = names.leftmost(node)
    if not isinstance(root, cst.Name):
        return False
    found = [getattr(each, "node", None) for each in script.scope(root)[root.value]]
    imports = [each for each in found if isinstance(each, cst.Import | cst.ImportFrom)]
    return bool(imports) and all(modules.imported(script, each, root.value) is None for each in imports)


def _is_spread(binding: Binding) -> bool:
    """Tell whether objects are spread over a call's keywords, where a key may go anywhere."""
    if not isinstance(binding, Key):
        return False
    for script in binding.script.mentioning("**"):
        for call in script.calls:
            spread = any(arg.star == "**" and not _is_handed_on(script, arg.value) for arg in call.args)
            if spread and called(call) not in OBJECTS | SHOWING | RECORDING:
                return True
    return False


def _is_handed_on(script: Script, node: cst.BaseExpression) -> bool:
    """Tell whether a node is the `**kwargs` of the function around it: what goes into it is seen at the callers."""
    owner = next((outer for outer in script.above(node) if isinstance(outer, cst.FunctionDef)), None)
    taken = owner.params.star_kwarg if owner is not None else None
    return taken is not None and m.matches(node, m.Name(taken.name.value))


def _is_shown(use: At) -> bool:
    """Tell whether the node only goes into what a person sees: a print, a figure, or a range for one."""
    script, ranged = use.script, False
    for outer in script.above(use.node):
        name = called(outer)
        if name in SHOWING:
            return True
        if ranged and isinstance(outer, cst.Assign):
            return _is_only_shown(script, outer)
        ranged = ranged or name in RANGES
        if not isinstance(outer, _PARTS) and name not in FORMATTING and not _is_format(outer):
            return False
    return False


def _is_only_shown(script: Script, holder: cst.Assign) -> bool:
    """Tell whether the one name that a range is assigned to is only shown."""
    target = holder.targets[0].target
    if not isinstance(target, cst.Name):
        return False
    return all(_is_shown(use) for use in names.reads(names.variable(script, target.value, script.scope(holder))))


def _is_format(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Attribute) and node.attr.value == "format"

"""What a value is used for: one that also decides about the data must not change with a setting."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m

from services.tweaker.source.script import At, Script, called
from services.tweaker.source.values import functions, names
from services.tweaker.source.values.members import key_of, subscript_key
from services.tweaker.source.values.steps import Binding, Key, Var
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

_FORMATTED = (
    cst.Arg, cst.BinaryOperation, cst.FormattedString, cst.FormattedStringExpression, cst.Tuple, cst.Element,
)  # fmt: skip
"""What may stand between a value and the call that shows it, besides calls."""
_LAST_ROUND = m.BinaryOperation(operator=m.Add(), right=m.Integer("1"))
"""The end of a range that counts from 1."""
_PARSERS = frozenset({"strip", "parse_args", "parse_known_args"})
_DEEPEST = 12

Role = tuple[str, str | int] | None
"""Which argument of which call, by the last part of its name. A script takes one optimizer: they count as one call."""


def serves_only(script: Script, name: cst.Name) -> bool:
    """Return whether the variable *name* is used for nothing but the argument that it is here, and to show it."""
    return is_kept_for(names.variable(script, name.value, script.scope(name)), role_of(At(script, name)))


def is_kept_for(binding: Binding, role: Role, depth: int = 0) -> bool:
    """Return whether a name or key is used for nothing but this kind of argument, and to show it."""
    if role is None or depth > _DEEPEST:
        return False
    if binding.whole:
        return all(_is_taken_apart(use, role, depth) for use in _uses(binding))
    return not _is_spread(binding) and all(_serves(use, role, depth) for use in _uses(binding))


def is_listed_only(binding: Binding, listed: At) -> bool:
    """Return whether a list is used for nothing but the loop that was seen, its length, and to show it."""
    return all(
        use.node is listed.node or _is_taken_apart(use, None, 0) or _called_with(use) == "len" for use in _uses(binding)
    )


def is_only_spread(binding: Binding, key: str, call: cst.Call) -> bool:
    """Return whether the value of *key* in a dictionary only goes to calls of this name that it is spread over."""
    return all(_is_spread_over(use, call) or _is_shown(use) or _is_other_key(use, key) for use in _uses(binding))


def role_of(at: At) -> Role:
    """Return which argument of which call a node is, conversions around it left out; None where it is none."""
    outer = _converted(at)
    holder = at.script.parent(outer)
    if isinstance(holder, cst.Assign) and isinstance(holder.targets[0].target, cst.Attribute):
        return "=", holder.targets[0].target.attr.value
    arg, call = at.script.as_argument(outer)
    if arg is None or call is None or arg.star:
        return None
    name, place = called(call), arg.keyword.value if arg.keyword is not None else list(call.args).index(arg)
    if name in RANGES:
        return f"{name} in line {at.script.line(call)}", place
    return ("an optimizer" if name in OPTIMIZERS else name), place


def _uses(binding: Binding) -> Iterator[At]:
    """Yield where a name is read; for a key, where any object's key, attribute or option of that name is."""
    if isinstance(binding, Var):
        yield from names.reads(binding)
        return
    name = binding.name
    for script in binding.script.mentioning(name):
        attributes = [each for each in script.nodes(cst.Attribute) if each.attr.value == name]
        found: list[cst.BaseExpression] = [each for each in attributes if not _is_foreign(script, each)]
        found += [each for each in script.nodes(cst.Subscript) if subscript_key(each) == name]
        yield from (At(script, each) for each in found if not _is_left_side(script, each))
        for call in script.calls:
            if called(call) in GETTERS and name in [key_of(arg.value) for arg in call.args]:
                yield At(script, call)


def _called_with(use: At) -> str:
    """Return the name of the call that a node is an argument of."""
    return called(use.script.as_argument(use.node)[1])


def _is_spread_over(use: At, call: cst.Call) -> bool:
    """Return whether a dictionary is spread over a call of the same name."""
    arg, outer = use.script.as_argument(use.node)
    return arg is not None and arg.star == "**" and called(outer) == called(call)


def _is_other_key(use: At, key: str) -> bool:
    outer = use.script.parent(use.node)
    return isinstance(outer, cst.Subscript) and subscript_key(outer) not in {None, key}


def _converted(at: At) -> cst.CSTNode:
    """Return the outermost of the conversions around a node."""
    _, call = at.script.as_argument(at.node)
    if call is not None and len(call.args) == 1 and called(call) in CONVERSIONS:
        return _converted(at.to(call))
    holder = at.script.parent(at.node)
    is_end = isinstance(holder, cst.BinaryOperation) and m.matches(holder, _LAST_ROUND) and holder.left is at.node
    return holder if holder is not None and is_end else at.node


def _serves(use: At, role: Role, depth: int) -> bool:
    """Return whether one use is of that kind, or shown, or leads to such uses only."""
    call = use.script.parent(use.node)
    if isinstance(call, cst.Call) and call.func is use.node:
        return _serves(use.to(call), role, depth)
    if role_of(use) == role or _is_shown(use):
        return True
    binding = _flow(use.to(_converted(use)))
    return binding is not None and is_kept_for(binding, role, depth + 1)


def _flow(at: At, *, whole: bool = False) -> Binding | None:
    """Return the name or key that a node's value goes on under, if it is one."""
    script, holder = at.script, at.script.parent(at.node)
    if isinstance(holder, cst.Assign) and len(holder.targets) == 1:
        return _target(at, holder.targets[0].target, whole=whole)
    if isinstance(holder, cst.AnnAssign):
        return _target(at, holder.target, whole=whole)
    if isinstance(holder, cst.DictElement) and holder.value is at.node:
        return Key(script, str(key_of(holder.key)), whole)
    if isinstance(holder, cst.Param):
        return names.variable(script, holder.name.value, script.scope(holder.name), whole=whole)
    arg, call = script.as_argument(at.node)
    return _parameter(script, arg, call, whole=whole) if arg is not None and call is not None else None


def _target(at: At, target: cst.BaseExpression, *, whole: bool) -> Binding | None:
    """Return what is assigned to."""
    if isinstance(target, cst.Name):
        return names.variable(at.script, target.value, at.script.scope(at.node), whole=whole)
    if isinstance(target, cst.Attribute):
        return Key(at.script, target.attr.value, whole)
    return Key(at.script, str(subscript_key(target)), whole) if isinstance(target, cst.Subscript) else None


def _parameter(script: Script, arg: cst.Arg, call: cst.Call, *, whole: bool) -> Binding | None:
    """Return the parameter of the author's function, the field, or the option's default that an argument is for."""
    function = functions.function_called(script, call)
    if function is not None:
        param = function.param(arg, call)
        return function.variable(param, whole=whole) if param is not None else None
    name, keyword = called(call), arg.keyword.value if arg.keyword is not None else ""
    if name == "add_argument" and keyword == "default":
        return Key(script, script.option(call).dest, whole)
    is_field = keyword and (name in OBJECTS or functions.class_named(script, call.func) is not None)
    return Key(script, keyword, whole) if is_field else None


def _is_taken_apart(use: At, role: Role, depth: int) -> bool:
    """Return whether an object is only read by its keys here, or shown, or passed to the author's own functions."""
    outer = use.script.parent(use.node)
    if isinstance(outer, cst.Subscript | cst.Attribute) and outer.value is use.node:
        method = use.script.parent(outer)
        is_method = isinstance(method, cst.Call) and method.func is outer
        return not is_method or called(method) in GETTERS | READERS | _PARSERS
    if isinstance(outer, cst.Return | cst.ImportAlias | cst.Expr) or _is_shown(use):
        return True
    if isinstance(outer, cst.Call) and outer.func is use.node:
        return True
    if _called_with(use) in RECORDING | AS_DICT | {"getattr"}:
        return True
    binding = _flow(use, whole=True)
    return binding is not None and is_kept_for(binding, role, depth + 1)


def _is_left_side(script: Script, node: cst.CSTNode) -> bool:
    """Return whether a node is assigned to, or is the method of a call."""
    holder = script.parent(node)
    return isinstance(holder, cst.AssignTarget | cst.Del) or (isinstance(holder, cst.Call) and holder.func is node)


def _is_foreign(script: Script, node: cst.Attribute) -> bool:
    """Return whether a node is a part of a package of somebody else: `keras.layers` is no key `layers`."""
    root = names.leftmost(node)
    if not isinstance(root, cst.Name):
        return False
    found = [getattr(each, "node", None) for each in script.scope(root)[root.value]]
    imports = [each for each in found if isinstance(each, cst.Import | cst.ImportFrom)]
    return bool(imports) and all(names.imported(script, each, root.value) is None for each in imports)


def _is_spread(binding: Binding) -> bool:
    """Return whether objects are spread over a call's keywords, where a key may go anywhere."""
    if not isinstance(binding, Key):
        return False
    for script in binding.script.mentioning("**"):
        for call in script.calls:
            spread = any(arg.star == "**" and not _is_passed_on(script, arg.value) for arg in call.args)
            if spread and called(call) not in OBJECTS | SHOWING | RECORDING:
                return True
    return False


def _is_passed_on(script: Script, node: cst.BaseExpression) -> bool:
    """Return whether a node is the `**kwargs` of the function around it: what goes into it is seen at the callers."""
    owner = script.nearest(node, cst.FunctionDef)
    taken = owner.params.star_kwarg if owner is not None else None
    return taken is not None and m.matches(node, m.Name(taken.name.value))


def _is_shown(use: At) -> bool:
    """Return whether the node only goes into what a person sees: a print, a figure, or a range for one."""
    ranged = False
    for outer in use.script.above(use.node):
        name = called(outer)
        if name in SHOWING:
            return True
        if ranged and isinstance(outer, cst.Assign):
            return _is_only_shown(use.script, outer)
        ranged = ranged or name in RANGES
        is_format = isinstance(outer, cst.Attribute) and outer.attr.value == "format"
        if not isinstance(outer, _FORMATTED) and name not in FORMATTING and not is_format:
            return False
    return False


def _is_only_shown(script: Script, holder: cst.Assign) -> bool:
    """Return whether the one name that a range is assigned to is only shown."""
    target = holder.targets[0].target
    if not isinstance(target, cst.Name):
        return False
    return all(_is_shown(use) for use in names.reads(names.variable(script, target.value, script.scope(holder))))

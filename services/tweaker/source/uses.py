"""What a value is used for: one that also decides about the data must not change with a setting."""

from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m

from services.tweaker.source.script import At, Binding, Key, Script, Var, called
from services.tweaker.source.values import functions, names
from services.tweaker.source.values.members import is_part, key_of, subscript_key
from trainyard_analysis import vocabulary as words

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
    return _kind_of(at.script, call), arg.keyword.value if arg.keyword is not None else list(call.args).index(arg)


def _kind_of(script: Script, call: cst.Call) -> str:
    """Return what calls have in common whose arguments mean the same."""
    name = called(call)
    if name in words.RANGES:
        return f"{name} in line {script.line(call)}"
    return "an optimizer" if name in words.OPTIMIZERS else name


def _uses(binding: Binding) -> Iterator[At]:
    """Yield where a name is read; for a key, where any object's key, attribute or option of that name is."""
    if isinstance(binding, Var):
        yield from names.reads(binding)
        return
    for script in binding.script.mentioning(binding.name):
        for part in (*script.nodes(cst.Attribute), *script.nodes(cst.Subscript)):
            if is_part(part, binding.name) and _is_read(script, part):
                yield At(script, part)
        yield from (At(script, each) for each in script.calls if _gets(each, binding.name))


def _gets(call: cst.Call, key: str) -> bool:
    return called(call) in words.GETTERS and key in [key_of(arg.value) for arg in call.args]


def _called_with(use: At) -> str:
    return called(use.script.as_argument(use.node)[1])


def _is_spread_over(use: At, call: cst.Call) -> bool:
    arg, outer = use.script.as_argument(use.node)
    return arg is not None and arg.star == "**" and called(outer) == called(call)


def _is_other_key(use: At, key: str) -> bool:
    outer = use.script.parent(use.node)
    return isinstance(outer, cst.Subscript) and subscript_key(outer) not in {None, key}


def _converted(at: At) -> cst.CSTNode:
    """Return the outermost of the conversions around a node."""
    _, call = at.script.as_argument(at.node)
    if call is not None and len(call.args) == 1 and called(call) in words.CONVERSIONS:
        return _converted(at.to(call))
    holder = at.script.parent(at.node)
    is_end = isinstance(holder, cst.BinaryOperation) and m.matches(holder, _LAST_ROUND) and holder.left is at.node
    return holder if holder is not None and is_end else at.node


def _serves(use: At, role: Role, depth: int) -> bool:
    """Return whether one use is of that kind, or shown, or leads to such uses only."""
    call = use.script.parent(use.node)
    if call is not None and _is_called(use.node, call):
        return _serves(use.to(call), role, depth)
    if role_of(use) == role or _is_shown(use):
        return True
    binding = _flow(use.to(_converted(use)))
    return binding is not None and is_kept_for(binding, role, depth + 1)


def _flow(at: At, *, whole: bool = False) -> Binding | None:
    """Return the name or key that a node's value goes on under, if it is one."""
    script, holder = at.script, at.script.parent(at.node)
    if isinstance(holder, cst.Assign | cst.AnnAssign):
        return _target(at, holder, whole=whole)
    if isinstance(holder, cst.DictElement) and holder.value is at.node:
        return Key(script, str(key_of(holder.key)), whole)
    if isinstance(holder, cst.Param):
        return names.variable(script, holder.name.value, script.scope(holder.name), whole=whole)
    arg, call = script.as_argument(at.node)
    return _parameter(script, arg, call, whole=whole) if arg is not None and call is not None else None


def _target(at: At, holder: cst.Assign | cst.AnnAssign, *, whole: bool) -> Binding | None:
    targets = holder.targets if isinstance(holder, cst.Assign) else [holder]
    target = targets[0].target if len(targets) == 1 else None
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
    if arg.keyword is None:
        return None
    name, keyword = called(call), arg.keyword.value
    if name == "add_argument" and keyword == "default":
        return Key(script, script.option(call).dest, whole)
    is_object = name in words.OBJECTS or functions.class_named(script, call.func) is not None
    return Key(script, keyword, whole) if is_object else None


def _is_taken_apart(use: At, role: Role, depth: int) -> bool:
    """Return whether an object is only read by its keys here, or shown, or passed to the author's own functions."""
    outer = use.script.parent(use.node)
    if isinstance(outer, cst.Subscript | cst.Attribute) and outer.value is use.node:
        return _only_reads(outer, use.script.parent(outer))
    if isinstance(outer, cst.Return | cst.ImportAlias | cst.Expr) or _is_called(use.node, outer) or _is_shown(use):
        return True
    if _called_with(use) in words.RECORDING | words.AS_DICT | {"getattr"}:
        return True
    binding = _flow(use, whole=True)
    return binding is not None and is_kept_for(binding, role, depth + 1)


def _only_reads(part: cst.CSTNode, outer: cst.CSTNode | None) -> bool:
    return not _is_called(part, outer) or called(outer) in words.GETTERS | words.READERS | _PARSERS


def _is_called(node: cst.CSTNode, outer: cst.CSTNode | None) -> bool:
    return isinstance(outer, cst.Call) and outer.func is node


def _is_read(script: Script, node: cst.CSTNode) -> bool:
    """Return whether a part of the author's own is neither assigned to nor the method of a call."""
    holder = script.parent(node)
    is_target = isinstance(holder, cst.AssignTarget | cst.Del)
    return not is_target and not _is_called(node, holder) and not names.is_foreign(script, node)


def _is_spread(binding: Binding) -> bool:
    """Return whether objects are spread over a call's keywords, where a key may go anywhere."""
    if not isinstance(binding, Key):
        return False
    harmless = words.OBJECTS | words.SHOWING | words.RECORDING
    calls = ((script, call) for script in binding.script.mentioning("**") for call in script.calls)
    return any(_spreads(script, call) and called(call) not in harmless for script, call in calls)


def _spreads(script: Script, call: cst.Call) -> bool:
    return any(arg.star == "**" and not _is_passed_on(script, arg.value) for arg in call.args)


def _is_passed_on(script: Script, node: cst.BaseExpression) -> bool:
    """Return whether a node is the `**kwargs` of the function around it: what goes into it is seen at the callers."""
    owner = script.nearest(node, cst.FunctionDef)
    taken = owner.params.star_kwarg if owner is not None else None
    return taken is not None and m.matches(node, m.Name(taken.name.value))


def _is_shown(use: At) -> bool:
    """Return whether the node only goes into what a person sees: a print, a figure, or a range for one."""
    ranged = False
    for outer in use.script.above(use.node):
        if called(outer) in words.SHOWING:
            return True
        if not _is_formatting(outer):
            return ranged and isinstance(outer, cst.Assign) and _is_only_shown(use.script, outer)
        ranged = ranged or called(outer) in words.RANGES
    return False


def _is_formatting(node: cst.CSTNode) -> bool:
    is_method = isinstance(node, cst.Attribute) and node.attr.value == "format"
    return is_method or isinstance(node, _FORMATTED) or called(node) in words.FORMATTING


def _is_only_shown(script: Script, holder: cst.Assign) -> bool:
    target = holder.targets[0].target
    if not isinstance(target, cst.Name):
        return False
    return all(_is_shown(use) for use in names.reads(names.variable(script, target.value, script.scope(holder))))

"""What a constant is used for: a value that also decides about the data must not change with a setting."""

from __future__ import annotations

import libcst as cst
from libcst.metadata import Assignment

from services.tweaker.codemods.script import Script

SHOWING = frozenset({"print", "plot", "title", "xlim", "xticks", "set_title", "set_xlim", "suptitle", "info"})
RANGES = frozenset({"range", "arange", "linspace"})
WRAPPING = frozenset({"str", "len", "list", "format"}) | RANGES
_PARTS = (
    cst.Arg, cst.BinaryOperation, cst.FormattedString, cst.FormattedStringExpression, cst.Tuple, cst.Element,
)  # fmt: skip


def serves_only(script: Script, name: cst.Name) -> bool:
    """Tell whether the constant *name* is used for nothing but this kind of argument, and to show it."""
    wanted = _argument(script, name)
    return wanted is not None and all(
        _argument(script, use) == wanted or _is_shown(script, use) for use in _uses(script, name)
    )


def _uses(script: Script, name: cst.Name) -> list[cst.CSTNode]:
    """Return every place where the name is read."""
    found = [each for each in script.scope(name)[name.value] if isinstance(each, Assignment)]
    return [access.node for each in found for access in each.references]


def _argument(script: Script, node: cst.CSTNode) -> tuple[str, str | int] | None:
    """Return which argument of which call the node is, by the last part of its name; None where it is none."""
    arg = script.parent(node)
    call = script.parent(arg) if isinstance(arg, cst.Arg) else None
    if not isinstance(arg, cst.Arg) or not isinstance(call, cst.Call) or arg.value is not node:
        return None
    return _called(script, call), arg.keyword.value if arg.keyword is not None else list(call.args).index(arg)


def _is_shown(script: Script, node: cst.CSTNode) -> bool:
    """Tell whether the node only goes into what a person sees: a print, a figure, or a range for one."""
    ranged = False
    for outer in script.above(node):
        called = _called(script, outer) if isinstance(outer, cst.Call) else ""
        if called in SHOWING:
            return True
        if ranged and isinstance(outer, cst.Assign):
            return _is_only_shown(script, outer)
        ranged = ranged or called in RANGES
        if not isinstance(outer, _PARTS) and called not in WRAPPING and not _is_format(outer):
            return False
    return False


def _is_only_shown(script: Script, holder: cst.Assign) -> bool:
    """Tell whether the one name that a range is assigned to is only shown."""
    target = holder.targets[0].target
    return isinstance(target, cst.Name) and all(_is_shown(script, use) for use in _uses(script, target))


def _is_format(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Attribute) and node.attr.value == "format"


def _called(script: Script, call: cst.Call) -> str:
    return script.code(call.func).rpartition(".")[2]

"""Loops in which the author tries settings: a search of their own, from which no edit may take the meaning."""

from collections.abc import Iterator
from itertools import takewhile
from typing import get_args

import libcst as cst

from services.tweaker.edits.assignments import assigned_value, assignments, called_function, names_in, passed_values
from services.tweaker.source import NotUnderstoodError, Script, called

Loop = cst.For | cst.While | cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp
LOOPS: tuple[type[Loop], ...] = get_args(Loop)
NO_SETTINGS = frozenset(
    {"random_state", "seed", "name", "verbose", "estimator", "base_estimator", "estimators"}
    | {"shape", "input_shape", "input_dim", "batch_shape", "batch_input_shape"}
)
"""Arguments that say nothing about how good a model can get, or are models themselves."""
FOLDS = frozenset({"split"})
"""Methods that return the rows of folds."""
_DEEPEST = 6


def check_no_search(script: Script, call: cst.Call, *more: cst.Arg) -> None:
    """Raise NotUnderstoodError where the model that a call makes is one of the author's own search."""
    searched = searched_name(script, call, *more)
    if searched is not None:
        name, line = searched.value, script.line(searched)
        raise NotUnderstoodError(f"the loop over {name} in line {line} is the author's own search")


def searched_name(script: Script, call: cst.Call, *more: cst.Arg) -> cst.Name | None:
    """Return the variable, where it is set, of a loop that makes a model once for each of its values; None for none.

    The call makes the model, of which its arguments and *more* are settings. The loop may be around the call of a
    function that makes it, and the variable may be passed on to that.
    """
    loops = list(_loops_around(script, call))
    args = (*call.args, *more) if loops else ()
    names = (name for arg in args if _is_setting(arg) for name in names_in(arg.value) if _is_read(script, name, arg))
    origins = (origin for name in names for origin in _origins(script, name))
    return next((origin for origin in origins if _loop_of(script, origin) in loops), None)


def _loops_around(script: Script, node: cst.CSTNode, depth: int = 0) -> Iterator[Loop]:
    """Yield the loops around a node, and around the calls of the function that it is in."""
    for outer in script.above(node):
        if isinstance(outer, Loop):
            yield outer
        elif isinstance(outer, cst.FunctionDef) and depth < _DEEPEST:
            for call in script.calls:
                if called_function(script, call) is outer:
                    yield from _loops_around(script, call, depth + 1)
            return


def _is_setting(arg: cst.Arg) -> bool:
    return arg.keyword is None or arg.keyword.value not in NO_SETTINGS


def _is_read(script: Script, name: cst.Name, arg: cst.Arg) -> bool:
    """Return whether the name is a setting inside the argument too, as one of another call there."""
    inside = takewhile(lambda outer: outer is not arg, script.above(name))
    return all(_is_setting(outer) for outer in inside if isinstance(outer, cst.Arg))


def _origins(script: Script, name: cst.Name, depth: int = 0) -> Iterator[cst.Name]:
    """Yield where the names are set from which the value of a name comes."""
    if depth > _DEEPEST:
        return
    for target in [each.node for each in assignments(script, name)]:
        if isinstance(target, cst.Name):
            yield target
        value = assigned_value(script, target)
        for inner in names_in(value) if value is not None else ():
            yield from _origins(script, inner, depth + 1)
    for value in passed_values(script, name):
        for inner in names_in(value):
            yield from _origins(script, inner, depth + 1)


def _loop_of(script: Script, target: cst.Name) -> Loop | None:
    """Return the loop that sets a name to another value each time, but not to the rows of folds."""
    inner: cst.CSTNode = target
    for outer in script.above(target):
        if isinstance(outer, cst.AugAssign):
            return _around(script, outer)
        if isinstance(outer, cst.For | cst.CompFor) and outer.target is inner:
            over_folds = any(called(call) in FOLDS for call in script.calls if _is_inside(script, call, outer.iter))
            return None if over_folds else _around(script, outer)
        if not isinstance(outer, cst.Tuple | cst.Element):
            break
        inner = outer
    return None


def _around(script: Script, node: cst.CSTNode) -> Loop | None:
    """Return the innermost loop that a node is, or is in."""
    return next((outer for outer in (node, *script.above(node)) if isinstance(outer, Loop)), None)


def _is_inside(script: Script, node: cst.CSTNode, outer: cst.CSTNode) -> bool:
    return node is outer or outer in script.above(node)

"""Which of the author's files a path in a script means."""

from __future__ import annotations

import posixpath

import libcst as cst

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.values.places import At, NextStep

SAME = frozenset({"abspath", "realpath", "normpath", "resolve", "absolute", "fspath", "str"})
JOINS = frozenset({"join", "Path", "PurePath", "joinpath"})
HERE = frozenset({"cwd", "getcwd"})
_ROOT = "/"
"""The root of the code: a path made from `__file__` starts with it."""


def file_at(at: At, next_step: NextStep) -> str:
    """Return the name of the file among the author's whose path an expression gives.

    Raises:
        NotUnderstoodError: The path is worked out, or it means no file of the code or several.
    """
    path = _path(at, next_step)
    here = posixpath.dirname(at.script.name)
    tries = [path[1:]] if path.startswith(_ROOT) else [path, posixpath.join(here, path)]
    found = {name for name in map(posixpath.normpath, tries) if name in at.script.files}
    if len(found) != 1:
        raise NotUnderstoodError(f"{path.lstrip(_ROOT)} is not one file of the code")
    return found.pop()


def _path(at: At, next_step: NextStep) -> str:
    """Return the path that an expression gives, from the code's root where it is made from `__file__`."""
    node = at.node
    if isinstance(node, cst.SimpleString):
        text = str(node.evaluated_value)
        if text.startswith(_ROOT):
            raise NotUnderstoodError(f"{text} is outside the code")
        return text
    if isinstance(node, cst.Name) and node.value == "__file__":
        return _ROOT + at.script.name
    if isinstance(node, cst.BinaryOperation):
        left, right = _path(at.to(node.left), next_step), _path_after(at.to(node.right), next_step)
        return left + right if isinstance(node.operator, cst.Add) else posixpath.join(left, right)
    if isinstance(node, cst.Attribute) and node.attr.value == "parent":
        return posixpath.dirname(_path(at.to(node.value), next_step))
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute | cst.Name):
        return _of_call(at, node, next_step)
    step = next_step(at)
    if step is None or not isinstance(step.to, At):
        raise NotUnderstoodError(f"the path {at} is worked out")
    return _path(step.to, next_step)


def _path_after(at: At, next_step: NextStep) -> str:
    """Return the part of a path that comes after another: it may begin with a slash where texts are joined."""
    if isinstance(at.node, cst.SimpleString):
        return str(at.node.evaluated_value)
    return _path(at, next_step)


def _of_call(at: At, call: cst.Call, next_step: NextStep) -> str:
    """Return the path that a call of `os.path` or `pathlib` gives."""
    method = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
    called = method or (call.func.value if isinstance(call.func, cst.Name) else "")
    given = [at.to(arg.value) for arg in call.args]
    if called in HERE:
        return ""
    if called == "dirname" and given:
        return posixpath.dirname(_path(given[0], next_step))
    if called in SAME or called in JOINS:
        base = [at.to(call.func.value)] if isinstance(call.func, cst.Attribute) and called in _METHODS else []
        return posixpath.join(*(_path(each, next_step) for each in [*base, *given]))
    raise NotUnderstoodError(f"the path {at} is worked out")


_METHODS = frozenset({"resolve", "absolute", "joinpath"})

"""Arrays of one element that are used as numbers, as NumPy allowed until 2.3.

NumPy converts them in C, where nothing can be replaced: what does it is replaced in the author's code instead.
"""

from __future__ import annotations

import ast
from operator import setitem
from typing import Callable

from trainprobe.foreign import Foreign

_HELPERS = "__import__({!r}, fromlist=['called']).".format(__name__)
_CONVERTING = ("complex", "float", "int")
_REFUSED = ("only 0-dimensional arrays can be converted", "setting an array element with a sequence")


class Scalars(ast.NodeTransformer):
    """Has ``float(x)``, ``math.sqrt(x)``, ``"%f" % x`` and ``a[i] = x`` take an *x* of one element."""

    def __init__(self) -> None:
        self.changed = False

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Replace a conversion to a number, and a function of ``math``."""
        self.generic_visit(node)
        given = node.args
        if not _takes_numbers(node.func) or node.keywords or any(isinstance(arg, ast.Starred) for arg in given):
            return node
        return self._helper("called", node, node.func, *given)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Replace the formatting of a constant text."""
        self.generic_visit(node)
        is_text = isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)
        if not is_text or not isinstance(node.op, ast.Mod):
            return node
        return self._helper("formatted", node, node.left, node.right)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """Replace an assignment to one element."""
        self.generic_visit(node)
        target = node.targets[0]
        if len(node.targets) > 1 or not isinstance(target, ast.Subscript):
            return node
        if any(isinstance(each, ast.Slice) for each in ast.walk(target.slice)):
            return node
        return ast.copy_location(ast.Expr(self._helper("put", node, node.value, target.value, target.slice)), node)

    def _helper(self, name: str, node: ast.AST, *args: ast.expr) -> ast.Call:
        self.changed = True
        function = ast.parse(_HELPERS + name, mode="eval").body
        for part in ast.walk(function):
            ast.copy_location(part, node)
        return ast.copy_location(ast.Call(function, list(args), []), node)


def _takes_numbers(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return isinstance(function.value, ast.Name) and function.value.id == "math"
    return isinstance(function, ast.Name) and function.id in _CONVERTING


def called(function: Callable[..., Foreign], *args: Foreign) -> Foreign:
    """Return what *function* returns for *args*, or for the only elements of arrays that it refuses."""
    return _with_items(function, *args)


def formatted(text: str, values: Foreign) -> str:
    """Return ``text % values``, likewise."""
    if isinstance(values, tuple):
        return str(_with_items(lambda *each: text % each, *values))
    return str(_with_items(text.__mod__, values))


def put(value: Foreign, array: Foreign, index: Foreign) -> None:
    """Do ``array[index] = value``, likewise; what is given stands in the order in which Python evaluates it."""
    _with_items(lambda one: setitem(array, index, one), value)


def _with_items(function: Callable[..., Foreign], *args: Foreign) -> Foreign:
    try:
        return function(*args)
    except (TypeError, ValueError) as error:
        if not any(words in str(error) for words in _REFUSED):
            raise
        return function(*map(_item, args))


def _item(value: Foreign) -> Foreign:
    """Return the only element of an array or a tensor; anything else as it is."""
    array = value.numpy() if hasattr(value, "numpy") and not hasattr(value, "item") else value
    is_one = hasattr(array, "item") and all(length == 1 for length in array.shape)
    return array.item() if is_one else value

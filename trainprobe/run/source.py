"""Compiles the author's source code, with the paths in it replaced; everything else stays as it is."""

from __future__ import annotations

import ast
import sys
import warnings
from types import CodeType

from trainprobe.environment.paths import PathMap
from trainprobe.foreign import Foreign


def compiled(source: bytes, filename: str, places: PathMap) -> CodeType:
    """Return the code of a module, whose lines, and so tracebacks, are the author's; docstrings are left alone.

    Raises:
        SyntaxError, ValueError: it is no Python of this version.
    """
    code = compile(source, filename, "exec", dont_inherit=True)  # warns, or raises, as ever
    if not places:
        return code
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        replacing = Replacing(places)
        tree = replacing.visit(ast.parse(source, filename))
        if replacing.changed:
            code = compile(tree, filename, "exec", dont_inherit=True)
    return code


class Replacing(ast.NodeTransformer):
    """Replaces the paths in a tree's string constants."""

    def __init__(self, places: PathMap) -> None:
        self._places = places
        self.changed = False

    def visit(self, node: ast.AST) -> Foreign:
        """Replace what is below *node*."""
        if _is_text(node):
            return self._replaced(node)
        if isinstance(node, ast.JoinedStr):
            node.values = [
                self._replaced(part, goes_on=index > 0) if _is_text(part) else self.visit(part)
                for index, part in enumerate(node.values)
            ]
            return node
        docstring = _docstring(node)
        text = docstring.value if docstring is not None else None
        node = self.generic_visit(node)
        if docstring is not None:
            docstring.value = text
        return node

    def _replaced(self, node: Foreign, *, goes_on: bool = False) -> Foreign:
        field = "value" if isinstance(node, ast.Constant) else "s"
        text = getattr(node, field)
        new = self._places.text(text, goes_on=goes_on)
        if new != text:
            self.changed = True
            node = ast.copy_location(type(node)(**{field: new}), node)
        return node


def _is_text(node: ast.AST) -> bool:
    if sys.version_info < (3, 8) and isinstance(node, ast.Str):
        return True
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _docstring(node: Foreign) -> Foreign:
    body = node.body if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) else []
    return body[0] if body and isinstance(body[0], ast.Expr) and _is_text(body[0].value) else None

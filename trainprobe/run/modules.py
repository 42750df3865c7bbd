"""Finds the modules that a script means, and compiles the author's source code with changes."""

from __future__ import annotations

import ast
import os
import sys
import warnings
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import List, NamedTuple, Optional, Sequence

from trainprobe.compat.scalars import Scalars
from trainprobe.environment.paths import PathMap
from trainprobe.foreign import Foreign
from trainprobe.task import Task


class Changes(NamedTuple):
    """What is changed in the author's code when it is compiled: paths, and with *scalars* the use of small arrays."""

    places: PathMap
    scalars: bool

    def __bool__(self) -> bool:
        """Return whether there is anything."""
        return bool(self.places) or self.scalars

    def transformers(self) -> List[Foreign]:
        """Return what changes a tree, in this order."""
        return [*([Replacing(self.places)] if self.places else []), *([Scalars()] if self.scalars else [])]


def changes_of(task: Task) -> Changes:
    """Return what is changed in the code of *task*."""
    refuses_arrays = "numpy" in task.compat and sys.version_info >= (3, 9)  # NumPy does, in none of older Pythons
    return Changes(PathMap(task.paths, task.code), scalars=refuses_arrays)


def find_first(finder: MetaPathFinder) -> None:
    """Let *finder* look for modules before the ordinary finder, from now on."""
    ordinary = sys.meta_path.index(PathFinder) if PathFinder in sys.meta_path else len(sys.meta_path)
    sys.meta_path.insert(ordinary, finder)


class OthersModules(MetaPathFinder):
    """Finds a library in spite of a script of the same name: a script is no module of its own.

    A ``keras.py`` that imports keras means the library, and a library that imports the standard ``code`` does not mean
    the author's ``code.py``.
    """

    def __init__(self, script: Path) -> None:
        self._name = script.stem
        self._folder = str(script.parent)

    def find_spec(
        self, fullname: str, path: Optional[Sequence[str]], target: Optional[ModuleType] = None
    ) -> Optional[ModuleSpec]:
        """Return what there is of that name beside the script; None where there is nothing, or for another name."""
        if fullname != self._name or path is not None:
            return None
        return PathFinder.find_spec(fullname, [folder for folder in sys.path if folder != self._folder], target)


class AuthorsModules(MetaPathFinder):
    """Finds what the ordinary finder finds, and has the author's own modules compiled with the *changes*."""

    def __init__(self, code: Path, changes: Changes) -> None:
        self._code = str(code) + os.sep
        self._changes = changes

    def find_spec(
        self, fullname: str, path: Optional[Sequence[str]], target: Optional[ModuleType] = None
    ) -> Optional[ModuleSpec]:
        """Return the ordinary spec, with a loader of ours for a source file of the author's."""
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            origin = str(spec.origin)
            if os.path.abspath(origin).startswith(self._code) and "site-packages" not in origin:
                spec.loader = _Loader(fullname, origin, self._changes)
        return spec


class _Loader(SourceFileLoader):
    """Loads a module from its source alone: what lies compiled beside it has the author's paths."""

    def __init__(self, fullname: str, path: str, changes: Changes) -> None:
        super().__init__(fullname, path)
        self._changes = changes

    def get_code(self, fullname: str) -> CodeType:
        """Return the module's code."""
        path = self.get_filename(fullname)
        return compiled(self.get_data(path), path, self._changes)


def compiled(source: bytes, filename: str, changes: Changes) -> CodeType:
    """Return the code of a module, whose lines, and so tracebacks, are the author's; docstrings are left alone.

    Raises:
        SyntaxError, ValueError: it is no Python of this version.
    """
    code = compile(source, filename, "exec", dont_inherit=True)  # warns, or raises, as ever
    if not changes:
        return code
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree, changing = ast.parse(source, filename), changes.transformers()
        for transformer in changing:
            tree = transformer.visit(tree)
        if any(transformer.changed for transformer in changing):
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

"""What text an expression stands for, as far as that can be told without running anything."""

from __future__ import annotations

import ast
import posixpath
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from trainyard_analysis.options import read_option
from trainyard_analysis.script import Script

ROOT = "<code>"
"""Stands for the bundle's root at the beginning of a text that comes of `__file__`."""

_DEEPEST = 40
_JOINS = frozenset({"os.path.join", "posixpath.join", "path.join", "pathlib.Path", "pathlib.PurePath", "Path"})
_SAME = frozenset(
    {
        "str",
        "os.fspath",
        "os.path.abspath",
        "os.path.realpath",
        "os.path.normpath",
        "os.path.expanduser",
        "path.abspath",
    }
)
_SAME_METHODS = frozenset({"resolve", "absolute", "expanduser", "as_posix"})


@dataclass(frozen=True, slots=True)
class Text:
    """The beginning of a text, and whether it is all of it."""

    known: str
    whole: bool = True


NOTHING = Text("", whole=False)


class Constants:
    """Tells the text of expressions in one script.

    A name counts when it is given its value once in the whole file, an attribute such as `args.data` when that is so
    or when argparse gives it a default; what is imported counts when one of the *others* gives it its value.
    """

    def __init__(self, script: Script, others: Iterable[Script] = ()) -> None:
        self._script = script
        self._values = _values(script)
        self._imported = _module_values(script, others)

    def text(self, node: ast.AST | None, depth: int = 0) -> Text:
        """Return what is known of the text that *node* stands for."""
        if node is None or depth > _DEEPEST:
            return NOTHING
        reader = _READERS.get(type(node))
        return reader(self, node, depth + 1) if reader else NOTHING

    def value(self, name: str, depth: int) -> Text:
        """Return the text that a name stands for."""
        own = self._values.get(name)
        return self.text(own if own is not None else self._imported.get(name), depth)

    @property
    def folder(self) -> str:
        """The folder that the script lies in."""
        return posixpath.join(ROOT, posixpath.dirname(self._script.path)).rstrip("/")

    @property
    def file(self) -> str:
        """The script itself."""
        return posixpath.join(ROOT, self._script.path)

    def dotted(self, node: ast.AST) -> str:
        """Return the full name of what is called."""
        return self._script.dotted(node)


def joined(parts: list[Text], by: Callable[[str, str], str] = posixpath.join) -> Text:
    """Join texts up to the first that is not wholly known."""
    known = parts[0].known if parts else ""
    for before, part in pairwise(parts):
        if not before.whole:
            return Text(known, whole=False)
        known = by(known, part.known)
    return Text(known, whole=bool(parts) and parts[-1].whole)


def _constant(_: Constants, node: ast.Constant, __: int) -> Text:
    return Text(node.value) if isinstance(node.value, str) else NOTHING


def _name(constants: Constants, node: ast.Name, depth: int) -> Text:
    return Text(constants.file) if node.id == "__file__" else constants.value(node.id, depth)


def _attribute(constants: Constants, node: ast.Attribute, depth: int) -> Text:
    if node.attr == "parent":
        inner = constants.text(node.value, depth)
        return Text(posixpath.dirname(inner.known)) if inner.whole else NOTHING
    return constants.value(f".{node.attr}", depth)


def _f_string(constants: Constants, node: ast.JoinedStr, depth: int) -> Text:
    parts = [
        constants.text(part.value if isinstance(part, ast.FormattedValue) else part, depth) for part in node.values
    ]
    return joined(parts, str.__add__) if parts else Text("")


def _operation(constants: Constants, node: ast.BinOp, depth: int) -> Text:
    left = constants.text(node.left, depth)
    if isinstance(node.op, ast.Add):
        return joined([left, constants.text(node.right, depth)], str.__add__)
    if isinstance(node.op, ast.Div):
        return joined([left, constants.text(node.right, depth)])
    return Text(left.known.partition("%")[0], whole=False) if isinstance(node.op, ast.Mod) else NOTHING


def _call(constants: Constants, node: ast.Call, depth: int) -> Text:
    name = constants.dotted(node.func)
    if name in _JOINS:
        return joined([constants.text(each, depth) for each in node.args])
    if name in _SAME and node.args:
        return constants.text(node.args[0], depth)
    if name in ("os.path.dirname", "path.dirname") and node.args:
        inner = constants.text(node.args[0], depth)
        return Text(posixpath.dirname(inner.known)) if inner.whole else NOTHING
    if name in ("os.getcwd", "pathlib.Path.cwd", "Path.cwd"):
        return Text(".")
    return _method(constants, node, depth)


def _method(constants: Constants, node: ast.Call, depth: int) -> Text:
    if not isinstance(node.func, ast.Attribute):
        return NOTHING
    if node.func.attr == "format":
        return Text(constants.text(node.func.value, depth).known.partition("{")[0], whole=False)
    if node.func.attr == "joinpath":
        return joined([constants.text(each, depth) for each in (node.func.value, *node.args)])
    return constants.text(node.func.value, depth) if node.func.attr in _SAME_METHODS else NOTHING


_READERS: Mapping[type[ast.AST], Callable[..., Text]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.JoinedStr: _f_string,
    ast.BinOp: _operation,
    ast.Call: _call,
}


def _values(script: Script) -> dict[str, ast.expr]:
    """Return the expression that each name stands for which is given a value only once."""
    values: dict[str, ast.expr] = {}
    given: Counter[str] = Counter()
    for node in ast.walk(script.tree):
        for name, value in _given(node):
            given[name] += 1
            if value is not None:
                values[name] = value
    return {name: value for name, value in values.items() if given[name] == 1}


def _module_values(script: Script, others: Iterable[Script]) -> dict[str, ast.expr]:
    """Return what modules give their names, by name where it is imported and by attribute where the module is."""
    values: dict[str, ast.expr] = {}
    given: Counter[str] = Counter()
    for other in others:
        for node in other.tree.body if other is not script else ():
            for name, value in _given(node):
                if value is not None and not name.startswith("."):
                    values[name] = value
                    given[name] += 1
    once = {name: value for name, value in values.items() if given[name] == 1}
    named = {name: value for name, value in once.items() if name in script.aliases}
    return {**named, **{f".{name}": value for name, value in once.items()}}


def _given(node: ast.AST) -> list[tuple[str, ast.expr | None]]:
    """Return the names that a node gives a value to, with that value where it is one expression."""
    if isinstance(node, ast.Assign):
        return [(name, node.value) for target in node.targets for name in _target(target)]
    if isinstance(node, ast.AnnAssign):
        return [(name, node.value) for name in _target(node.target)]
    if isinstance(node, ast.AugAssign | ast.For | ast.NamedExpr | ast.comprehension):
        return [(name, None) for name in _target(node.target)]
    if isinstance(node, ast.arg):
        return [(node.arg, None)]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "add_argument":
        option = read_option(node)
        return [(f".{option.dest}", option.default)] if option.dest else []
    return []


def _target(target: ast.AST) -> list[str]:
    if isinstance(target, ast.Name):
        return [target.id]
    if isinstance(target, ast.Attribute):
        return [f".{target.attr}"]
    return [name for each in getattr(target, "elts", ()) for name in [*_target(each), *_target(each)]]

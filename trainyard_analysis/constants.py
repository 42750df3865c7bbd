"""What text an expression stands for, as far as that is known without running anything."""

import ast
import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from trainyard_analysis.names import called
from trainyard_analysis.options import read_option
from trainyard_analysis.script import Script

ROOT = "<code>"
"""Stands for the bundle's root at the beginning of a text that comes of `__file__`."""

_DEEPEST = 40
_JOINS = frozenset({"os.path.join", "posixpath.join", "path.join", "pathlib.Path", "pathlib.PurePath", "Path"})
_SAME = frozenset(
    {"str", "os.fspath", "path.abspath"}
    | {f"os.path.{each}" for each in ("abspath", "realpath", "normpath", "expanduser")}
)
_DIRNAMES = frozenset({"os.path.dirname", "path.dirname"})
_WORKING_FOLDER = frozenset({"os.getcwd", "pathlib.Path.cwd", "Path.cwd"})
_SAME_METHODS = frozenset({"resolve", "absolute", "expanduser", "as_posix"})


@dataclass(frozen=True, slots=True)
class Text:
    """The beginning of a text, and whether it is all of it."""

    known: str
    whole: bool = True


NOTHING = Text("", whole=False)


class Constants:
    """The text of expressions in one script.

    A name counts when it is given its value once in the whole file, an attribute such as `args.data` when that is so
    or when argparse gives it a default; what is imported counts when one of the *others* gives it its value.
    """

    def __init__(self, script: Script, others: Iterable[Script] = ()) -> None:
        self.script = script
        shared = _given_once(_assignments(other for other in others if other is not script))
        named = {name: value for name, value in shared.items() if name in script.aliases}
        self.values = {f".{name}": value for name, value in shared.items()} | named | _given_once(script.nodes)

    def text(self, node: ast.AST | None, depth: int = 0) -> Text:
        """Return what is known of the text that *node* stands for."""
        if node is None or depth > _DEEPEST:
            return NOTHING
        reader = _READERS.get(type(node))
        return reader(self, node, depth + 1) if reader else NOTHING


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
    if node.id == "__file__":
        return Text(posixpath.join(ROOT, constants.script.path))
    return constants.text(constants.values.get(node.id), depth)


def _attribute(constants: Constants, node: ast.Attribute, depth: int) -> Text:
    if node.attr == "parent":
        return _dirname(constants.text(node.value, depth))
    return constants.text(constants.values.get(f".{node.attr}"), depth)


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
    name = constants.script.dotted(node.func)
    if name in _JOINS:
        return joined([constants.text(each, depth) for each in node.args])
    if name in _WORKING_FOLDER:
        return Text(".")
    if name in _SAME | _DIRNAMES and node.args:
        inner = constants.text(node.args[0], depth)
        return inner if name in _SAME else _dirname(inner)
    return _method(constants, node, depth)


def _dirname(path: Text) -> Text:
    return Text(posixpath.dirname(path.known)) if path.whole else NOTHING


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


def _given_once(nodes: Iterable[ast.AST]) -> dict[str, ast.expr]:
    values: dict[str, list[ast.expr | None]] = defaultdict(list)
    for node in nodes:
        for name, value in _bindings(node):
            values[name].append(value)
    return {name: only for name, (only, *more) in values.items() if only is not None and not more}


def _assignments(modules: Iterable[Script]) -> list[ast.Assign | ast.AnnAssign]:
    statements = (node for module in modules for node in module.tree.body)
    return [node for node in statements if isinstance(node, ast.Assign | ast.AnnAssign) and node.value]


def _bindings(node: ast.AST) -> list[tuple[str, ast.expr | None]]:
    """Return the names that a node gives a value to, with that value where it is one expression."""
    if called(node) == "add_argument" and isinstance(node, ast.Call):
        option = read_option(node)
        return [(f".{option.dest}", option.default)] if option.dest else []
    value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    return [(name, value) for target in _targets(node) for name in _names(target)]


def _targets(node: ast.AST) -> Sequence[ast.AST]:
    if isinstance(node, ast.Assign):
        return node.targets
    if isinstance(node, ast.AnnAssign | ast.AugAssign | ast.For | ast.NamedExpr | ast.comprehension):
        return [node.target]
    return [ast.Name(node.arg)] if isinstance(node, ast.arg) else []


def _names(target: ast.AST) -> list[str]:
    """Return the names that a target binds; those of a tuple twice, since none of them is the value itself."""
    if isinstance(target, ast.Name):
        return [target.id]
    if isinstance(target, ast.Attribute):
        return [f".{target.attr}"]
    return [name for each in getattr(target, "elts", ()) for name in _names(each) * 2]

"""What the author's statement says about a number: whether it is an accuracy, and on which data."""

from __future__ import annotations

import ast
import re
import sys
from typing import FrozenSet, Iterator, List, Set

from trainprobe.call_site import lines_at, parsed, source_of_file, statement_tree
from trainprobe.data.kind import DataKind, agreed, kind_in
from trainprobe.results.sources.labels import ACCURACY

_OTHER = re.compile(
    r"loss|mse|mae|rmse|r2|error|f1|recall|precision|auc|std|var(?!i)|time|shape|epoch|corr(?!ect)|mean_sq|confusion"
    r"|report|matthews|kappa|silhouette|target|thresh",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"(?:mean|average)\([^=]*==|sum\([^=]*==.*/|==.*\)\.(?:float\(\)\.)?mean\(|(?:correct|right|hits?|match)\w*\)?\s*/",
    re.IGNORECASE,
)
_SPREAD = re.compile(r"[\w.]*std(?:ev)?\([^()]*\)")  # behind a mean
_RESULT = re.compile(ACCURACY.pattern + r"|score|result|perf", re.IGNORECASE)
_SHOWING = ("print", "display", "info", "log", "write")
ORIGINS = 3  # assignments that are followed to see whether a number is an accuracy
DATA_ORIGINS = 2  # and to see which data it was measured on


def is_accuracy(file: str, line: int) -> bool:
    """Return whether the statement at *line* calls what it prints an accuracy, or its variables' origins do."""
    node = statement_tree(file, line)
    return node is not None and _is_accuracy(node, file, frozenset(), ORIGINS)


def statement_words(file: str, line: int) -> str:
    """Return the statement at *line* as text, which may name the data."""
    node = statement_tree(file, line)
    return _text(node, file) if node is not None else ""


def kind_at(file: str, line: int) -> DataKind:
    """Return the data that the statement at *line* mentions, or the one that computed the accuracy it mentions."""
    node = statement_tree(file, line)
    return _kind(node, parsed(source_of_file(file)), DATA_ORIGINS) if node is not None else DataKind.UNKNOWN


def is_kept(file: str, line: int, function: str) -> bool:
    """Return whether the statement at *line* shows what *function* returns, returns it, or keeps it as a result."""
    node = statement_tree(file, line)
    if isinstance(node, ast.Expr):  # the value of a notebook's cell, or of a script that was one
        return isinstance(node.value, ast.Call) and _last_name(node.value.func) in {function, *_SHOWING}
    if isinstance(node, ast.Assign):
        returned = _returned_around(line, parsed(source_of_file(file)))
        return any(_is_result(part, returned) for target in node.targets for part in getattr(target, "elts", [target]))
    return isinstance(node, ast.Return)


def _is_result(target: ast.AST, returned: Set[str]) -> bool:
    name = _last_name(target.value if isinstance(target, ast.Subscript) else target)
    return name in returned or bool(_RESULT.search(name))


def _last_name(node: ast.AST) -> str:
    return getattr(node, "attr", "") or getattr(node, "id", "")


def _returned_around(line: int, tree: ast.AST) -> Set[str]:
    """Return the names that the function around *line* returns."""
    functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
    around = [one for one in functions if one.lineno <= line <= max(part.lineno for part in _statements(one))]
    inner = max(around, key=lambda one: one.lineno, default=None)
    returns = [one.value for one in _statements(inner) if isinstance(one, ast.Return)] if inner is not None else []
    return {name for value in returns if value is not None for name in _names(value)}


def _statements(function: ast.FunctionDef) -> List[ast.stmt]:
    return [one for one in ast.walk(function) if isinstance(one, ast.stmt)]


def kind_behind(name: str, code: str) -> DataKind:
    """Return the data that the statements mention that assign the variable *name* in the *code*."""
    return _kind_behind(name, parsed(code), DATA_ORIGINS)


def _is_accuracy(node: ast.AST, file: str, followed: FrozenSet[str], depth: int) -> bool:
    text = _SPREAD.sub("", _text(node, file))
    if _OTHER.search(text):
        return False
    if ACCURACY.search(text) or _COMPARED.search(text):
        return True
    if not depth:
        return False
    tree, names = parsed(source_of_file(file)), _names(node) - followed
    origins = [value for name in names for value in list(_values(name, tree))[-1:]]
    return any(_is_accuracy(origin, file, followed | names, depth - 1) for origin in origins)


def _names(node: ast.AST) -> Set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _kind(node: ast.AST, tree: ast.AST, depth: int) -> DataKind:
    names = list(_operands(node))
    mentioned = {kind_in(name) for name in names} - {DataKind.UNKNOWN}
    if mentioned or not depth:
        return agreed(mentioned)
    return agreed({_kind_behind(name, tree, depth) for name in names if ACCURACY.search(name)} - {DataKind.UNKNOWN})


def _kind_behind(name: str, tree: ast.AST, depth: int) -> DataKind:
    return agreed(_kind(value, tree, depth - 1) for value in _values(name, tree, unpacked=True))


def _values(name: str, tree: ast.AST, *, unpacked: bool = False) -> Iterator[ast.AST]:
    """Yield what is assigned to *name* anywhere in *tree*, *unpacked* also as a part of what is assigned."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(_binds(target, name, unpacked=unpacked) for target in node.targets):
            yield node.value


def _binds(target: ast.AST, name: str, *, unpacked: bool) -> bool:
    return name in _names(target) if unpacked else isinstance(target, ast.Name) and target.id == name


def _operands(node: ast.AST) -> Iterator[str]:
    """Yield the names in *node* of what may be data: not of the functions that are called, nor of a model."""
    called = {id(one.func) for one in ast.walk(node) if isinstance(one, ast.Call)}
    for one in ast.walk(node):
        name = getattr(one, "id", "") or getattr(one, "attr", "")
        if name and id(one) not in called and not name.lower().startswith("trained"):
            yield name


def _text(node: ast.AST, file: str) -> str:
    """Return the source of *node*; its whole lines where Python 3.7 does not say where it ends."""
    if sys.version_info >= (3, 8):
        return ast.get_source_segment(source_of_file(file), node) or ""
    first = getattr(node, "lineno", 0)
    return "".join(lines_at(file, first, first))

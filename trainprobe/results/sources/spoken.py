"""Tells by the words of the author's statements which data an accuracy was taken on."""

from __future__ import annotations

import ast
import linecache
from typing import Iterator, List, Optional

from trainprobe.call_site import tree_at
from trainprobe.data.kind import DataKind, agreed, kind_in
from trainprobe.results.sources.labels import ACCURACY

DEEPEST = 2  # assignments that are followed


def data_at(file: str, line: int) -> DataKind:
    """Return the data that the statement over *line* speaks of, or that which made the accuracy it speaks of."""
    node = tree_at(file, line)
    return _spoken(node, _parsed("".join(linecache.getlines(file))), DEEPEST) if node is not None else DataKind.UNKNOWN


def data_behind(name: str, code: str) -> DataKind:
    """Return the data that the statement speaks of by which the variable *name* got its value in the *code*."""
    return _behind(name, _parsed(code), DEEPEST)


def _spoken(node: ast.AST, tree: Optional[ast.AST], depth: int) -> DataKind:
    names = list(_operands(node))
    spoken = {kind_in(name) for name in names} - {DataKind.UNKNOWN}
    if spoken or not depth:  # words that speak of two kinds of data tell nothing
        return agreed(spoken)
    found = {_behind(name, tree, depth) for name in names if ACCURACY.search(name)} - {DataKind.UNKNOWN}
    return agreed(found)


def _behind(name: str, tree: Optional[ast.AST], depth: int) -> DataKind:
    values: List[ast.AST] = [
        node.value
        for node in (ast.walk(tree) if tree is not None else ())
        if isinstance(node, ast.Assign)
        and any(isinstance(one, ast.Name) and one.id == name for target in node.targets for one in ast.walk(target))
    ]
    found = {_spoken(value, tree, depth - 1) for value in values}  # of one name, all have to say the same
    return agreed(found)


def _operands(node: ast.AST) -> Iterator[str]:
    """Yield the names in *node* of what may be data: not of the functions that are called, nor of a model."""
    called = {id(one.func) for one in ast.walk(node) if isinstance(one, ast.Call)}
    for one in ast.walk(node):
        name = getattr(one, "id", "") or getattr(one, "attr", "")
        if name and id(one) not in called and not name.lower().startswith("trained"):
            yield name


def _parsed(code: str) -> Optional[ast.AST]:
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError):  # a cell with magics
        return None

"""Strings of a script that stand for a path on their own, not for the end of one or for something else."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from trainyard_analysis.names import called
from trainyard_analysis.script import LONGEST, Script

_ON_TEXT = frozenset(
    {"replace", "split", "rsplit", "endswith", "startswith", "strip", "rstrip", "lstrip", "find", "rfind", "index"}
    | {"partition", "rpartition", "count", "removeprefix", "removesuffix", "match", "search", "sub", "findall"}
    | {"compile", "route", "get", "post", "put", "delete", "add_url_rule", "print"}
)
"""Calls whose text is a pattern, a part or an address, or goes to people."""

_Parents = dict[int, ast.AST]


@dataclass(frozen=True, slots=True)
class Literal:
    """One string constant that may be a path; without a node, one of the command line or of a variable."""

    text: str
    script: Script
    line: int
    node: ast.AST | None = None


def literals_in(script: Script) -> Iterator[Literal]:
    """Yield every string constant of the script that could be a path or begin one.

    One that is put behind other text anywhere is the end of a path: `folder + "/train"` is not about `/train`.
    """
    parents = {id(child): node for node in script.nodes for child in ast.iter_child_nodes(node)}
    tails = set(_tails(script, parents))
    for node in script.nodes:
        match node:
            case ast.Constant(value=str(text)) if 0 < len(text) <= LONGEST and text not in tails:
                if not isinstance(parents[id(node)], ast.Expr):  # a docstring
                    yield Literal(text, script, node.lineno, node)


def _tails(script: Script, parents: _Parents) -> Iterator[str]:
    """Yield the constants that stand behind other text, in patterns and the like, directly or by their name."""
    named = _named_texts(script)
    for node in script.nodes:
        texts = named.get(node.id, []) if isinstance(node, ast.Name) else _text(node)
        if texts and _is_behind(node, parents):
            yield from texts
        elif isinstance(parents.get(id(node)), ast.Compare):
            yield from (text for text in texts if "/" not in text.strip("/"))


def _named_texts(script: Script) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for node in script.nodes:
        match node:
            case ast.Assign(targets=targets, value=ast.Constant(value=str(text))):
                for target in (each for each in targets if isinstance(each, ast.Name)):
                    named.setdefault(target.id, []).append(text)
    return named


def _text(node: ast.AST) -> list[str]:
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _is_behind(node: ast.AST, parents: _Parents) -> bool:
    parent = parents.get(id(node))
    if isinstance(parent, ast.FormattedValue):
        node, parent = parent, parents.get(id(parent))
    if isinstance(parent, ast.BinOp):
        return parent.right is node and isinstance(parent.op, ast.Add | ast.Mod)
    if isinstance(parent, ast.AugAssign):
        return True
    if isinstance(parent, ast.JoinedStr):
        return parent.values[0] is not node
    return isinstance(parent, ast.Call) and node in parent.args and called(parent) in _ON_TEXT

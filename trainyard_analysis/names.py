"""Names of expressions in a syntax tree, and its nodes by their kind."""

import ast
from collections.abc import Iterator
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)


def dotted(node: ast.AST) -> str:
    """Return `a.b.c` for the expression of that form, else an empty text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


def nodes_in(tree: ast.AST, kind: type[Node]) -> Iterator[Node]:
    """Yield the nodes of a kind in a tree."""
    return (node for node in ast.walk(tree) if isinstance(node, kind))


def called(node: ast.AST | None) -> str:
    """Return the last part of the name that a call calls; "" for other nodes."""
    func = node.func if isinstance(node, ast.Call) else None
    if isinstance(func, ast.Attribute):
        return func.attr
    return func.id if isinstance(func, ast.Name) else ""

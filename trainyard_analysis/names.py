"""Dotted names of expressions in a syntax tree."""

from __future__ import annotations

import ast


def dotted(node: ast.AST) -> str:
    """Return `a.b.c` for the expression of that form, else an empty text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


def called(node: ast.AST) -> str:
    """Return the last part of the name that is called."""
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""

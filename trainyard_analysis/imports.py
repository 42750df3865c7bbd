"""Which modules a file imports, and whether it can do without."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_CAUGHT = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


@dataclass(frozen=True, slots=True)
class Import:
    """One import.

    Attributes:
        module: The dotted name after `import` or `from`; "" in `from . import x`.
        names: What is taken from it; empty for a plain `import`.
        level: The dots of a relative import.
        line: Where it stands, counted from 1.
        required: The file cannot be run without it: it stands outside of functions and of `try … except ImportError`.
        guarded: The file does without it where it is not there: it stands in `try … except ImportError`.
    """

    module: str
    names: tuple[str, ...]
    level: int
    line: int
    required: bool
    guarded: bool = False

    @property
    def top(self) -> str:
        """The top-level module."""
        return self.module.partition(".")[0]


def imports_in(tree: ast.AST, *, required: bool = True, guarded: bool = False) -> Iterator[Import]:
    """Yield the imports below *tree* in the order of the file."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, (), 0, node.lineno, required, guarded) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = tuple(alias.name for alias in node.names)
            yield Import(node.module or "", names, node.level, node.lineno, required, guarded)
        elif isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
            within = guarded or (not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _optional(node))
            yield from imports_in(node, required=required and not _optional(node), guarded=within)


def aliases_in(nodes: Iterable[ast.AST]) -> Mapping[str, str]:
    """Return what each imported name stands for, in full; a relative import leads to the name after its dots."""
    found: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            tops = {each.name.partition(".")[0] for each in node.names if not each.asname}
            found |= {top: top for top in tops} | {each.asname: each.name for each in node.names if each.asname}
        elif isinstance(node, ast.ImportFrom):
            module = f"{node.module}." if node.module else ""
            found |= {each.asname or each.name: module + each.name for each in node.names if each.name != "*"}
    return found


def _optional(node: ast.AST) -> bool:
    """Tell whether what stands in *node* may never be run, or may fail without harm."""
    if isinstance(node, ast.Try):
        return any(_catches(handler) for handler in node.handlers)
    if isinstance(node, ast.If):
        return "TYPE_CHECKING" in ast.dump(node.test)
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def _catches(handler: ast.ExceptHandler) -> bool:
    """Tell whether the handler catches a failing import."""
    if handler.type is None:
        return True
    named = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(each, ast.Name) and each.id in _CAUGHT for each in named)

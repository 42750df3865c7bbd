"""Which modules a file imports, and whether it can run without them."""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
"""What a handler names that catches a failing import."""


@dataclass(frozen=True, slots=True)
class Import:
    """One import.

    Attributes:
        module: The dotted name after `import` or `from`; "" in `from . import x`.
        names: What is taken from it; empty for a plain `import`.
        level: The dots of a relative import.
        line: Where it stands, counted from 1.
        required: The file cannot run without it: it stands outside of functions and of `try … except ImportError`.
        guarded: The file can run without it: it stands in `try … except ImportError`.
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
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (Import(*what, node.lineno, required, guarded) for what in _imported(node))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from imports_in(node, required=False, guarded=guarded)
        elif isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
            spared = _may_fail(node)
            yield from imports_in(node, required=required and not spared, guarded=guarded or spared)


def aliases_in(nodes: Iterable[ast.AST]) -> Mapping[str, str]:
    """Return what each imported name stands for, in full; a relative import leads to the name after its dots."""
    found: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= dict(map(_plain_alias, node.names))
        elif isinstance(node, ast.ImportFrom):
            module = f"{node.module}." if node.module else ""
            found |= {each.asname or each.name: module + each.name for each in node.names if each.name != "*"}
    return found


def _imported(node: ast.Import | ast.ImportFrom) -> list[tuple[str, tuple[str, ...], int]]:
    if isinstance(node, ast.ImportFrom):
        return [(node.module or "", tuple(alias.name for alias in node.names), node.level)]
    return [(alias.name, (), 0) for alias in node.names]


def _plain_alias(alias: ast.alias) -> tuple[str, str]:
    """Return the name that `import a.b` or `import a.b as c` binds, and what it stands for."""
    top = alias.name.partition(".")[0]
    return (alias.asname, alias.name) if alias.asname else (top, top)


def _may_fail(node: ast.AST) -> bool:
    """Return whether imports in *node* may fail without harm, or are for type checkers alone."""
    if isinstance(node, ast.Try):
        return any(catches(each, IMPORT_ERRORS) for each in node.handlers)
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def catches(handler: ast.ExceptHandler, errors: Collection[str]) -> bool:
    """Return whether a handler catches one of the *errors*, or all that there are."""
    if handler.type is None:
        return True
    named = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(each, ast.Name) and each.id in errors for each in named)

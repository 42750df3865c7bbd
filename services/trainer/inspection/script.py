"""One Python file: what its syntax tree says that the rest of inspection asks for."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from services.trainer.inspection.imports import Import, imports_in

TRAINS = frozenset(
    {"fit", "fit_generator", "train_on_batch", "GradientTape", "cross_val_score", "cross_validate", "cross_val_predict"}
)
"""Names that stand in a file that trains a model."""

LONGEST = 256
"""Characters of a string that may still name a file."""

_IMPORT_LINE = re.compile(r"^[ \t]*(?:from|import)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a file cannot be read as Python, and at which of its lines."""

    message: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Script:
    """What was read from one file.

    Attributes:
        path: Relative to the bundle's root.
        imports: In the order of the file.
        names: Every identifier in it.
        strings: Every short string constant in it.
        broken: Set when it does not parse; imports and names then come from its text.
    """

    path: str
    imports: tuple[Import, ...]
    names: frozenset[str]
    strings: frozenset[str]
    broken: Broken | None = None

    @property
    def trains(self) -> bool:
        """Whether something in it is fitted."""
        return bool(TRAINS & self.names)


def read_script(path: str, content: bytes) -> Script:
    """Read one file; one that does not parse is read as text as far as that goes."""
    try:
        with warnings.catch_warnings():  # an odd escape in a string is the author's business
            warnings.simplefilter("ignore")
            tree = ast.parse(content)
    except SyntaxError as error:
        return _as_text(path, content, Broken(error.msg or "invalid syntax", error.lineno))
    except (ValueError, RecursionError, MemoryError) as error:
        return _as_text(path, content, Broken(str(error) or "nested too deeply", None))
    nodes = list(ast.walk(tree))
    names = frozenset(name for node in nodes for name in _identifiers(node))
    strings = frozenset(text for node in nodes for text in _constants(node))
    return Script(path, tuple(imports_in(tree)), names, strings)


def _as_text(path: str, content: bytes, broken: Broken) -> Script:
    """Read what can be had from a file that is no Python."""
    text = content.decode("utf-8", "replace")
    found = tuple(
        Import(match[1], (), 0, text.count("\n", 0, match.start()) + 1, required=True)
        for match in _IMPORT_LINE.finditer(text)
    )
    return Script(path, found, frozenset(re.findall(r"[A-Za-z_]\w*", text)), frozenset(), broken)


def _identifiers(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node uses."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.alias):
        yield from node.name.split(".")


def _constants(node: ast.AST) -> Iterator[str]:
    """Yield a string that could name a file."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and 0 < len(node.value) <= LONGEST:
        yield node.value

"""Tells by the author's statement what a number on a line without a label is."""

from __future__ import annotations

import ast
import linecache
import re
from typing import Iterator, Set

from trainprobe.call_site import tree_at
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
DEEPEST = 3  # assignments that are followed


def says_accuracy(file: str, line: int) -> bool:
    """Say whether the statement over *line* prints what its own words, or its variables' origins, call an accuracy."""
    node = tree_at(file, line)
    return node is not None and _speaks(node, file, set(), DEEPEST)


def data_words(file: str, line: int) -> str:
    """Return the statement over *line* as text, which may name the data."""
    node = tree_at(file, line)
    return _text(node, file) if node is not None else ""


def _speaks(node: ast.AST, file: str, seen: Set[str], depth: int) -> bool:
    text = _SPREAD.sub("", _text(node, file))
    if _OTHER.search(text):
        return False
    if ACCURACY.search(text) or _COMPARED.search(text):
        return True
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} - seen
    origins = [origin for name in names for origin in _origins(name, file)] if depth else []
    return any(_speaks(origin, file, seen | names, depth - 1) for origin in origins)


def _origins(name: str, file: str) -> Iterator[ast.AST]:
    """Yield the last value that is assigned to *name* anywhere in the file."""
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except (SyntaxError, ValueError):  # it can be no statement of the author's then
        return
    assigned = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]
    yield from assigned[-1:]


def _text(node: ast.AST, file: str) -> str:
    first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", None)
    lines = linecache.getlines(file)[first - 1 : last or first]
    if not lines or last is None:
        return "".join(lines)
    begin, end = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", None)
    encoded = [line.encode("utf-8") for line in lines]
    encoded[-1] = encoded[-1][:end]
    encoded[0] = encoded[0][begin:]
    return b"".join(encoded).decode("utf-8", "replace")

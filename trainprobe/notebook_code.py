"""Reads the code of a notebook as one Python source."""

from __future__ import annotations

import ast
import json
import re
import warnings
from pathlib import Path
from typing import List, Tuple

SUFFIX = ".ipynb"

_KEPT = ("time", "timeit", "capture", "prun")  # cell magics whose cell is Python all the same
_MAGICS = (  # what is not Python in a line, and what stands for it
    (re.compile(r"^(\s*)%(?:time|timeit|prun)\s+(?!-)(.+)$"), r"\1\2"),  # these run the rest of their line
    (re.compile(r"^(\s*[\w, ]+=\s*)[%!].*$"), r"\1None"),
    (re.compile(r"^(\s*)(?:[%!?].*|.*[\w)\]]\?{1,2}\s*)$"), r"\1pass"),
)


def read_code(path: Path) -> bytes:
    """Return the Python in the file at *path*, a script or a notebook.

    Raises:
        OSError: it can't be read.
        ValueError: it is a notebook without Python.
    """
    content = path.read_bytes()
    return source_of(content).encode("utf-8") if path.suffix == SUFFIX else as_python(content)


def as_python(source: bytes) -> bytes:
    """Return the *source* of a script; of one that is Python but for magics and shell lines, without these.

    So are scripts that were exported from a notebook by hand.
    """
    text = source.decode("utf-8", "surrogateescape")
    if _is_python(text):
        return source
    plain = python_of(text)
    return plain.encode("utf-8", "surrogateescape") if plain != text and _is_python(plain) else source


def source_of(content: bytes) -> str:
    """Return the code cells of the notebook *content* as one Python source, magics and shell lines taken out.

    A line keeps its place in its cell; `place_of` tells cell and line.

    Raises:
        ValueError: it is not a notebook, or one in another language than Python.
    """
    return "\n".join(python_of(cell) for cell in code_cells(content)) + "\n"


def place_of(content: bytes, line: int) -> Tuple[int, int]:
    """Return the code cell (from 1) and the line in it (from 1) of a *line* of what `source_of` returned.

    Raises:
        ValueError: as for `source_of`.
    """
    number, before = 0, 0
    for number, cell in enumerate(code_cells(content), 1):
        lines = cell.count("\n") + 1
        if line <= before + lines:
            return number, line - before
        before += lines
    return number, line - before


def code_cells(content: bytes) -> List[str]:
    """Return the source of each code cell of a notebook.

    Raises:
        ValueError: as for `source_of`.
    """
    book = json.loads(content.decode("utf-8", "replace"))
    if not isinstance(book, dict):
        raise ValueError("it is not a notebook: it holds no JSON object")  # noqa: TRY004 - its content is wrong, not a type
    _require_python(book)
    sheets = book.get("worksheets") or [book]  # before format 4, cells lay in worksheets
    cells = [cell for sheet in sheets for cell in sheet.get("cells") or () if cell.get("cell_type") == "code"]
    return ["".join(cell.get("source", cell.get("input", ""))) for cell in cells]  # a text, or its lines


def python_of(cell: str) -> str:
    """Return a cell's code with magics and shell lines replaced by ``pass``; Python is returned as it is."""
    first = cell.lstrip()
    if first.startswith("%%"):
        kept = re.match(r"%%(\w+)", first)
        lines = cell.split("\n")
        top = cell[: len(cell) - len(first)].count("\n")
        below = lines[top + 1 :] if kept and kept.group(1) in _KEPT else [""] * (len(lines) - top - 1)
        return "\n".join([*lines[:top], "", *python_of("\n".join(below)).split("\n")][: len(lines)])
    return cell if _is_python(cell) else _without_magics(cell)


def _without_magics(cell: str) -> str:
    lines, goes_on = [], False
    for line in cell.split("\n"):
        plain = "" if goes_on else _plain(line)
        goes_on = line.rstrip().endswith("\\") and (goes_on or plain != line)
        lines.append(plain)
    return "\n".join(lines)


def _plain(line: str) -> str:
    return next((pattern.sub(new, line) for pattern, new in _MAGICS if pattern.match(line)), line)


def _is_python(cell: str) -> bool:
    try:
        with warnings.catch_warnings():  # an odd escape in a string is the author's business
            warnings.simplefilter("ignore")
            ast.parse(cell)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _require_python(book: "dict[str, dict[str, dict[str, str]]]") -> None:
    known = book.get("metadata") or {}
    named = (known.get("kernelspec") or {}).get("language") or (known.get("language_info") or {}).get("name")
    language = str(named or "python").lower()
    if language != "python":
        raise ValueError(f"it is a notebook in {language}, not in Python")

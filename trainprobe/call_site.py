"""Where the author's code calls a watched function: its frames and variables, and the statement."""

from __future__ import annotations

import ast
import linecache
import os
import sys
from functools import lru_cache
from types import CodeType, FrameType
from typing import Dict, Iterator, List, Optional, Tuple

from trainprobe.foreign import Foreign

Calls = Tuple[Tuple[str, int], ...]
DEEPEST = 60  # frames that are looked through
NEAR = 7  # of the probe and of IPython, between a print and what it writes to
_OWN = os.path.dirname(os.path.abspath(__file__)) + os.sep
_STANDARD = os.path.dirname(os.path.abspath(ast.__file__)) + os.sep


def authors_variables() -> Iterator[Dict[str, Foreign]]:
    """Yield the local and then the global variables of each of the author's frames, the innermost first."""
    for frame in _authors_frames():
        yield frame.f_locals
        yield frame.f_globals


def name_of(one: Foreign) -> str:
    """Return what the author calls the object *one*, an attribute's name included; empty if no variable holds it."""
    for frame in _authors_frames():
        attributes = getattr(frame.f_locals.get("self"), "__dict__", {})
        for variables in (frame.f_locals, frame.f_globals, attributes):
            for name, value in list(variables.items()):
                if value is one:
                    return str(name)
    return ""


def statement() -> str:
    """Return the source of the author's statement that is being executed; empty if there is none to be read."""
    frame = next(_authors_frames(), None)
    if frame is None:
        return ""
    filename, line = frame.f_code.co_filename, frame.f_lineno
    node: Foreign = statement_tree(filename, line)  # None where the file can't be parsed: then it is one line
    first, last = getattr(node, "lineno", line), getattr(node, "end_lineno", line)
    return "".join(lines_at(filename, first, last)).strip()


@lru_cache(maxsize=1000)  # a script has so many lines that measure at most
def statement_tree(filename: str, line: int) -> Optional[ast.AST]:
    """Return the innermost statement over *line* as a tree; None where the file can't be parsed."""
    innermost: Optional[ast.AST] = None
    for node in ast.walk(parsed(source_of_file(filename))):
        if not isinstance(node, ast.stmt) or hasattr(node, "body"):
            continue
        if node.lineno <= line <= (getattr(node, "end_lineno", None) or node.lineno):
            innermost = node
    return innermost


@lru_cache(maxsize=16)
def parsed(code: str) -> ast.AST:
    """Return *code* as a tree; an empty one for a cell with magics, or what is no Python source at all."""
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError):
        return ast.parse("")


def source_of_file(filename: str) -> str:
    """Return the source of a file or a notebook's cell; empty if it can't be read."""
    return "".join(linecache.getlines(filename))


def lines_at(filename: str, first: int, last: int) -> List[str]:
    """Return the lines of a file or a notebook's cell from *first* to *last*, counted from 1."""
    return linecache.getlines(filename)[first - 1 : last]


def calls() -> Calls:
    """Return file and line of each call in the author's code that is being executed, the innermost first."""
    return tuple((frame.f_code.co_filename, frame.f_lineno) for frame in _authors_frames())


def place() -> Tuple[str, int]:
    """Return file and line of the author's frame that is near enough to be the caller; nothing if there is none."""
    frame = next(_authors_frames(NEAR), None)
    return (frame.f_code.co_filename, frame.f_lineno) if frame is not None else ("", 0)


def is_authors(code: CodeType) -> bool:
    """Return whether *code* is neither a library's nor the probe's."""
    name = code.co_filename
    library = name.startswith((_OWN, _STANDARD, "<frozen", "<string>", "<__array")) or "-packages" in name
    return not library


def called_by_author() -> bool:
    """Return whether the nearest frame that is neither the probe's nor the standard library's is the author's."""
    frame: Optional[FrameType] = sys._getframe(1)  # noqa: SLF001 - there is no other way to see who calls
    while frame is not None and _is_passed(frame.f_code.co_filename):
        frame = frame.f_back
    return frame is not None and is_authors(frame.f_code)


def _is_passed(file: str) -> bool:
    # below the standard library lie the packages that are installed without a virtual environment
    return file.startswith(_OWN) or (file.startswith(_STANDARD) and "-packages" not in file)


def _authors_frames(deepest: int = DEEPEST) -> Iterator[FrameType]:
    frame: Optional[FrameType] = sys._getframe(1)  # noqa: SLF001 - there is no other way to see who calls
    for _ in range(deepest):
        if frame is None:
            return
        if is_authors(frame.f_code):
            yield frame
        frame = frame.f_back

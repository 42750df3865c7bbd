"""Replaces the paths that an author wrote by those that they mean here."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Dict, Match

_ABSOLUTE = re.compile(r"[/~]|[A-Za-z]:[\\/]|\\\\")
_BEFORE = r"(?:(?<![\w.~/\\])(?<!\b[A-Za-z]:)|(?<=file://))"  # not within a longer path or a URL
_AFTER = r"(?=\Z|[/\\\s\"'`;,:|&<>()\[\]?*=])"
_BACKSLASHED = r"(?:\\(?:[^\"'\n]*\.\w+\Z|[^\s\"'`;,|&<>()\[\]]*))?"  # how a path of Windows goes on


class PathMap:
    """Maps *paths* as an author wrote them to those that they mean here; their values are relative to *code*."""

    def __init__(self, paths: Dict[str, str], code: Path) -> None:
        written = sorted((path for path in paths if path.strip("./\\ ")), key=len, reverse=True)
        self._places = [_place(path, paths[path], str(code)) for path in written]
        self._pattern = re.compile("|".join(_pattern(path) for path in written) or r"(?!)")

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return bool(self._places)

    def text(self, text: str, *, goes_on: bool = False) -> str:
        """Return *text* with every such path replaced; *goes_on* if it continues another text, as in an f-string."""
        return self._pattern.sub(self._replaced, "x" + text)[1:] if goes_on else self._pattern.sub(self._replaced, text)

    def _replaced(self, match: Match[str]) -> str:
        group = match.lastindex or 1  # each path has one group, for how it goes on
        return self._places[group - 1] + match.group(group).replace("\\", "/")


def _pattern(written: str) -> str:
    before = _BEFORE if _ABSOLUTE.match(written) else r"\A"
    after = "" if written[-1] in "/\\" else _AFTER
    return before + re.escape(written) + after + "({})".format(_BACKSLASHED if "\\" in written else "")


def _place(written: str, meant: str, code: str) -> str:
    slash = "/" if written[-1] in "/\\" else ""
    if not _ABSOLUTE.match(written) and _differs_in_case_only(written, meant):
        stem = written.lstrip("./")
        return written[: len(written) - len(stem)] + meant[len(meant) - len(stem.rstrip("/")) :] + slash
    place = code if meant in ("", ".") else posixpath.join(code, meant)
    return place.rstrip("/") + slash


def _differs_in_case_only(written: str, meant: str) -> bool:
    stem = written.lstrip("./").rstrip("/")
    return ("/" + meant).lower().endswith("/" + stem.lower())

"""The files in which authors list what their code needs, each read into plain lines of pip's kind."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

_OPTION = re.compile(r"^(-r|--requirement)[ =]?\s*(?P<file>\S+)")
_COMMENT = re.compile(r"(^|\s)#.*$")
_CONDA = re.compile(r"^(?P<name>[\w.-]+)\s*(?P<rest>.*)$")
_CONDA_LIST = re.compile(r"^(?P<name>[\w.-]+)=(?P<version>[^=<>!~\s]+)(=\S+)?$")
_CARET = re.compile(r"^\^\s*(?P<version>\d+(\.\d+)*)")
_TILDE = re.compile(r"^~\s*(?P<version>\d+(\.\d+)*)")
_CONDA_NAMES = {
    "graphviz": "",
    "opencv": "opencv-python",
    "py-opencv": "opencv-python",
    "py-xgboost": "xgboost",
    "python-graphviz": "graphviz",
    "pytables": "tables",
    "pytorch": "torch",
    "pytorch-cpu": "torch",
    "pytorch-gpu": "torch",
    "tensorflow-base": "",
    "tensorflow-mkl": "tensorflow",
    "keras-base": "",
    "keras-gpu": "keras",
}
"""What conda calls differently; "" for what is no Python distribution."""


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement as its author wrote it.

    Attributes:
        text: In pip's words.
        file: The file it stands in.
        number: Its line, counted from 1; None where the format has no such thing.
    """

    text: str
    file: str
    number: int | None = None

    @property
    def place(self) -> str:
        """The file and the line, in words."""
        return f"{self.file}, line {self.number}" if self.number else self.file


def read(path: str, content: Mapping[str, bytes]) -> list[Line]:
    """Return what the file at *path* lists; the files it includes are read as well.

    Raises:
        ValueError: It cannot be read as what its name says.
    """
    name = PurePosixPath(path).name.lower()
    if name.endswith(".toml"):
        return [Line(text, path) for text in _pyproject(tomllib.loads(_decoded(content[path])))]
    if name == "pipfile":
        return [Line(text, path) for text in _poetry(tomllib.loads(_decoded(content[path])).get("packages", {}))]
    if name.endswith((".yml", ".yaml")):
        return list(_environment(path, _decoded(content[path])))
    return list(_requirements(path, content, frozenset()))


def _requirements(path: str, content: Mapping[str, bytes], seen: frozenset[str]) -> Iterator[Line]:
    """Yield the lines of pip's own format, with what `-r` includes."""
    kept, begun = "", 0
    for number, raw in enumerate(_decoded(content[path]).splitlines(), 1):
        begun = begun if kept else number
        line = kept + _COMMENT.sub("", raw).strip()
        kept = f"{line[:-1].rstrip()} " if line.endswith("\\") else ""
        if kept or not line:
            continue
        included = _OPTION.match(line)
        if included:
            other = _joined(path, included["file"])
            if other in content and other not in seen:
                yield from _requirements(other, content, seen | {path})
        else:
            yield Line(_from_conda_list(line), path, begun)


def _from_conda_list(line: str) -> str:
    """Return pip's words for a line of `conda list --export`, which people keep in files of that name too."""
    found = _CONDA_LIST.match(line)
    if not found:
        return line
    return _conda(f"{found['name']}={found['version']}") or line


def _environment(path: str, text: str) -> Iterator[Line]:
    """Yield the dependencies of conda's format, read as the plain list that it nearly always is."""
    inside = ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = _COMMENT.sub("", raw).rstrip()
        bare = line.strip()
        if line and not line[0].isspace() and not line.startswith("-"):
            inside = "conda" if bare == "dependencies:" else ""
        elif inside and re.fullmatch(r"-\s+pip:", bare):
            inside = "pip"
        elif inside and bare.startswith("- "):
            entry = bare[2:].strip().strip("'\"")
            wanted = entry if inside == "pip" else _conda(entry)
            if wanted:
                yield Line(wanted, path, number)


def _conda(entry: str) -> str:
    """Return pip's words for an entry of conda's, or "" for what is no Python distribution."""
    found = _CONDA.match(entry.rpartition("::")[2])
    if not found:
        return ""
    name = _CONDA_NAMES.get(found["name"].lower(), found["name"])
    parts = [part for part in found["rest"].strip().split("=") if part]
    if not name or found["name"].startswith("_") or not parts:
        return name
    if found["rest"].strip()[0] != "=":
        return f"{name}{found['rest'].strip().split(' ')[0]}"
    version = parts[0].rstrip("*").rstrip(".")
    exact = found["rest"].strip().startswith("==") or version.count(".") > 1
    return f"{name}=={version}" if exact else f"{name}=={version}.*"


def _pyproject(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield the dependencies of a project, in the standard's table or in Poetry's."""
    yield from (str(each) for each in table.get("project", {}).get("dependencies", ()))
    yield from _poetry(table.get("tool", {}).get("poetry", {}).get("dependencies", {}))


def _poetry(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield the dependencies of Poetry's table, or of a Pipfile's."""
    for name, value in table.items():
        wanted = value.get("version", "*") if isinstance(value, dict) else value
        optional = isinstance(value, dict) and value.get("optional")
        if name.lower() != "python" and isinstance(wanted, str) and not optional:
            yield f"{name}{','.join(map(_specifier, wanted.split(','))) if wanted != '*' else ''}"


def _specifier(words: str) -> str:
    """Return pip's words for `^1.2` and `~1.2`."""
    words = words.strip()
    if found := _CARET.match(words):
        parts = [int(part) for part in found["version"].split(".")]
        place = next((at for at, part in enumerate(parts) if part), len(parts) - 1)
        return f">={found['version']},<{'.'.join(map(str, [*parts[:place], parts[place] + 1]))}"
    if found := _TILDE.match(words):
        first, second = [*found["version"].split("."), ""][:2]
        return f">={found['version']},<{f'{first}.{int(second) + 1}' if second else int(first) + 1}"
    return words if words[:1] in "<>=!~" else f"=={words}"


def _joined(path: str, other: str) -> str:
    """Return *other*, as a file beside *path* names it, relative to the root."""
    parts: list[str] = []
    for part in (*PurePosixPath(path).parent.parts, *PurePosixPath(other).parts):
        if part == ".." and parts:
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _decoded(data: bytes) -> str:
    """Return a file's text; Windows' shell writes UTF-16."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")

"""The files in which authors list what their code needs, each read into plain lines of pip's kind."""

import posixpath
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from services.trainer.inspection.image.distributions import CONDA_NAMES

_INCLUDE = re.compile(r"^(-r|--requirement)[ =]?\s*(?P<file>\S+)")
_COMMENT = re.compile(r"(^|\s)#.*$")
_CONDA = re.compile(r"^(?P<name>[\w.-]+)\s*(?P<rest>.*)$")
_CONDA_EXPORT = re.compile(r"^[\w.-]+=[^=<>!~\s]+(=\S+)?$")


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


def read_listing(path: str, content: Mapping[str, bytes]) -> list[Line]:
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


def _requirements(path: str, content: Mapping[str, bytes], including: frozenset[str]) -> Iterator[Line]:
    """Yield the lines of pip's own format, with what `-r` includes."""
    for number, line in _logical_lines(_decoded(content[path])):
        if include := _INCLUDE.match(line):
            other = posixpath.normpath(posixpath.join(posixpath.dirname(path), include["file"]))
            if other in content and other not in including:
                yield from _requirements(other, content, including | {path})
        else:  # people keep what `conda list --export` writes in files of that name too
            yield Line((_CONDA_EXPORT.match(line) and _conda(line)) or line, path, number)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines without comments, joined where a backslash continues them, each with its number."""
    continued, begun = "", 0
    for number, raw in enumerate(text.splitlines(), 1):
        begun = begun if continued else number
        line = continued + _COMMENT.sub("", raw).strip()
        continued = f"{line[:-1].rstrip()} " if line.endswith("\\") else ""
        if line and not continued:
            yield begun, line


def _environment(path: str, text: str) -> Iterator[Line]:
    """Yield the dependencies of conda's format, and those below its `pip:`, with the lines they stand in."""
    import yaml

    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error
    for entry in _items(root, "dependencies"):
        if isinstance(entry, yaml.ScalarNode):
            requirement = _conda(entry.value)
            if requirement:
                yield Line(requirement, path, entry.start_mark.line + 1)
        else:
            yield from (Line(each.value, path, each.start_mark.line + 1) for each in _items(entry, "pip"))


def _items(mapping: Any, key: str) -> list[Any]:
    """Return the nodes of the list that a YAML mapping has for a key."""
    pairs = mapping.value if mapping is not None and mapping.id == "mapping" else ()
    return next((value.value for name, value in pairs if name.value == key and value.id == "sequence"), [])


def _conda(entry: str) -> str:
    """Return pip's words for an entry of conda's, or "" for what is no Python distribution."""
    found = _CONDA.match(entry.rpartition("::")[2])
    name = CONDA_NAMES.get(found["name"].lower(), found["name"]) if found else ""
    is_versioned = name and not name.startswith("_")
    return f"{name}{_conda_version(found['rest'].strip())}" if found and is_versioned else name


def _conda_version(text: str) -> str:
    """Return pip's words for what follows a name of conda's, such as `=1.21=py37h6`."""
    if not text.startswith("="):
        return text.partition(" ")[0]
    version = text.strip("=").partition("=")[0].rstrip("*").rstrip(".")
    is_exact = text.startswith("==") or version.count(".") > 1
    return f"=={version}{'' if is_exact else '.*'}" if version else ""


def _pyproject(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield the dependencies of a project, in the standard's table or in Poetry's."""
    yield from (str(each) for each in table.get("project", {}).get("dependencies", ()))
    yield from _poetry(table.get("tool", {}).get("poetry", {}).get("dependencies", {}))


def _poetry(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield the dependencies of Poetry's table, or of a Pipfile's."""
    for name, value in table.items():
        version = value.get("version", "*") if isinstance(value, dict) else value
        optional = isinstance(value, dict) and value.get("optional")
        if name.lower() != "python" and isinstance(version, str) and not optional:
            yield f"{name}{_specifier(version)}"


def _specifier(constraint: str) -> str:
    """Return pip's words for a constraint such as `^1.2`: of several alternatives the last, "" for any version."""
    from poetry.core.constraints.version import parse_constraint

    try:
        text = str(parse_constraint(constraint)).rpartition("||")[2].strip()
    except ValueError:
        text = constraint  # is reported as no valid requirement
    if text == "*":
        return ""
    return text if text.startswith(("<", ">", "=", "!", "~")) else f"=={text}"


def _decoded(data: bytes) -> str:
    """Return a file's text; Windows' shell writes UTF-16."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")

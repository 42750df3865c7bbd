"""Files of settings: one value of them read, and one changed with every other byte kept."""

import configparser
import copy
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import yaml

from services.tweaker.source.errors import NotUnderstoodError

Path = tuple[str | int, ...]
LARGEST = 256 * 1024
"""A larger file is no file of settings."""
SMALL = 1e-5
"""From here on a number is written with its zeros, below it with an exponent."""


def value_at(kind: str, content: bytes, path: Path) -> int | float | str:
    """Return the value under a path."""
    found = part_at(kind, content, path)
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        raise NotUnderstoodError(f"{'.'.join(map(str, path))} is neither a number nor a text")
    return found


def part_at(kind: str, content: bytes, path: Path) -> Any:
    """Return whatever is under a path."""
    found = content_of(kind, content)
    for key in path:
        try:
            found = found[key]
        except (KeyError, IndexError, TypeError) as error:
            raise NotUnderstoodError(f"the file has no {key}") from error
    return found


def content_of(kind: str, content: bytes) -> Any:
    """Return all that a file says."""
    if len(content) > LARGEST:
        raise NotUnderstoodError("the file is too large for a file of settings")
    try:
        return FORMATS[kind](content.decode())
    except (ValueError, yaml.YAMLError, configparser.Error, RecursionError) as error:
        raise NotUnderstoodError(f"the file is not valid {kind}") from error


def changed(kind: str, content: bytes, path: Path, value: float | str) -> bytes:
    """Return the file with another value under a path; all else stays as it is, comments and order too.

    The value is looked for by its text; it stands where a change leads, when the file is read again, to this one
    change and no other.
    """
    old, before, text = value_at(kind, content, path), content_of(kind, content), content.decode()
    tries = {(text[:start] + written(value) + text[end:]).encode() for start, end in _places(text, old)}
    good = [each for each in sorted(tries) if _is_only_change(kind, before, each, path, value)]
    if len(good) != 1:
        name = ".".join(map(str, path)) or "the value"
        raise NotUnderstoodError(f"{name} is not written in exactly one place of the file")
    return good[0]


def text_of(value: float) -> str:
    """Return a fractional number as people write it: 0.001, 2.0, 1e-06."""
    return f"{value:.10f}".rstrip("0").ljust(len("0.0"), "0") if value >= SMALL else f"{value:g}"


def written(value: float | str) -> str:
    """Return a value as every format reads it as what it is: YAML wants a point before an exponent."""
    if isinstance(value, str | int):
        return str(value)
    mantissa, _, exponent = text_of(value).partition("e")
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}e{exponent}" if exponent else mantissa


_NUMBER = re.compile(r"(?<![\w.])[-+]?[\d.][\w.]*(?:[eE][-+]?\d+|(?<=[eE])[-+]\d+)?")


def _places(text: str, old: float | str) -> Iterator[tuple[int, int]]:
    if isinstance(old, str):
        yield from ((found.start(), found.end()) for found in re.finditer(re.escape(old), text))
        return
    for found in _NUMBER.finditer(text):
        if _number(found.group()) == old:
            yield found.span()


def _number(text: str) -> float | None:
    try:
        return float(text.replace("_", ""))
    except ValueError:
        return None


def _is_only_change(kind: str, before: Any, after: bytes, path: Path, value: float | str) -> bool:
    """Return whether a changed file differs from before in this one value, compared with types: 1 is not 1.0."""
    try:
        found, new = content_of(kind, after), value_at(kind, after, path)
    except NotUnderstoodError:
        return False
    as_text = isinstance(new, str) and new == written(value)
    if not as_text and (isinstance(new, str) != isinstance(value, str) or new != value):
        return False
    return repr(found) == repr(_with(before, path, new))


def _with(tree: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    new = inner = copy.deepcopy(tree)
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return new


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_unique)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key is there twice")
    return dict(pairs)


def _ini(text: str) -> dict[str, dict[str, str]]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    return {name: dict(section) for name, section in parser.items()}


def _env(text: str) -> dict[str, str]:
    """Read lines of `key=value`; quotes around a value and comments are no part of it."""
    pairs = [line.partition("=") for line in text.splitlines() if "=" in line and not line.lstrip().startswith("#")]
    return _unique([(key.removeprefix("export ").strip(), value.strip().strip("'\"")) for key, _, value in pairs])


def _plain(text: str) -> str:
    """Read a file that is one value."""
    if len(text.split()) != 1:
        raise ValueError("more than one value")
    return text.strip()


FORMATS: Mapping[str, Callable[[str], Any]] = {
    "json": _json,
    "yaml": yaml.safe_load,
    "toml": tomllib.loads,
    "ini": _ini,
    "env": _env,
    "text": _plain,
}

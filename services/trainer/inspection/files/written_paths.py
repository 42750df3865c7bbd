"""Paths as they are written down on whatever machine: which are absolute, and what they are made of."""

import re

SYSTEM = frozenset(
    {"tmp", "dev", "proc", "etc", "usr", "bin", "sbin", "lib", "lib64", "sys", "var", "run", "boot", "Windows"}
    | {"Program Files", "Library", "System"}
)
"""Folders at the root of a machine that never hold an author's code."""

PATTERN = re.compile(r"[*?\[{%]")
"""What only a made-up name such as `fold_%d.csv` has in it."""

_ABSOLUTE = re.compile(r"^(/(?!/)|~[/\\]|[A-Za-z]:[\\/](?![\\/])|\\\\\w)[^\n\r\t<>|\"^$]*\w[^\n\r\t<>|\"^$]*$")
_PLACEHOLDER = re.compile(r"%[\d.]*\w|\{[^}]*\}?|[*?]+|\[[^\]]*\]?|[^\w.\- ]")
_SEPARATOR = re.compile(r"[/\\]+")
_LEAST_LETTERS = 4
"""Letters that tell a made-up name from others."""


def is_absolute(text: str) -> bool:
    """Return whether a text is a path that begins at the root of some machine, or in somebody's home."""
    return _ABSOLUTE.match(text) is not None


def parts_of(text: str, *, whole: bool = True) -> list[str]:
    """Return the parts of a path that are names of files and folders, without drive and home, up to a made-up one."""
    plain = re.sub(r"^(?:[A-Za-z]:|~|file://)", "", text)
    parts = [part for part in _SEPARATOR.split(plain) if part not in ("", ".")]
    if not whole and parts and text[-1] not in "/\\":
        parts = parts[:-1]
    end = next((place for place, part in enumerate(parts) if PATTERN.search(part)), len(parts))
    return parts[:end]


def beginning(text: str, count: int) -> str:
    """Return a path up to so many of its parts, as it is written."""
    parts = re.match(r"(?:[A-Za-z]:|~)?[/\\]*" + r"[^/\\]+[/\\]*" * count, text)
    return bare(parts[0]) if parts and count else ""


def made_up_name(text: str, *, whole: bool) -> re.Pattern[str] | None:
    """Return the form of the names of files that a path such as `folds/fold_%d.csv` means, if it is such a one."""
    name = _SEPARATOR.split(text)[-1]
    if len(re.sub(r"\W", "", name)) < _LEAST_LETTERS or (whole and not PATTERN.search(name)):
        return None
    form = _PLACEHOLDER.sub("\0", name).replace(".", r"\.").replace("\0", ".*")
    return re.compile(form if whole else f"{form}.*")


def is_within(text: str, folder: str) -> bool:
    """Return whether a path is a folder or lies in it; both as they are written."""
    rest = text.removeprefix(bare(folder))
    return rest != text and rest[:1] in ("", "/", "\\")


def may_be_relative(text: str) -> bool:
    """Return whether a text may be a path that begins where the script is started."""
    return bool(not is_absolute(text) and "://" not in text and text.strip("./\\ ") and not PATTERN.search(text))


def bare(text: str) -> str:
    """Return a path without separators at its end."""
    return text.rstrip("/\\") or text


def is_same(path: str, other: str) -> bool:
    """Return whether two relative paths are written the same, but for `./` and separators at their ends."""
    return bare(path.removeprefix("./")) == bare(other.removeprefix("./"))

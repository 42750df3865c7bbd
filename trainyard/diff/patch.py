"""Patches that `git apply` takes, made from two sets of files."""

import difflib
from collections.abc import Iterator, Mapping

from trainyard.errors import PermanentError

HEADER = "diff --git "
"""How each file's part of a patch begins."""

NOWHERE = "/dev/null"
NO_NEWLINE = "\\ No newline at end of file\n"
CONTEXT = 3


def make_patch(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> str:
    """Return the unified diff that leads from *before* to *after*; empty when they are equal.

    Paths are relative to the folder in which `git apply` is run. Line ends are kept as they are, so write the patch
    without translating newlines. Unchanged binary files do not matter.

    Raises:
        PermanentError: A binary file changed; a unified diff cannot express that.
    """
    names = sorted(before.keys() | after.keys())
    changed = [name for name in names if before.get(name) != after.get(name)]
    return "".join("".join(_file(name, before.get(name), after.get(name))) for name in changed)


def title(name: str) -> str:
    """Return what follows the header of a file's part of a patch."""
    return f"{_quoted('a/' + name)} {_quoted('b/' + name)}"


def _file(name: str, old: bytes | None, new: bytes | None) -> Iterator[str]:
    """Yield the header and the hunks of one file; None stands for "is not there"."""
    yield f"{HEADER}{title(name)}\n"
    if old is None:
        yield "new file mode 100644\n"
    if new is None:
        yield "deleted file mode 100644\n"
    yield from _hunks(name, old, new)


def _hunks(name: str, old: bytes | None, new: bytes | None) -> Iterator[str]:
    """Yield what difflib finds, with the mark that a last line without a newline needs."""
    lines = difflib.unified_diff(
        _lines(name, old or b""),
        _lines(name, new or b""),
        NOWHERE if old is None else _label("a/" + name),
        NOWHERE if new is None else _label("b/" + name),
        n=CONTEXT,
    )
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n{NO_NEWLINE}"


def _lines(name: str, content: bytes) -> list[str]:
    """Split at newlines only, so that a carriage return or a form feed stays part of its line."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise PermanentError(f"{name} is not text in UTF-8 and changed; a patch cannot hold it") from None
    if "\0" in text:
        raise PermanentError(f"{name} is a binary file and changed; a patch cannot hold it")
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _label(path: str) -> str:
    """Write a path after `---` or `+++`: one with a blank needs a tab behind it."""
    quoted = _quoted(path)
    return f"{quoted}\t" if " " in path and quoted == path else quoted


def _quoted(path: str) -> str:
    """Quote a path as git does where it holds what would break its line."""
    if not any(character in '"\\' or ord(character) < ord(" ") for character in path):
        return path
    return '"' + "".join(_escaped(character) for character in path) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return f"\\{ord(character):03o}" if ord(character) < ord(" ") else character

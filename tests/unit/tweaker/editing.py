"""Making edits in tests."""

from collections.abc import Mapping
from typing import NamedTuple

from services.tweaker.edits.registry import edits
from services.tweaker.guard import changed_measure
from services.tweaker.source.script import Script
from trainyard.trial import Setting

MAIN = "main.py"


class Case(NamedTuple):
    """An edit on a script: the lines that it takes out and puts in.

    Attributes:
        also: Other files of the code, by name.
        there: The lines taken out of and put into each of those that changes.
    """

    edit: str
    setting: Setting
    script: bytes
    out: list[str]
    new: list[str]
    also: Mapping[str, bytes] = {}
    there: Mapping[str, tuple[list[str], list[str]]] = {}


def line(edit: str, setting: Setting, script: bytes, before: str, after: str) -> Case:
    """Return the case in which one line takes the place of another."""
    return Case(edit, setting, script, [before], [after])


def edited_files(edit: str, setting: Setting, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return all files after the edit on the script `main.py` among them."""
    return {**files, **edits()[edit].apply(Script(files[MAIN], MAIN, files), setting)}


def edited(edit: str, setting: Setting, source: bytes | str) -> bytes:
    """Return a script, the only file there is, after the edit; itself where nothing changed."""
    content = source.encode() if isinstance(source, str) else source
    return edited_files(edit, setting, {MAIN: content})[MAIN]


def read(edit: str, source: bytes | str) -> Setting:
    """Return the setting that the edit finds in a script."""
    content = source.encode() if isinstance(source, str) else source
    return edits()[edit].read(Script(content))


def same_measure(before: Mapping[str, bytes] | str, after: Mapping[str, bytes] | str) -> bool:
    """Return whether the guard lets an edit of these files, or of the only script, pass."""
    files = [{MAIN: code.encode()} if isinstance(code, str) else code for code in (before, after)]
    return changed_measure(*files) is None

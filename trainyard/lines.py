"""What scripts print, as a terminal would show it, in pieces that are put together again."""

from __future__ import annotations

import re

ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?")
"""Colours, movements of the cursor, titles of windows."""

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""What no log needs, and a terminal had better not get from a stranger's script."""


def settled(text: str) -> str:
    """Return *text* with only the last state of each line, as after a progress bar has run.

    A carriage return at either end stays: it overwrites what came before, or is overwritten by what comes next.
    """
    plain = CONTROLS.sub("", ESCAPES.sub("", text.replace("\r\n", "\n")))
    lines = plain.split("\n")
    before = "\r" if "\r" in lines[0].rstrip("\r") else ""
    after = "\r" if lines[-1].endswith("\r") else ""
    return before + "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines) + after


def shown(text: str) -> str:
    """Return *text* as it stands on the screen in the end."""
    return settled(text).strip("\r")


def bounded(text: str, most: int) -> str:
    """Return the end of *text* in at most about *most* characters, from a line's beginning; says what is missing."""
    if len(text) <= most:
        return text
    end = text[-most:]
    kept = end.partition("\n")[2] or end
    return f"[{len(text) - len(kept)} characters left out]\n{kept}"


def last_lines(text: str, count: int) -> str:
    """Return the last *count* lines of *text*, counting one that has not ended."""
    lines = text.splitlines(keepends=True)
    return "".join(lines[-count:])


def unseen(seen: str, log: str) -> str:
    """Return what *log* goes on with after *seen*, whose end it may repeat; all of it where it repeats nothing."""
    before, lines = seen.splitlines(), log.splitlines()
    for count in range(min(len(before), len(lines)), 0, -1):
        if before[-count:] == lines[:count]:
            return "\n".join(lines[count:])
    return log

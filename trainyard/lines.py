"""The output of scripts as a terminal would show it, whole or in pieces."""

import re

ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?")
"""Colours, cursor movements, window titles."""

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Control characters that no log needs, and that a stranger's script should not send to a terminal."""


def settled(text: str) -> str:
    """Return *text* with only the final state of each line, as after a progress bar.

    A carriage return at either end is kept: it overwrites what came before, or what comes next overwrites the line.
    """
    plain = CONTROLS.sub("", ESCAPES.sub("", text.replace("\r\n", "\n")))
    lines = plain.split("\n")
    before = "\r" if "\r" in lines[0].rstrip("\r") else ""
    after = "\r" if lines[-1].endswith("\r") else ""
    return before + "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines) + after


def shown(text: str) -> str:
    """Return *text* as it finally appears on the screen."""
    return settled(text).strip("\r")


def bounded(text: str, most: int) -> str:
    """Return the end of *text* in about *most* characters, from the start of a line, with a note of what is omitted."""
    if len(text) <= most:
        return text
    end = text[-most:]
    kept = end.partition("\n")[2] or end
    return f"[{len(text) - len(kept)} characters omitted]\n{kept}"


def last_lines(text: str, count: int) -> str:
    """Return the last *count* lines of *text*, an unfinished one included."""
    lines = text.splitlines(keepends=True)
    return "".join(lines[-count:])


def unseen(seen: str, log: str) -> str:
    """Return how *log* continues after *seen*, whose end it may repeat; all of it where it repeats nothing."""
    before, lines = seen.splitlines(), log.splitlines()
    for count in range(min(len(before), len(lines)), 0, -1):
        if before[-count:] == lines[:count]:
            return "\n".join(lines[count:])
    return log

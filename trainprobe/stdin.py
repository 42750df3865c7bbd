"""Gives the script its standard input."""

from __future__ import annotations

import os
import sys
import tempfile


def give(text: str) -> None:
    """Make *text* what is read from standard input, by this process and its children; an empty one ends at once."""
    if text:
        with tempfile.TemporaryFile() as file:  # a file and not a pipe, which would hold but 64 KiB
            file.write(text.encode(getattr(sys.stdin, "encoding", None) or "utf-8"))
            file.seek(0)
            os.dup2(file.fileno(), 0)
    else:
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        if nothing != 0:
            os.close(nothing)
    os.set_inheritable(0, True)
    if sys.stdin is None:  # it was closed when Python started
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - it stays open as long as the process

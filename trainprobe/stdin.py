"""Gives the script its standard input."""

from __future__ import annotations

import os
import sys
import tempfile


def give(text: str) -> None:
    """Make *text* what is read from standard input, by this process and its children; an empty one ends at once."""
    encoding = getattr(sys.stdin, "encoding", None) or "utf-8"
    if text:
        with tempfile.TemporaryFile() as file:  # a file and not a pipe, which would hold but 64 KiB
            file.write(text.encode(encoding, "surrogateescape"))
            file.seek(0)
            os.dup2(file.fileno(), 0)
    else:
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        if nothing != 0:
            os.close(nothing)
    os.set_inheritable(0, True)
    # A new object: the old one may be closed, or may have read ahead. The descriptor stays as long as the process.
    sys.stdin = open(0, encoding=encoding, errors="surrogateescape", closefd=False)  # noqa: SIM115

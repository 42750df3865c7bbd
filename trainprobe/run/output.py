"""Reads along with what the script prints."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from pathlib import Path

from trainprobe.results.sources.captured_output import CapturedOutput

KEPT_CHILDREN = 100  # the last
PIECE = 4096  # characters of one piece of text that are kept


class Tee(io.TextIOWrapper):
    """Standard output as it was, which also keeps the last of what went through it."""

    def keep_in(self, captured: CapturedOutput, forked: Path) -> None:
        """Keep what is written from now on in *captured*; what forked children write, in a file each below *forked*."""
        self._captured = captured
        self._forked = forked
        self._pid = os.getpid()

    def write(self, text: str) -> int:
        """Write *text* and keep it."""
        if os.getpid() == self._pid:
            self._captured.append(text[-PIECE:])
        else:
            with suppress(OSError):
                self._forked.mkdir(parents=True, exist_ok=True)
                with (self._forked / "{}.txt".format(os.getpid())).open(
                    "a", encoding="utf-8", errors="replace"
                ) as file:
                    file.write(text[-PIECE:])
        return super().write(text)


def by_forked_children(forked: Path) -> str:
    """Return the last of what forked children wrote, one child after the other."""
    files = sorted(forked.glob("*.txt"), key=lambda path: path.stat().st_mtime_ns)
    texts = [file.read_text(encoding="utf-8", errors="replace")[-16 * PIECE :] for file in files[-KEPT_CHILDREN:]]
    return "".join(text if text.endswith("\n") else text + "\n" for text in texts)


def tee_stdout(captured: CapturedOutput, forked: Path) -> CapturedOutput:
    """Put a `Tee` in the place of ``sys.stdout`` that keeps what it sees in *captured*, and return that."""
    old = sys.stdout
    if not isinstance(old, io.TextIOWrapper):
        return captured
    old.flush()
    tee = Tee(
        old.buffer,
        encoding=old.encoding,
        errors=old.errors,
        line_buffering=old.line_buffering,
        write_through=getattr(old, "write_through", False),
    )
    tee.keep_in(captured, forked)
    sys.stdout = tee
    return captured

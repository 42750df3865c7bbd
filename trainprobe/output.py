"""Reads along with what the script prints."""

from __future__ import annotations

import io
import sys
from collections import deque
from typing import Deque

KEPT = 5000  # pieces of text; a print makes two, a progress bar one an update


class Tee(io.TextIOWrapper):
    """Standard output as it was, which also keeps the last of what went through it."""

    def keep_in(self, kept: Deque[str]) -> None:
        """Keep what is written from now on in *kept*."""
        self._kept = kept

    def write(self, text: str) -> int:
        """Write *text* and keep it."""
        self._kept.append(text[-4096:])
        return super().write(text)


def tee_stdout() -> Deque[str]:
    """Put a `Tee` in the place of ``sys.stdout`` and return where it keeps what it saw."""
    kept: Deque[str] = deque(maxlen=KEPT)
    old = sys.stdout
    if not isinstance(old, io.TextIOWrapper):
        return kept
    old.flush()
    tee = Tee(
        old.buffer,
        encoding=old.encoding,
        errors=old.errors,
        line_buffering=old.line_buffering,
        write_through=getattr(old, "write_through", False),
    )
    tee.keep_in(kept)
    sys.stdout = tee
    return kept

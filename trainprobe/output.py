"""Reads along with what the script prints."""

from __future__ import annotations

import io
import sys

from trainprobe.heard import Heard


class Tee(io.TextIOWrapper):
    """Standard output as it was, which also keeps the last of what went through it."""

    def keep_in(self, kept: Heard) -> None:
        """Keep what is written from now on in *kept*."""
        self._kept = kept

    def write(self, text: str) -> int:
        """Write *text* and keep it."""
        self._kept.append(text[-4096:])
        return super().write(text)


def tee_stdout(kept: Heard) -> Heard:
    """Put a `Tee` in the place of ``sys.stdout`` that keeps what it sees in *kept*, and return that."""
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

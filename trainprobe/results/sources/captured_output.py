"""What the script printed, with when and where it did."""

from __future__ import annotations

import io
import os
import re
import sys
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable, Deque, List, Optional, Tuple

from trainprobe.call_site import place
from trainprobe.foreign import Foreign

KEPT = 5000  # pieces of text; a print makes two, a progress bar one an update
KEPT_CHILDREN = 100  # the last
PIECE = 4096  # characters of one piece of text that are kept
_STREAM_OPTIONS = ("encoding", "errors", "line_buffering", "write_through")
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True)
class OutputLine:
    """One line of output: its text, when its end was printed, and the author's file and line that began it."""

    text: str
    order: int = 0
    file: str = ""
    number: int = 0


class CapturedOutput:
    """Keeps the last pieces of what is printed."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._pieces: Deque[OutputLine] = deque(maxlen=KEPT)

    def append(self, text: str, at: Optional[Tuple[str, int]] = None) -> None:
        """Keep *text*, which is being printed by the caller, or by the statement *at* a file and line."""
        self._pieces.append(OutputLine(text, self._clock(), *(place() if at is None else at)))

    def prepend(self, text: str) -> None:
        """Put *text* before all other, as far as there is room."""
        if text and len(self._pieces) < KEPT:
            self._pieces.appendleft(OutputLine(text))

    def lines(self) -> List[OutputLine]:
        """Return the lines that all pieces make together."""
        complete: List[OutputLine] = []
        begun: List[OutputLine] = []
        for piece in self._pieces:
            *ended, rest = lines_of(piece.text) if piece.text else [""]
            for text in ended:
                complete.append(_joined([*begun, replace(piece, text=text)]))
                begun = []
            if rest:
                begun.append(replace(piece, text=rest))
        return [*complete, _joined(begun)] if begun else complete


def lines_of(text: str) -> List[str]:
    """Return the lines of *text* as a terminal would leave them, without colours."""
    return [_ESCAPE.sub("", line) for line in re.split(r"[\r\n]+", text)]


def _joined(pieces: List[OutputLine]) -> OutputLine:
    first = next((piece for piece in pieces if piece.text), pieces[0])
    return OutputLine("".join(piece.text for piece in pieces), pieces[-1].order, first.file, first.number)


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
                path = self._forked / "{}.txt".format(os.getpid())
                with path.open("a", encoding="utf-8", errors="replace") as file:
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
    options: Foreign = {name: getattr(old, name, False) for name in _STREAM_OPTIONS}
    tee = Tee(old.buffer, **options)
    tee.keep_in(captured, forked)
    sys.stdout = tee
    return captured

"""What the script printed, with when and where it did."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import Callable, Deque, List, Optional, Tuple

from trainprobe.call_site import place

KEPT = 5000  # pieces of text; a print makes two, a progress bar one an update
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
        """Date each piece by *clock*."""
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
                complete.append(_joined([*begun, OutputLine(text, piece.order, piece.file, piece.number)]))
                begun = []
            if rest:
                begun.append(OutputLine(rest, piece.order, piece.file, piece.number))
        return [*complete, _joined(begun)] if begun else complete


def lines_of(text: str) -> List[str]:
    """Return the lines of *text* as a terminal would leave them, without colours."""
    return [_ESCAPE.sub("", line) for line in re.split(r"[\r\n]+", text)]


def _joined(pieces: List[OutputLine]) -> OutputLine:
    first = next((piece for piece in pieces if piece.text), pieces[0])
    return OutputLine("".join(piece.text for piece in pieces), pieces[-1].order, first.file, first.number)

"""What the script printed, with when and where it did."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Callable, Deque, List, Optional, Tuple

from trainprobe.call_site import place
from trainprobe.results.sources.text import lines_of

KEPT = 5000  # pieces of text; a print makes two, a progress bar one an update


@dataclass(frozen=True)
class Line:
    """One line of output: its text, when its end was printed, and the author's file and line that began it."""

    text: str
    order: int = 0
    file: str = ""
    number: int = 0


class Heard:
    """Keeps the last pieces of what is printed."""

    def __init__(self, clock: Callable[[], int]) -> None:
        """Ask *clock* for when a piece is printed."""
        self._clock = clock
        self._pieces: Deque[Tuple[str, int, str, int]] = deque(maxlen=KEPT)

    def append(self, text: str, at: Optional[Tuple[str, int]] = None) -> None:
        """Keep *text*, which is being printed by the caller, or by the statement *at* a file and line."""
        self._pieces.append((text, self._clock(), *(place() if at is None else at)))

    def before(self, text: str) -> None:
        """Put *text* before all other, as far as there is room."""
        if text and len(self._pieces) < KEPT:
            self._pieces.appendleft((text, 0, "", 0))

    def lines(self) -> List[Line]:
        """Return the lines that all pieces make together."""
        found: List[Line] = []
        begun: List[Tuple[str, int, str, int]] = []
        for text, order, file, number in self._pieces:
            *ended, rest = lines_of(text) if text else [""]
            for part in ended:
                begun.append((part, order, file, number))
                found.append(_line(begun))
                begun = []
            if rest:
                begun.append((rest, order, file, number))
        return [*found, _line(begun)] if begun else found


def _line(pieces: List[Tuple[str, int, str, int]]) -> Line:
    _, _, file, number = next((piece for piece in pieces if piece[0]), pieces[0])
    return Line("".join(piece[0] for piece in pieces), pieces[-1][1], file, number)

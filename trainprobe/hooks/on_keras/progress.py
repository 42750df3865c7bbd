"""How far a ``fit`` of Keras is, how fast, and how long it will still take: one line every few seconds."""

from __future__ import annotations

import time
from typing import Dict, List, Optional

from trainprobe.data.samples import rows_of
from trainprobe.files import EventLog
from trainprobe.foreign import Foreign
from trainprobe.training.checkpoint import State

EVERY = 2.0  # seconds between two lines
BATCH = 32  # rows, where ``fit`` is given no number


class Progress:
    """The clock of fit number *fit*, of *epochs* epochs; it is called at every batch and must cost next to nothing."""

    def __init__(self, events: EventLog, fit: int, epochs: int) -> None:
        self.batches: Optional[int] = None  # of an epoch, once that is known
        self._events = events
        self._fit = fit
        self._epochs = epochs
        self._epoch = 0
        self._done = 0  # batches of the epoch
        self._passed = 0  # batches of this run, without the first, which compiles
        self._began = 0.0
        self._next = time.monotonic() + EVERY
        self._epoch_began = time.monotonic()
        self._seconds: List[float] = []

    def epoch_begins(self, epoch: int, batches: Optional[int]) -> None:
        """Note that epoch number *epoch* (from 0) begins; *batches* is None where the library does not know yet."""
        self._epoch = epoch
        self.batches = batches or self.batches
        self._done = 0
        self._epoch_began = time.monotonic()

    def batch_begins(self, batch: int) -> None:
        """Note that *batch* batches of the epoch are done; report that when it is time."""
        now = time.monotonic()
        if self._began:
            self._passed += batch - self._done
        elif batch:
            self._began = now
        self._done = batch
        if now >= self._next:
            self._next = now + EVERY
            self._events.write(
                "progress",
                fit=self._fit,
                epoch=self._epoch + 1,
                epochs=self._epochs,
                batch=batch,
                batches=self.batches,
                left=self._left(now),
            )

    def epoch_ends(self) -> float:
        """Note that all batches of the epoch are done, so that their number is known; return its seconds."""
        self._seconds.append(time.monotonic() - self._epoch_began)
        done = self.batches or self._done + 1
        self._passed += done - self._done if self._began else 0
        self.batches = done
        return self._seconds[-1]

    def pace(self, compiling: float) -> float:
        """Return the seconds of an epoch without the first one, or those but *compiling* of the only one."""
        usual = self._seconds[1:]
        return sum(usual) / len(usual) if usual else max(0.0, sum(self._seconds) - compiling)

    def _left(self, now: float) -> Optional[float]:
        if not self.batches or self._passed <= 0:
            return None
        left = (self._epochs - self._epoch) * self.batches - self._done
        return round((now - self._began) / self._passed * left, 1)


def describe_training(state: State, given: Dict[str, Foreign], steps: Optional[int] = None) -> Dict[str, object]:
    """Return the facts of a fit that has ended in *state*, called with the arguments *given*."""
    size = given.get("batch_size") or (BATCH if rows_of(given.get("x")) and given.get("y") is not None else None)
    planned, done = state.epochs - state.start, max(map(len, state.curves.values()), default=0)
    facts: Dict[str, object] = {
        "epochs": planned,
        "ended_early": 0 < done < planned,
        "batch_size": int(size) if size else None,
        "steps": steps,
        "class_weight": given.get("class_weight") is not None,
    }
    return {name: value for name, value in facts.items() if value is not None}

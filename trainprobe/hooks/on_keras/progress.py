"""How far a ``fit`` has come within its epoch, and how long it will take still: one line every few seconds."""

from __future__ import annotations

import time
from typing import Optional

from trainprobe.files import EventLog

EVERY = 2.0  # seconds between two lines


class Progress:
    """The clock of one ``fit``; it is asked at every batch and must cost next to nothing."""

    def __init__(self, events: EventLog, fit: int, epochs: int) -> None:
        """Tell *events* of fit number *fit*, which ends with epoch number *epochs*."""
        self._events = events
        self._fit = fit
        self._epochs = epochs
        self._epoch = 0
        self._batches: Optional[int] = None
        self._seen = 0
        self._passed = 0  # batches of this run, without the first, which compiles
        self._began = 0.0
        self._next = time.monotonic() + EVERY

    def epoch_begins(self, epoch: int, batches: Optional[int]) -> None:
        """Note that epoch number *epoch* (from 0) begins; *batches* is None where the library does not know yet."""
        self._epoch = epoch
        self._batches = batches or self._batches
        self._seen = 0

    def batch_begins(self, batch: int) -> None:
        """Note that *batch* batches of the epoch are done; tell of it when it is time."""
        now = time.monotonic()
        if self._began:
            self._passed += batch - self._seen
        elif batch:
            self._began = now
        self._seen = batch
        if now >= self._next:
            self._next = now + EVERY
            self._events.write(
                "progress",
                fit=self._fit,
                epoch=self._epoch + 1,
                epochs=self._epochs,
                batch=batch,
                batches=self._batches,
                left=self._left(now),
            )

    def epoch_ends(self) -> None:
        """Note that all batches of the epoch are done, so that their number is known."""
        done = self._batches or self._seen + 1
        self._passed += done - self._seen if self._began else 0
        self._batches = done

    def _left(self, now: float) -> Optional[float]:
        if not self._batches or self._passed <= 0:
            return None
        left = (self._epochs - self._epoch) * self._batches - self._seen
        return round((now - self._began) / self._passed * left, 1)

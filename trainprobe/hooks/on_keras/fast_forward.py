"""Skips the batches of epochs that an earlier run has trained, so that shuffling goes on where it was.

The random state of a dataset is inside the library, out of reach; it is the same again once as many epochs have been
drawn from the dataset.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Callable, Iterator, Optional, Tuple

from trainprobe.foreign import Foreign
from trainprobe.patching.wrap import Function

Done = Callable[[bool], None]


class OutOfReachError(Exception):
    """This library's ``fit`` holds its data in none of the known ways."""


@dataclass
class FastForward:
    """The epochs that are skipped: from *start* up to *until* (both from 0), if that takes *seconds* at most."""

    start: int
    until: int
    seconds: float
    passed: int = 0

    def epochs(self) -> Iterator[int]:
        """Yield the epochs to skip; the time of the first shows whether all of them would take too long."""
        began = time.monotonic()
        for epoch in range(self.start, self.until):
            spent = time.monotonic() - began
            if self.passed and spent / self.passed * (self.until - self.start) > self.seconds:
                return
            yield epoch
            self.passed += 1

    @property
    def complete(self) -> bool:
        """Whether all of them were skipped."""
        return self.passed >= self.until - self.start


def fast_forward(fit: Function, part: FastForward, done: Done) -> None:
    """Skip *part* of the data of the running call of *fit*, then call *done*, both before the next epoch.

    What would take too long is not skipped: then the order of the data differs from that of an uninterrupted run.
    *done* is called with whether the data has drawn Python's and NumPy's random numbers again, as generators may do.

    Raises:
        OutOfReachError: the data of the call was not found.
    """
    held = _variables_of(fit)
    if hasattr(held.get("epoch_iterator"), "catch_stop_iteration"):
        epochs = held["epoch_iterator"]
        _forward_now(epochs, part)
        done(part.complete and _is_code(epochs.data_adapter))
    elif hasattr(held.get("data_handler"), "enumerate_epochs"):
        _forward_later(held["data_handler"], part, done)
    else:
        raise OutOfReachError


def _is_code(adapter: Foreign) -> bool:
    return any(kind in type(adapter).__name__ for kind in ("Generator", "Dataset", "Sequence", "DataLoader"))


def _forward_now(epochs: Foreign, part: FastForward) -> None:
    # Keras 3: the loop of its fit without the training
    for _ in part.epochs():
        with epochs.catch_stop_iteration():
            for _, _, batches in epochs:
                _draw(batches, epochs.steps_per_execution)


def _forward_later(handler: Foreign, part: FastForward, done: Done) -> None:
    # Keras 2: the same, when its loop asks for the first epoch
    enumerate_epochs = handler.enumerate_epochs

    def remaining() -> Iterator[Tuple[int, Foreign]]:
        handler._initial_epoch = part.start  # noqa: SLF001 - its fit sets it there too
        left = part.epochs()
        for epoch, batches in enumerate_epochs():
            if epoch < part.until:
                if next(left, None) is not None:
                    _forward_epoch(handler, batches)
                continue
            if epoch == part.until:
                next(left, None)
                done(part.complete and _is_code(handler._adapter))  # noqa: SLF001 - nowhere else
            yield epoch, batches

    handler.enumerate_epochs = remaining


def _forward_epoch(handler: Foreign, batches: Foreign) -> None:
    with handler.catch_stop_iteration():
        for _ in handler.steps():
            _draw(batches, handler.step_increment + 1)


def _draw(batches: Foreign, count: int) -> None:
    if isinstance(batches, list):  # drawn already
        return
    for _ in range(count):
        next(batches)


def _variables_of(function: Function) -> Foreign:
    """Return the local variables of the innermost call of *function* that is running."""
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    code: CodeType = function.__code__
    frame: Optional[FrameType] = sys._getframe(1)  # noqa: SLF001 - no callback gets what fit holds
    while frame is not None and frame.f_code is not code:
        frame = frame.f_back
    return {} if frame is None else frame.f_locals

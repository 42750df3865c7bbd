"""The source that has containers wait for runs, of the images that were wanted lately."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from trainyard.errors import EngineUnavailableError, PermanentError
from trainyard.messages import Message

EVERY_SECONDS = 5.0

log = structlog.get_logger()


class Warms(Protocol):
    """An engine that can have containers wait."""

    def keep_warm(self, images: Collection[str], count: int, idle: float) -> None:
        """Have *count* containers of each image wait, and none of any other for more than *idle* seconds."""


@dataclass(slots=True)
class Wanted:
    """The images that runs were started in, and when that was last."""

    last: dict[str, float] = field(default_factory=dict)

    def note(self, image: str, at: float) -> None:
        """Note that a run was started in *image*."""
        self.last[image] = at

    def since(self, moment: float) -> list[str]:
        """Return the images that were wanted since then."""
        return sorted(image for image, at in list(self.last.items()) if at >= moment)


@dataclass(frozen=True, slots=True)
class Warmth:
    """How many containers wait, and how long for an image that nobody wants any more, in seconds."""

    count: int = 0
    idle: float = 600.0
    every: float = EVERY_SECONDS


def keeping_warm(
    stop: threading.Event, *, engine: Warms, wanted: Wanted, warmth: Warmth, now: Callable[[], float]
) -> Iterator[Message]:
    """Look every few seconds whether as many containers wait as should; at the end, none does. Yields nothing.

    Where none is to wait, what an earlier life of this service left is removed, and that is all.
    """
    yield from ()
    while warmth.count and not stop.is_set():
        _keep(engine, wanted.since(now() - warmth.idle), warmth.count, warmth.idle)
        stop.wait(warmth.every)
    _keep(engine, (), 0, 0.0)


def _keep(engine: Warms, images: Collection[str], count: int, idle: float) -> None:
    """Have containers wait as far as the engine lets us: without them, trainings start cold and that is all."""
    try:
        engine.keep_warm(images, count, idle)
    except (EngineUnavailableError, PermanentError) as error:
        log.warning("no containers could be made to wait", error=str(error))

"""The source that has containers wait for runs, of the images that were used lately."""

import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from trainyard.errors import EngineUnavailableError, PermanentError
from trainyard.messages import Message

log = structlog.get_logger()


class WarmEngine(Protocol):
    """An engine that can have containers wait."""

    def keep_warm(self, images: Collection[str], count: int, idle: float) -> None:
        """Have *count* containers of each image wait, and none of any other for more than *idle* seconds."""


@dataclass(slots=True)
class RecentImages:
    """The images that runs were started in, and when that was last."""

    last: dict[str, float] = field(default_factory=dict)

    def note(self, image: str, at: float) -> None:
        """Note that a run was started in *image*."""
        self.last[image] = at

    def since(self, moment: float) -> list[str]:
        """Return the images that were used since then."""
        return sorted(image for image, at in list(self.last.items()) if at >= moment)


@dataclass(frozen=True, slots=True)
class WarmSettings:
    """How many containers wait, and how long for an image that nobody uses any more, in seconds."""

    count: int = 0
    idle: float = 600.0
    every: float = 5.0


def keeping_warm(
    stop: threading.Event, *, engine: WarmEngine, recent: RecentImages, settings: WarmSettings, now: Callable[[], float]
) -> Iterator[Message]:
    """Keep as many containers waiting as should, and none at the end; yield nothing.

    Where none is to wait, what an earlier life of this service left is removed, and that is all.
    """
    yield from ()
    while settings.count and not stop.is_set():
        _keep(engine, recent.since(now() - settings.idle), settings.count, settings.idle)
        stop.wait(settings.every)
    _keep(engine, (), 0, 0.0)


def _keep(engine: WarmEngine, images: Collection[str], count: int, idle: float) -> None:
    """Have containers wait as far as the engine allows: without them, trainings only start cold."""
    try:
        engine.keep_warm(images, count, idle)
    except (EngineUnavailableError, PermanentError) as error:
        log.warning("no containers could be made to wait", error=str(error))

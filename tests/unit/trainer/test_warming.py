"""How many containers wait for runs, and for how long."""

import threading
from collections.abc import Collection
from dataclasses import dataclass, field, replace

import pytest

from services.trainer.handlers import on_code_ready
from services.trainer.ports import Tools
from services.trainer.warming import RecentImages, WarmSettings, keeping_warm
from trainyard.errors import EngineUnavailableError
from trainyard.messages import CodeReady


@dataclass
class Stove:
    """An engine that notes what it is asked to keep warm, and says stop after so many times.

    Attributes:
        away: It does not answer.
    """

    stop: threading.Event
    times: int = 1
    away: bool = False
    asked: list[tuple[list[str], int, float]] = field(default_factory=list)

    def keep_warm(self, images: Collection[str], count: int, idle: float) -> None:
        """Note it."""
        self.asked.append((list(images), count, idle))
        if len(self.asked) >= self.times:
            self.stop.set()
        if self.away:
            raise EngineUnavailableError


@pytest.fixture
def stove() -> Stove:
    return Stove(threading.Event())


def kept(
    stove: Stove, recent: RecentImages, settings: WarmSettings, now: float = 1000.0
) -> list[tuple[list[str], int, float]]:
    """Let the source run until the engine says stop; return what it asked for."""
    assert list(keeping_warm(stove.stop, engine=stove, recent=recent, settings=settings, now=lambda: now)) == []
    return stove.asked


class TestKeepingWarm:
    def test_what_was_wanted_lately(self, stove: Stove) -> None:
        """An image that nobody trained in for ten minutes is let go; when the service ends, all are."""
        recent = RecentImages({"ann": 900.0, "cnn": 399.0, "sklearn": 400.0})

        asked = kept(stove, recent, WarmSettings(2, idle=600.0))

        assert asked == [(["ann", "sklearn"], 2, 600.0), ([], 0, 0.0)]

    def test_nothing_unless_it_is_set(self, stove: Stove) -> None:
        """Then what an earlier life of the service left is removed."""
        assert kept(stove, RecentImages({"ann": 1000.0}), WarmSettings()) == [([], 0, 0.0)]

    def test_an_engine_that_is_away_is_asked_again(self) -> None:
        """Without it trainings do not start at all; this is the least that is wrong."""
        stove = Stove(threading.Event(), times=3, away=True)

        asked = kept(stove, RecentImages({"ann": 1000.0}), WarmSettings(1, every=0.0))

        assert len(asked) == 4


class TestRecentImages:
    def test_is_what_runs_are_started_in(self, tools: Tools, event: CodeReady) -> None:
        """The next run is likely to want the same: the next trial of the job does."""
        recent = RecentImages()

        list(on_code_ready(event, tools=replace(tools, image_used=recent.note)))

        assert recent.last == {"trainyard/sklearn:twin": 1000.0}

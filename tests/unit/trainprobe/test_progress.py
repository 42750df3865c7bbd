"""Lines within an epoch: how far it is and how long the fit will take still."""

import json
from pathlib import Path
from typing import Any

import pytest

from trainprobe.files import EventLog
from trainprobe.hooks.on_keras.progress import Progress


class Course:
    """A fit of four epochs whose batches take half a second each."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 50.0
        monkeypatch.setattr("trainprobe.hooks.on_keras.progress.time.monotonic", lambda: self.now)
        self.path = path / "epochs.jsonl"
        self.progress = Progress(EventLog(self.path), 0, 4)

    def epoch(self, number: int, batches: int, *, known: int | None) -> None:
        """Train one epoch."""
        self.progress.epoch_begins(number, known)
        for batch in range(batches):
            self.progress.batch_begins(batch)
            self.now += 0.5
        self.progress.epoch_ends()

    def lines(self) -> list[dict[str, Any]]:
        """Return what was told."""
        text = self.path.read_text() if self.path.exists() else ""
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    return Course(tmp_path, monkeypatch)


class TestProgress:
    def test_is_told_every_two_seconds(self, course: Course) -> None:
        """Not at every batch; epochs are numbered from 1."""
        course.epoch(0, 10, known=10)

        assert [(line["event"], line["epoch"], line["epochs"], line["batch"]) for line in course.lines()] == [
            ("progress", 1, 4, 4),
            ("progress", 1, 4, 8),
        ]

    def test_tells_the_time_that_is_left(self, course: Course) -> None:
        """By the batches that are left in all epochs."""
        course.epoch(0, 10, known=10)

        assert [line["left"] for line in course.lines()] == [18.0, 16.0]

    def test_does_not_know_the_batches_of_a_generator_at_first(self, course: Course) -> None:
        """Nor what is left; after an epoch it does."""
        course.epoch(0, 5, known=None)
        course.epoch(1, 5, known=None)

        assert [(line["epoch"], line["batch"], line["batches"]) for line in course.lines()] == [
            (1, 4, None),
            (2, 3, 5),
        ]
        assert [line["left"] for line in course.lines()] == [None, 6.0]

    def test_tells_nothing_of_a_short_fit(self, course: Course) -> None:
        """Its epochs say enough."""
        course.epoch(0, 3, known=3)

        assert course.lines() == []

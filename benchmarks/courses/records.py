"""What was measured, kept so that an interrupted benchmark goes on where it was: a line of JSON for each trial."""

import fcntl
import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from trainyard.messages import JobFinished
from trainyard.storage import Storage
from trainyard.trial import Trial


@dataclass(frozen=True, order=True)
class Key:
    """One course: a strategy on a problem from a seed."""

    problem: str
    strategy: str
    seed: int


@dataclass(frozen=True)
class Course:
    """The trials of a course so far, oldest first.

    Attributes:
        ended: Why no more come, where that is so.
        ending: How its job ended, without the trials; None for a search that is no job of ours.
    """

    key: Key
    trials: tuple[Trial, ...] = ()
    ended: str = ""
    ending: JobFinished | None = None


class Records:
    """The folder of results; a context, since only one benchmark at a time may write to it."""

    def __init__(self, folder: Path) -> None:
        """Read what *folder* holds, which is made where it is not there."""
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "trials.jsonl"
        self._path.touch()
        self._writing = threading.Lock()
        self.bundles = Storage(str(folder / "storage"))
        self.courses: dict[Key, Course] = {}
        for line in self._lines():
            self._keep(line)

    def __enter__(self) -> Self:
        """Keep other benchmarks from writing, and begin on a new line where the last one was cut off."""
        self._file = self._path.open("a")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise SystemExit(
                f"Another benchmark writes to {self._path.parent}; give this one its own --results."
            ) from None
        text = self._path.read_text()
        if text and not text.endswith("\n"):
            self._file.write("\n")
        return self

    def __exit__(self, *_: object) -> None:
        """Let others write."""
        self._file.close()

    def course(self, key: Key) -> Course:
        """Return what is known of a course."""
        return self.courses.get(key, Course(key))

    def add(self, key: Key, trial: Trial) -> Course:
        """Keep a trial that has ended."""
        return self._write({**vars(key), "trial": trial.model_dump(mode="json")})

    def end(self, key: Key, why: str, ending: JobFinished | None = None) -> Course:
        """Keep that no more trials come."""
        how = ending.model_dump(mode="json", exclude={"history"}) if ending else None
        return self._write({**vars(key), "ended": why, "ending": how})

    def forget(self, strategy: str) -> None:
        """Take out all courses of *strategy*, which are to be run again; the old lines stay in a file beside."""
        kept = [line for line in self._lines() if line["strategy"] != strategy]
        old = self._path.with_suffix(".old.jsonl")
        with old.open("a") as file:
            file.writelines(json.dumps(line) + "\n" for line in self._lines() if line["strategy"] == strategy)
        self._file.truncate(0)
        self._file.writelines(json.dumps(line) + "\n" for line in kept)
        self._file.flush()
        self.courses = {key: course for key, course in self.courses.items() if key.strategy != strategy}

    def _write(self, line: dict[str, Any]) -> Course:
        with self._writing:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
            return self._keep(line)

    def _lines(self) -> Iterator[dict[str, Any]]:
        """Yield what was written; a last line that was cut off counts as none."""
        for line in self._path.read_text().splitlines():
            with suppress(json.JSONDecodeError):
                yield json.loads(line)

    def _keep(self, line: dict[str, Any]) -> Course:
        key = Key(line["problem"], line["strategy"], line["seed"])
        course = self.course(key)
        trials = (*course.trials, Trial.model_validate(line["trial"])) if "trial" in line else course.trials
        ending = JobFinished.model_validate(line["ending"]) if line.get("ending") else course.ending
        self.courses[key] = Course(key, trials, line.get("ended", course.ended), ending)
        return self.courses[key]

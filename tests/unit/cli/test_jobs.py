"""Finding and following a job, with an evaluator that only plays its part."""

from types import TracebackType
from typing import Self

import pytest

from tests.unit.cli.factories import a_job, a_trial
from trainyard_cli.errors import UsageError
from trainyard_cli.jobs import Jobs, follow, resolve
from trainyard_cli.view.job import Job, JobSummary


class ScriptedJobs(Jobs):
    """An evaluator whose one job goes on by a step at each look."""

    def __init__(self, *names: str, course: tuple[Job, ...] = ()) -> None:
        self._names = names
        self._course = list(course)

    def recent(self) -> list[JobSummary]:
        """Return a line for each name."""
        return [JobSummary(job=name) for name in self._names]

    def get(self, _: str) -> Job | None:
        """Return the next step of the course."""
        return self._course.pop(0) if self._course else None

    def patch(self, _: str) -> str:
        """There is none."""
        return ""


class RecordingScreen:
    """A screen that remembers what it was shown."""

    def __init__(self) -> None:
        self.states: list[str] = []

    def show(self, job: Job) -> None:
        """Remember the state."""
        self.states.append(job.state)

    def note(self, text: str) -> None:
        """Remember the text."""
        self.states.append(text)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        return None


class TestResolve:
    def test_takes_a_unique_beginning(self) -> None:
        """Nobody types a whole id."""
        assert resolve(ScriptedJobs("wines-3f2a", "digits-77"), "wi") == "wines-3f2a"

    def test_takes_a_whole_name_that_others_begin_with(self) -> None:
        """A name that is complete is never ambiguous."""
        assert resolve(ScriptedJobs("wines", "wines-2"), "wines") == "wines"

    def test_refuses_an_ambiguous_beginning(self) -> None:
        """The candidates are named."""
        with pytest.raises(UsageError, match="'w' could be wines-1 or wines-2"):
            resolve(ScriptedJobs("wines-1", "wines-2"), "w")

    def test_names_near_ones_for_an_unknown_job(self) -> None:
        """A slip of the finger finds its remedy."""
        with pytest.raises(UsageError, match=r"there is no job 'wynes-1'\. Did you mean wines-1\?"):
            resolve(ScriptedJobs("wines-1", "digits-77"), "wynes-1")

    def test_says_how_to_start_one_where_there_is_none(self) -> None:
        """On an empty ledger there is nothing near."""
        with pytest.raises(UsageError, match="trainyard submit"):
            resolve(ScriptedJobs(), "wines")


class TestFollow:
    def test_shows_each_look_until_the_end(self) -> None:
        """The last thing shown is the job as it ended, which is returned."""
        course = (a_job(a_trial(1), state="training"), a_job(a_trial(1, 0.9), state="passed", outcome="passed"))
        seen = RecordingScreen()

        ended = follow(ScriptedJobs(course=course), "wines", seen, wait=lambda _: None)

        assert ended == course[-1]
        assert seen.states == ["training", "passed"]

    def test_gives_up_at_the_time_set(self) -> None:
        """A limit that has passed ends the following without a job."""
        assert follow(ScriptedJobs(), "wines", RecordingScreen(), wait=lambda _: None, until=0.0) is None

"""What `trainyard logs` shows, once and as it goes on."""

import pytest

from tests.unit.cli.factories import a_job, a_trial
from trainyard_cli.job_log import follow, new_lines
from trainyard_cli.jobs import Jobs
from trainyard_cli.view.job import Job, Log


class ScriptedLogs(Jobs):
    """An evaluator whose one job prints on at each look, and has ended at the last."""

    def __init__(self, *course: Log | None) -> None:
        self._course = list(course)

    def get(self, _: str) -> Job | None:
        """Return the job as it is then."""
        return a_job(a_trial(1), outcome="passed" if len(self._course) == 1 else None)

    def log(self, _: str) -> Log | None:
        """Return the next step of the course."""
        return self._course.pop(0)


def a_log(text: str, lines: int, *, trial: int = 1, run: int = 1) -> Log:
    return Log(trial=trial, run=run, lines=lines, log=text)


class TestFollow:
    def test_prints_each_line_once(self) -> None:
        """One that has not ended yet comes when it has, or at the end of all."""
        logs = ScriptedLogs(
            None, a_log("", 0), a_log("one\n10%", 1), a_log("one\n100%\n", 2), a_log("one\n100%\nlast", 2)
        )

        assert list(follow(logs, "wines", wait=lambda _: None)) == ["trial 1, run 1:", "one", "100%", "last"]

    def test_says_when_another_run_begins(self) -> None:
        """After a crash, or with the next trial; each prints for itself."""
        logs = ScriptedLogs(a_log("one\n", 1), a_log("two\n", 1, run=2), a_log("three\n", 1, trial=2))

        assert list(follow(logs, "wines", wait=lambda _: None)) == [
            "trial 1, run 1:",
            "one",
            "trial 1, run 2:",
            "two",
            "trial 2, run 1:",
            "three",
        ]

    def test_repeated_lines_are_as_many_as_were_printed(self) -> None:
        """Lines are told apart by their number, not by what they say."""
        logs = ScriptedLogs(a_log(".\n.\n", 2), a_log(".\n.\n.\n", 3))

        assert list(follow(logs, "wines", wait=lambda _: None)) == ["trial 1, run 1:", ".", ".", "."]


class TestNews:
    @pytest.mark.parametrize(
        ("seen", "log", "shown"),
        [
            (Log(), a_log("", 0), []),
            (Log(), a_log("7\n8\n", 8), ["trial 1, run 1:", "[6 lines omitted]", "7", "8"]),
            (a_log("1\n", 1), a_log("7\n8\n", 8), ["[5 lines omitted]", "7", "8"]),
            (a_log("7\n8\n", 8), a_log("1\n", 1), ["trial 1, run 1:", "1"]),
        ],
    )
    def test_says_what_is_missing(self, seen: Log, log: Log, shown: list[str]) -> None:
        """Lines that came faster than they are kept, before the first look or between two; or a new beginning."""
        assert new_lines(seen, log) == shown

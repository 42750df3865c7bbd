"""Where a job is, put together from messages that come late, twice, or not at all."""

import json
from typing import Any

from services.evaluator.domain import LOG_LINES, Progress
from services.evaluator.handlers import on_code_ready, on_training_progressed, on_trial_ended
from services.evaluator.jobs import list_jobs, log, show
from services.evaluator.ports import Tools
from tests.unit.evaluator.builders import JOB, a_code_ready, a_failure, a_progress


def trained(at: float, text: str = "", *, run: int = 1, follows: bool = True, **more: Any) -> Progress:
    """What a run printed at that time."""
    return Progress(trial=1, run=run, phase="training", at=at, log=text, log_follows=follows, **more)


def heard(*news: Progress) -> Progress:
    """Where a job is after all of these."""
    known = Progress()
    for each in news:
        known = known.then(each)
    return known


class TestLog:
    def test_is_put_together(self) -> None:
        """A progress bar that was cut in two is one line, in its last state."""
        known = heard(trained(1, "one\n10%\r", follows=False), trained(2, "90%\r100%\ntwo\n"))

        assert (known.log, known.lines) == ("one\n100%\ntwo\n", 3)

    def test_a_repeat_adds_nothing(self) -> None:
        """Every message may come twice."""
        once = heard(trained(1, "one\n", follows=False), trained(2, "two\n"))

        assert once.then(trained(2, "two\n")) == once

    def test_of_a_late_message_is_left_out(self) -> None:
        """It would stand in the wrong place; what else it says is older, too."""
        known = heard(trained(1, "one\n", follows=False), trained(3, "three\n", epoch=3), trained(2, "two\n", epoch=2))

        assert (known.log, known.epoch) == ("one\nthree\n", 3)

    def test_stays_where_nothing_is_printed(self) -> None:
        """A crash, or an epoch without a word, takes nothing away."""
        known = heard(trained(1, "one\n", follows=False), trained(2, epoch=1)).then(
            Progress(trial=1, run=1, phase="crashed", at=3, until=8)
        )

        assert (known.log, known.phase) == ("one\n", "crashed")

    def test_that_begins_anew_replaces_what_was_there(self) -> None:
        """A trainer that was started again does not know what it told before."""
        assert heard(trained(1, "one\n", follows=False), trained(2, "one\ntwo\n", follows=False)).log == "one\ntwo\n"

    def test_of_another_run_is_another(self) -> None:
        """The run that crashed has a log of its own; a late message about it changes nothing."""
        known = heard(trained(1, "one\n", follows=False), trained(5, "resumed\n", run=2, follows=False))

        assert (known.log, known.lines) == ("resumed\n", 1)
        assert known.then(trained(6, "late\n", run=1)) == known

    def test_keeps_the_newest_lines_and_counts_all(self) -> None:
        """A row of the ledger stays small, and who follows knows how many are new."""
        known = heard(*(trained(at, f"line {at}\n", follows=at > 1) for at in range(1, 1001)))

        assert (known.lines, known.log.count("\n")) == (1000, LOG_LINES)
        assert known.log.endswith("line 999\nline 1000\n")


class TestPages:
    def test_show_what_was_printed(self, tools: Tools) -> None:
        """All that is kept on its own page, a glance with the job, nothing in the list."""
        on_code_ready(a_code_ready(), tools)
        text = "".join(f"line {number}\n" for number in range(9)) + "10%\r"
        on_training_progressed(a_progress(epoch=3).model_copy(update={"log": text, "memory": 7, "left": 1.5}), tools)

        whole, glance, [row] = log(tools.ledger, JOB), show(tools.ledger, JOB, now=tools.now), list_jobs(tools.ledger)

        assert whole == {"trial": 1, "run": 1, "lines": 9, "log": text.rstrip("\r")}
        assert glance is not None
        assert glance["progress"]["log"] == "line 5\nline 6\nline 7\nline 8\n10%"
        assert (glance["progress"]["memory"], glance["progress"]["left"], glance["progress"]["epoch"]) == (7, 1.5, 3)
        assert "log" not in row["progress"]
        assert json.dumps([whole, glance, row])

    def test_show_the_last_words_of_a_failure(self, tools: Tools) -> None:
        """What came after the last message is in the failure's own log; what both have comes once."""
        on_code_ready(a_code_ready(), tools)
        on_training_progressed(a_progress().model_copy(update={"log": "one\ntwo\n"}), tools)
        event = a_failure()
        failure = event.result.failure
        assert failure is not None
        told = failure.model_copy(update={"log_tail": "two\nTraceback\nValueError: no"})
        on_trial_ended(event.model_copy(update={"result": event.result.model_copy(update={"failure": told})}), tools)

        assert log(tools.ledger, JOB) == {
            "trial": 1,
            "run": 1,
            "lines": 4,
            "log": "one\ntwo\nTraceback\nValueError: no\n",
        }

    def test_know_no_log_of_an_unknown_job(self, tools: Tools) -> None:
        """Which is told from one that printed nothing."""
        on_code_ready(a_code_ready(), tools)

        assert log(tools.ledger, "nobody") is None
        assert (log(tools.ledger, JOB) or {})["log"] == ""

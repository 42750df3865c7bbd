"""What is said when a job has ended."""

import io
from typing import Any

import pytest
from rich.console import Console

from tests.unit.cli.factories import DIFF, a_failed, a_job, a_trial, a_tweak, a_tweaked
from trainyard.trial import Warn
from trainyard_cli.console import say
from trainyard_cli.view.ending import Delivery, ending
from trainyard_cli.view.job import Job


def told(job: Job, diff: str = "", delivery: Delivery | None = None) -> str:
    """Return what a log gets."""
    file = io.StringIO()
    say(Console(file=file, width=80), ending(job, diff, delivery or Delivery(), color=False))
    return file.getvalue()


def a_passed(**more: Any) -> Job:
    """A job that passed with its second trial."""
    return a_job(a_trial(1, 0.4), a_tweaked(2, 0.983, "test", **more), outcome="passed", why="Trial 2 reached it.")


class TestEnding:
    def test_says_outcome_value_data_threshold_and_trial_first(self) -> None:
        """The first line alone tells how it went."""
        first = told(a_passed()).splitlines()[0]

        assert first == "✔ passed  accuracy 0.983 on test data, threshold 0.9, trial 2 of 2"

    def test_gives_the_reason_of_each_tweak_on_the_way_to_the_best_trial(self) -> None:
        """Tweaks that the best trial builds on are told, oldest first; others are not."""
        job = a_job(
            a_trial(1, 0.4),
            a_trial(2, 0.6, tweaks=(a_tweak("scale_inputs", "they span a lot"),), base=1),
            a_trial(3, 0.5, tweaks=(a_tweak("dropout", "it overfits"),), base=2),
            a_trial(4, 0.95, tweaks=(a_tweak("epochs", "still improving"),), base=2),
            outcome="passed",
        )

        shown = told(job)

        assert shown.index("scale inputs: they span a lot") < shown.index("epochs: still improving")
        assert "dropout" not in shown

    def test_shows_the_diff_as_it_is(self) -> None:
        """In a log the diff can be copied: no line is broken or filled up."""
        assert DIFF in told(a_passed(), DIFF)

    def test_says_where_things_lie_and_how_to_apply_the_patch(self) -> None:
        """Patch, model and the commands are named."""
        delivery = Delivery("jobs/w/trainyard.patch", ["jobs/w/m.h5"], [], ["git apply x", "patch -p1 < x"])

        shown = told(a_passed(), DIFF, delivery)

        assert "Patch  jobs/w/trainyard.patch\nModel  jobs/w/m.h5\nApply  git apply x\nor     patch -p1 < x\n" in shown

    def test_shows_a_failure_with_place_remedy_and_the_authors_traceback(self) -> None:
        """What the author's code did wrong is told so that it can be mended at once."""
        shown = told(a_job(a_failed(), outcome="failed", why="The original code could not be trained."))

        assert "✘ failed" in shown
        assert "train.py:7: ValueError: no such column: Class" in shown
        assert "Remedy: Look at the line that the traceback names." in shown
        assert '    File "train.py", line 7, in <module>' in shown

    def test_says_which_older_api_the_code_was_trained_with(self) -> None:
        """Nothing in the code showed that it needs one."""
        trial = a_trial(1, 0.98, facts={"compat": {"why": "trained on tf-keras (Keras 2): Keras 3 refuses train.py"}})

        assert "Note: trained on tf-keras (Keras 2): Keras 3 refuses train.py" in told(a_job(trial, outcome="passed"))

    @pytest.mark.parametrize("root", ["/trainyard", "/tmp/x/.trainyard/sessions/7/runs/trainyard-wines-3f2a-t1"])  # noqa: S108
    def test_names_files_as_their_author_does(self, root: str) -> None:
        """Where the trial's copy of the code lay is nobody's concern."""
        job = a_job(
            a_failed(traceback=f'  File "{root}/code/src/code/train.py", line 7, in <module>'), outcome="failed"
        )

        assert 'File "src/code/train.py", line 7' in told(job)

    def test_takes_brackets_in_an_authors_words_literally(self) -> None:
        """What the author's script says is text, never markup."""
        shown = told(a_job(a_failed(message="KeyError: '[bold]'"), outcome="failed"))

        assert "KeyError: '[bold]'" in shown

    def test_warns_of_what_was_raised_after_the_measurement(self) -> None:
        """A script that measured and then raised has passed, and its error is told."""
        shown = told(a_passed(warning=Warn(type="OSError", message="disk full", file="train.py", line=9)))

        assert "Warning: after its metric was measured, the script ended with train.py:9: OSError: disk full" in shown

"""A job's course as lines in a log."""

from tests.unit.cli.factories import a_failed, a_job, a_trial, a_tweaked
from trainyard_cli.view import lines


class TestNews:
    def test_begins_with_the_job_and_its_threshold(self) -> None:
        """The first lines say what job this is and where it starts."""
        assert lines.news(None, a_job(a_trial(1))) == [
            "wines-3f2a: threshold 0.9, at most 10 trials",
            "trial 1: waiting for a slot",
        ]

    def test_says_nothing_for_a_mere_epoch(self) -> None:
        """A log does not fill with epochs."""
        before = a_job(a_trial(1), state="training trial 1, epoch 3 of 9")
        after = a_job(a_trial(1), state="training trial 1, epoch 4 of 9")

        assert lines.news(before, after) == []

    def test_says_nothing_while_seconds_are_counted_down(self) -> None:
        """Waiting for the next run is said once."""
        before = a_job(a_trial(1), state="crashed and trying again in 40 s")
        after = a_job(a_trial(1), state="crashed and trying again in 39 s")

        assert lines.news(before, after) == []

    def test_says_a_result_with_its_data_and_time(self) -> None:
        """A trial's end is one line with all that counts."""
        before = a_job(a_trial(1), state="training trial 1")
        after = a_job(a_trial(1, 0.3988), state="looking for a tweak")

        assert lines.news(before, after) == [
            "trial 1: missed: accuracy 0.399 on TRAINING data (12.3 s)",
            "trial 2: looking for a tweak",
        ]

    def test_says_what_was_changed_before_the_trial_runs(self) -> None:
        """The tweak and its reason come first, then the state."""
        before = a_job(a_trial(1, 0.4), state="looking for a tweak")
        after = a_job(a_trial(1, 0.4), a_tweaked(2), state="waiting for a slot")

        assert lines.news(before, after) == [
            "trial 2: scale inputs: the inputs span 0.1 to 1680",
            "trial 2: waiting for a slot",
        ]

    def test_says_a_failure_with_its_message(self) -> None:
        """A failed trial says why in the same line."""
        after = a_job(a_failed(), outcome="failed")

        assert lines.news(a_job(a_trial(1)), after) == ["trial 1: raised an error: ValueError: no such column: Class"]

    def test_has_words_for_every_reason(self) -> None:
        """Code that is too large, too, is no reason for a KeyError."""
        after = a_job(a_failed(reason="too_large", message="/data is larger than 256 MiB"), outcome="failed")

        assert lines.news(a_job(a_trial(1)), after) == ["trial 1: too large: /data is larger than 256 MiB"]

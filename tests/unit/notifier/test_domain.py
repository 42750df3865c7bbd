"""What the mail says."""

import pytest

from services.notifier import domain
from services.notifier.chart import chart
from services.notifier.domain import clipped, format_threshold
from tests.unit.notifier.builders import JOB, a_failed_trial, a_finished_job, a_passed_job, a_trial
from trainyard.messages import JobFinished
from trainyard.trial import Curve, Diagnosis, Origin, Trial

FILES = "http://trainyard.example/"


def letter(event: JobFinished) -> domain.Letter:
    return domain.letter(event, files_url=FILES, patched=True, pictured=True)


class TestSubject:
    def test_of_a_job_that_passed(self) -> None:
        """The value, its data and the bar it cleared are read without opening the mail."""
        assert domain.subject(a_passed_job()) == "[Trainyard] wines passed: 0.983 (test) ≥ 0.90 after 2 trials"

    def test_says_training_data_in_capitals(self) -> None:
        """An accuracy on the data it was trained on must not be taken for more."""
        event = a_finished_job(a_trial(1, 0.991, data="train"), best=1)

        assert domain.subject(event) == "[Trainyard] wines passed: 0.991 (TRAINING) ≥ 0.90 after 1 trial"

    def test_of_an_exhausted_job_tells_the_best(self) -> None:
        """How far it is from the threshold."""
        event = a_finished_job(a_trial(1, 0.8996), outcome="exhausted", best=1)

        assert domain.subject(event) == "[Trainyard] wines exhausted: best 0.8996 (test) < 0.90 after 1 trial"

    def test_of_a_failed_job_tells_the_reason(self) -> None:
        """One line of it."""
        event = a_finished_job(a_failed_trial(), outcome="failed")

        assert domain.subject(event) == (
            "[Trainyard] wines failed: ValueError: could not convert string to float: 'red'"
        )

    def test_of_a_cancelled_job(self) -> None:
        """Nothing was measured, nothing went wrong."""
        assert domain.subject(a_finished_job(outcome="cancelled")) == "[Trainyard] wines cancelled after 0 trials"

    def test_stays_on_one_line_whatever_the_title(self) -> None:
        """A title is the author's; a line break in it would be a header of its own."""
        origin = Origin(code="x", title="wines\r\nBcc: all@example.com")
        event = a_passed_job().model_copy(update={"origin": origin})

        assert "\n" not in domain.subject(event)
        assert "\r" not in domain.subject(event)


class TestLetter:
    def test_tells_result_and_threshold(self) -> None:
        """Which accuracy it is, in words."""
        it = letter(a_passed_job())

        assert (it.result, it.threshold) == ("accuracy 0.983 on test data", "0.90 or more")
        assert it.url == f"http://trainyard.example/jobs/{JOB}"
        assert (it.trials, it.duration, it.code) == ("2 trials", "3 min 12 s", "file:///examples/wines at c0ffee")

    def test_has_a_row_for_each_trial(self) -> None:
        """What was changed and why, and what came of it."""
        event = a_finished_job(a_trial(1, 0.4), a_failed_trial(2), a_trial(3, 0.95, data="train"), best=3)

        first, second, third = letter(event).rows

        assert (first.changes, first.accuracy, first.data) == (("the original code",), "0.4", "test data")
        assert second.failure.startswith("ValueError: could not convert")
        assert (second.accuracy, second.best) == ("", False)
        assert third.changes == ("scale inputs: Inputs reach 1680 & are <not> scaled.",)
        assert (third.data, third.seconds, third.best) == ("TRAINING data", "1 min 12 s", True)

    def test_tells_what_was_surely_found_and_not_changed(self) -> None:
        """Of the delivered code where that was diagnosed, else of the code that it was made from."""
        found = Diagnosis(name="unscaled_inputs", sentence="Unscaled", confidence=0.95)
        left, more = (found.model_copy(update={"left_alone": why}) for why in ("of line 3", "of line 4"))
        first, second, third = (a_trial(number, 0.4 + number / 10) for number in (1, 2, 3))
        second = second.model_copy(update={"diagnosis": (found, left)})
        third = third.model_copy(update={"diagnosis": (more,), "base": 2})

        assert letter(a_finished_job(first, second, best=2)).unmended == ("Unscaled (95% sure), because of line 3",)
        told = letter(a_finished_job(first, second, third, outcome="exhausted", best=2)).unmended
        assert told == ("Unscaled (95% sure), because of line 4",)

    def test_says_where_the_model_lies(self) -> None:
        """The best trial's files, the model first."""
        model, figure = letter(a_passed_job()).files

        assert (model.name, model.location) == ("modelsave.h5", "/kept/t2/modelsave.h5")
        assert model.path == "t2/modelsave.h5"
        assert figure.kind == "figure"

    def test_tells_why_the_authors_code_failed(self) -> None:
        """The author's own, not that of an edit of ours."""
        assert letter(a_finished_job(a_failed_trial(1), outcome="failed")).failure == a_failed_trial(1).failure
        assert letter(a_finished_job(a_trial(1), a_failed_trial(2), outcome="exhausted", best=1)).failure is None


class TestChart:
    def test_shows_the_first_trial_against_the_best(self) -> None:
        """And the threshold; the middle trials would only clutter it."""
        drawn = chart(a_finished_job(a_trial(1), a_trial(2), a_trial(3, 0.95), best=3), "wines")

        assert drawn
        assert [line.label for line in drawn.lines] == [
            "trial 1 (the original code), validation data",
            "trial 3 (best), validation data",
        ]
        assert (drawn.threshold, drawn.threshold_label) == (0.9, "threshold 0.90")

    def test_says_when_a_curve_is_of_training_data(self) -> None:
        """Keras' `accuracy` is."""
        drawn = chart(a_finished_job(a_trial(1, 0.95, curve="accuracy"), best=1), "wines")

        assert drawn
        assert [line.label for line in drawn.lines] == ["trial 1 (best), TRAINING data"]

    def test_spreads_thinned_points_over_all_epochs(self) -> None:
        """The first and the last point are kept."""
        drawn = chart(a_finished_job(a_trial(1), best=1), "wines")

        assert drawn
        assert (drawn.lines[0].epochs[0], drawn.lines[0].epochs[1], drawn.lines[0].epochs[-1]) == (1, 3, 99)

    @pytest.mark.parametrize("name", ["categorical_accuracy", "acc"])
    def test_finds_the_accuracy_under_other_names(self, name: str) -> None:
        """Keras names it after how the metric was asked for."""
        assert chart(a_finished_job(a_trial(1, curve=name), best=1), "wines")

    def test_is_none_without_curves(self) -> None:
        """A nearest-neighbours model has no epochs; a loss is no accuracy."""
        empty = Trial(trial=1, curves=(Curve(name="accuracy", points=(None,)),))

        assert chart(a_finished_job(a_trial(1, curve=None), best=1), "wines") is None
        assert chart(a_finished_job(a_trial(1, curve="loss"), best=1), "wines") is None
        assert chart(a_finished_job(empty), "wines") is None


class TestWords:
    @pytest.mark.parametrize(("value", "words"), [(0.9, "0.90"), (0.925, "0.925"), (12.0, "12.00")])
    def test_writes_a_threshold_as_exactly_as_it_is(self, value: float, words: str) -> None:
        """Two decimals, or as many as it needs."""
        assert format_threshold(value) == words

    def test_clips_to_one_line(self) -> None:
        """An error message may be long and have line breaks."""
        assert clipped("one\n two three", 9) == "one two …"
        assert clipped("\x1b[31mred\x1b[0m", 20) == "[31mred[0m"

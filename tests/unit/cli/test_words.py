"""Numbers and states in words."""

import pytest

from tests.unit.cli.factories import a_curve, a_job, a_trial
from trainyard.trial import Measurement
from trainyard.words import measured
from trainyard_cli.view import words


class TestMeasured:
    def test_says_training_accuracy_in_capitals(self) -> None:
        """What was measured on training data cannot be overlooked."""
        assert measured(Measurement(value=0.5, data="train"), 0.9) == "accuracy 0.500 on TRAINING data"

    def test_says_held_out_data(self) -> None:
        """What was measured on data the model has not seen is said as such."""
        assert measured(Measurement(value=0.5, data="test"), 0.9) == "accuracy 0.500 on test data"


class TestThreshold:
    def test_says_at_most_for_a_metric_to_minimise(self) -> None:
        """Where less is better, the threshold is an upper bound."""
        job = a_job(a_trial(1, 0.2, direction="minimize"), threshold=0.3)

        assert words.threshold(job) == "at most 0.3"


class TestState:
    def test_leaves_out_the_trial_that_its_row_names(self) -> None:
        """The row of trial 1 says "training, epoch 3 of 9" where the job says "training trial 1, epoch 3 of 9"."""
        job = a_job(a_trial(1), state="training trial 1, epoch 3 of 9")

        assert words.state(job, job.history[0]) == "training, epoch 3 of 9"

    @pytest.mark.parametrize(("outcome", "said"), [("cancelled", "cancelled"), ("exhausted", "not finished")])
    def test_says_what_became_of_a_trial_under_way(self, outcome: str, said: str) -> None:
        """A trial that had no end of its own when the job ended is not called missed."""
        job = a_job(a_trial(1), outcome=outcome)

        assert words.state(job, job.history[0]) == said


class TestSpark:
    def test_rises_with_the_accuracy(self) -> None:
        """The accuracy from 0 to 1 fills the whole height."""
        assert words.spark(a_trial(1, 1.0, curves=(a_curve(0.0, 1.0),)), width=2) == "▁█"

    def test_is_empty_without_a_curve(self) -> None:
        """scikit-learn scripts have no epochs."""
        assert words.spark(a_trial(1, 1.0)) == ""

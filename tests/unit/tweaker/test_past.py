"""What a history tells about where to go on."""

import pytest

from services.tweaker.diagnosis.history import best_first, gain, stalled
from tests.unit.tweaker.builders import a_trial
from trainyard.evidence import noise
from trainyard.trial import Measurement, Trial


def of_rows(value: float, rows: int) -> Trial:
    """Return a trial that was measured on so many rows."""
    return a_trial(value=value, known={"measured": {"rows": rows}})


class TestBestFirst:
    def test_less_is_better_where_the_metric_says_so(self) -> None:
        """A loss of 0.2 goes before one of 0.5."""
        losses = [
            a_trial(number).model_copy(
                update={"measurement": Measurement(metric="loss", value=value, direction="minimize", data="test")}
            )
            for number, value in ((1, 0.5), (2, 0.2))
        ]

        assert [trial.trial for trial in best_first(losses)] == [2, 1]

    def test_of_equals_the_earliest_is_first(self) -> None:
        """Among equals, the one with the smaller diff."""
        assert [trial.trial for trial in best_first([a_trial(1, value=0.5), a_trial(2, value=0.5)])] == [1, 2]


class TestGain:
    def test_what_was_measured_on_other_data_is_no_gain(self) -> None:
        """0.9 on the training's own data says nothing against 0.7 on held-out ones."""
        learnt, held_out = a_trial(1, value=0.9, data="train"), a_trial(2, value=0.7, data="test")

        assert gain(held_out, learnt, [learnt, held_out]) == 0.0

    def test_a_failure_is_no_gain(self) -> None:
        """A trial that measured nothing cannot be compared."""
        failed = a_trial(2, value=None)

        assert gain(failed, a_trial(1), [a_trial(1), failed]) == 0.0


@pytest.mark.parametrize(
    ("trial", "expected"), [(of_rows(0.9, 100), 0.03), (of_rows(0.9, 10**6), 0.005), (a_trial(value=0.9), 0.005)]
)
def test_few_rows_make_much_noise(trial: Trial, expected: float) -> None:
    """The standard deviation of a share of right answers; never less than what is as good as equal."""
    assert noise(trial) == pytest.approx(expected)


class TestStalled:
    def test_counts_the_trials_without_a_gain(self) -> None:
        """Failures count as such, and so does what lies within noise."""
        values = [0.7, 0.7, None, 0.704]

        assert stalled([a_trial(number, value=value) for number, value in enumerate(values, 1)]) == 3

    @pytest.mark.parametrize(
        ("values", "count"), [([0.7], 0), ([0.7, 0.75, 0.7, 0.7], 2), ([0.7, 0.6, 0.6, 0.72], 0), ([None, 0.7], 0)]
    )
    def test_begins_anew_with_a_gain(self, values: list[float | None], count: int) -> None:
        """What came before the last gain does not count, nor what came before anything was measured."""
        assert stalled([a_trial(number, value=value) for number, value in enumerate(values, 1)]) == count

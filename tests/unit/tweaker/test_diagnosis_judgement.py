"""When what was measured is within chance, and when nothing more is to be had."""

import dataclasses
from collections.abc import Sequence

import pytest

from services.tweaker.diagnosis.case import Case
from services.tweaker.diagnosis.facts import Facts
from tests.unit.tweaker.builders import a_trial
from tests.unit.tweaker.diagnosing import confidence, sentence
from trainyard.trial import Setting, Trial, Tweak

SURE = 0.9
KINDS = ("epochs", "units", "learning_rate", "dropout", "dense_layer", "optimizer", "batch_norm", "batch_size")


def a_case(value: float, *history: Trial, rows: int = 1000, conflicts: float = 0.0, threshold: float = 0.9) -> Case:
    """Return trial 1 of a job, measured on *rows*."""
    known = {"measured": {"rows": rows}, "inputs": {"rows": 5000, "conflicts": conflicts}}
    first = a_trial(1, value=value, known=known)
    return Case(value, "test", Facts.model_validate(known), threshold=threshold, history=(first, *history))


def a_change(number: int, value: float, name: str, setting: Setting = 1) -> Trial:
    """Return a trial that changed one thing in the code of trial 1."""
    tweak = Tweak(name=name, setting=setting, reason="why", diff="")
    return a_trial(number, value=value, base=1).model_copy(update={"tweaks": (tweak,)})


def changes(values: Sequence[float], kinds: Sequence[str] = KINDS, first: int = 2) -> list[Trial]:
    """Return trials from trial 1 with these values, each with another edit."""
    return [a_change(number, value, kinds[(number - first) % len(kinds)]) for number, value in enumerate(values, first)]


class TestNoise:
    def test_is_a_gap_that_few_rows_cannot_tell(self) -> None:
        """Two points on 45 rows are one row; on 5000 rows they are a hundred."""
        assert confidence("within_noise", a_case(0.88, rows=45)) > 0
        assert confidence("within_noise", a_case(0.88, rows=5000)) == 0

    def test_is_a_gap_within_the_spread_over_seeds(self) -> None:
        """The same code with other seeds gave more than is missing."""
        again = [
            a_trial(number, value=value).model_copy(update={"purpose": "confirm", "of": 1})
            for number, value in ((2, 0.85), (3, 0.91))
        ]

        assert "within the variation between seeds" in sentence("within_noise", a_case(0.88, *again, rows=0))
        assert confidence("within_noise", a_case(0.7, *again, rows=0)) == 0

    def test_is_not_known_where_the_rows_are_not(self) -> None:
        """Nothing is made up."""
        assert confidence("within_noise", a_case(0.899, rows=0)) == 0


class TestCeiling:
    def test_is_seen_in_rows_that_contradict_each_other(self) -> None:
        """Where a fifth of the rows equal one with another label, about nine in ten can be right."""
        assert confidence("ceiling", a_case(0.9, *changes([0.9] * 4), conflicts=0.2, threshold=0.95)) >= SURE

    @pytest.mark.parametrize(("value", "trials"), [(0.7, 4), (0.9, 1)])
    def test_is_not_sure_far_below_it_or_after_a_single_trial(self, value: float, trials: int) -> None:
        """There is room still, or the rows that contradict each other are few against those that agree."""
        case = a_case(value, *changes([value] * trials), conflicts=0.2, threshold=0.95)

        assert 0 < confidence("ceiling", case) < SURE

    def test_is_none_above_the_threshold(self) -> None:
        """What is asked for can be had."""
        assert confidence("ceiling", a_case(0.7, conflicts=0.2, threshold=0.85)) == 0

    def test_is_where_many_kinds_of_change_end(self) -> None:
        """Nine trials of eight kinds brought nothing, and much is missing."""
        assert confidence("ceiling", a_case(0.8, *changes([0.8, 0.79] * 5))) >= SURE

    def test_is_not_believed_after_the_same_change_again_and_again(self) -> None:
        """Other values of one setting show little about the data."""
        assert confidence("ceiling", a_case(0.8, *changes([0.8, 0.79] * 5, ["epochs", "units"]))) == 0

    def test_is_where_estimators_of_other_kinds_come_no_further(self) -> None:
        """Two of them, and some settings, show as much as many settings."""
        swaps = [a_change(2, 0.78, "swap_estimator", "SVC"), a_change(3, 0.8, "swap_estimator", "RF")]
        tuned = changes([0.8] * 4, ("C", "iterations"), first=4)

        assert confidence("ceiling", a_case(0.8, *swaps, *tuned)) >= SURE
        assert confidence("ceiling", a_case(0.8, *swaps[:1], *tuned)) == 0

    def test_is_not_believed_while_it_gets_better(self) -> None:
        """One of the last trials was a step forward."""
        assert confidence("ceiling", a_case(0.7, *changes([0.7, 0.7, *[0.8, 0.79] * 4]))) == 0

    def test_is_not_believed_near_the_threshold(self) -> None:
        """Chance alone may do the rest."""
        assert confidence("ceiling", a_case(0.88, *changes([0.88, 0.87] * 5))) == 0


class TestPlateau:
    def test_is_where_trials_bring_nothing(self) -> None:
        """Three from the same code came to the same."""
        assert confidence("plateau", a_case(0.8, *changes([0.8, 0.79, 0.8]))) > 0.5

    def test_is_none_where_one_brought_something(self) -> None:
        """Two of three are too few to tell."""
        assert confidence("plateau", a_case(0.8, *changes([0.8, 0.79, 0.85]))) == 0


def test_says_that_only_training_data_were_measured() -> None:
    """Learning by heart counts there."""
    assert confidence("measured_on_training_data", dataclasses.replace(a_case(0.8), data="train")) > 0
    assert confidence("measured_on_training_data", a_case(0.8)) == 0

"""Words that mail, pages and the command share."""

from typing import get_args

import pytest

from trainyard import words
from trainyard.trial import DataKind, FailureReason, Purpose, Trial, Tweak, Warm


class TestTables:
    def test_have_words_for_every_value(self) -> None:
        """A reason, a kind of data or a purpose without words would end the command with a KeyError."""
        assert set(words.FAILURES) == set(get_args(FailureReason))
        assert set(words.DATA) == set(words.SHORT_DATA) == set(get_args(DataKind))
        assert set(words.PURPOSES) == set(get_args(Purpose))


class TestDuration:
    @pytest.mark.parametrize(
        ("seconds", "text"),
        [
            (0.04, "0.0 s"),
            (59.94, "59.9 s"),
            (192.4, "3 min 12 s"),
            (245, "4 min 05 s"),
            (3599.9, "1 h 00 min"),
            (7800, "2 h 10 min"),
        ],
    )
    def test_has_two_units(self, seconds: float, text: str) -> None:
        """Seconds, minutes or hours, and what is left in the next smaller unit."""
        assert words.duration(seconds) == text


class TestChanges:
    def test_lists_purpose_weights_and_tweaks(self) -> None:
        """All in which a trial differs from the one before."""
        tweak = Tweak(name="more_epochs", reason="The loss still falls.", diff="")
        trial = Trial(trial=3, purpose="prune", of=2, warm=Warm(trial=1, how="inherit", location=""), tweaks=(tweak,))

        assert words.changes(trial) == [
            "trial 2 with fewer changes, to see which of them are needed",
            "started from the weights of trial 1",
            "more epochs: The loss still falls.",
        ]

    def test_names_the_original_code(self) -> None:
        """The first trial changes nothing."""
        assert words.changes(Trial(trial=1)) == ["the original code"]

    def test_says_which_older_api_the_original_code_needed(self) -> None:
        """As the probe found out when today's library refused it."""
        why = "trained on tf-keras (Keras 2): Keras 3 refuses train.py, line 9 (ValueError: rank)"

        assert words.changes(Trial(trial=1, facts={"compat": {"why": why}})) == ["the original code", why]


class TestFigure:
    @pytest.mark.parametrize(
        ("value", "threshold", "said"),
        [
            (0.98314, 0.90, "0.983"),
            (0.9, 0.90, "0.900"),
            (0.8999, 0.90, "0.8999"),
            (0.89999999999, 0.90, "0.89999999999"),
            (1234.5678, 0.90, "1234.57"),
        ],
    )
    def test_stays_on_its_side_of_the_threshold(self, value: float, threshold: float, said: str) -> None:
        """Three decimals, or as many as it takes that a miss does not read as a pass."""
        assert words.figure(value, threshold) == said

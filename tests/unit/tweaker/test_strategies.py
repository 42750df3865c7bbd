"""What every strategy keeps to, whoever wrote it; and what is its own."""

from __future__ import annotations

import pytest

from services.tweaker.edits.registry import edits
from services.tweaker.edits.space import Choice
from services.tweaker.search.decide import decide
from services.tweaker.search.strategies.registry import strategies
from services.tweaker.source.scripts import Files, fingerprint
from tests.unit.tweaker.builders import a_trial
from tests.unit.tweaker.searches import NEIGHBOURS, NETWORK, changes, searched
from trainyard.policy import Policy
from trainyard.trial import Setting

BUDGET = 5


@pytest.mark.parametrize("name", sorted(strategies()))
class TestEveryStrategy:
    @pytest.mark.parametrize("files", [NETWORK, NEIGHBOURS], ids=["network", "neighbours"])
    def test_makes_the_same_trials_for_the_same_history(self, name: str, files: Files) -> None:
        """What is drawn is drawn from the job's seed and the history alone."""
        values = [0.6, None, 0.65, 0.6]

        assert searched(files, Policy(strategy=name), values) == searched(files, Policy(strategy=name), values)

    @pytest.mark.parametrize("files", [NETWORK, NEIGHBOURS], ids=["network", "neighbours"])
    def test_tries_nothing_twice(self, name: str, files: Files) -> None:
        """Every trial is code that was not there before."""
        history, codes = searched(files, Policy(strategy=name), [0.6] * BUDGET)

        assert len({fingerprint(code) for code in codes.values()}) == len(history)

    def test_makes_only_what_the_author_allows(self, name: str) -> None:
        """`tweaks` in trainyard.toml holds for every strategy."""
        history, _ = searched(NETWORK, Policy(strategy=name, tweaks=("epochs",)), [0.6] * BUDGET)

        assert {tweak.name for trial in history for tweak in trial.tweaks} <= {"epochs"}

    def test_comes_to_an_end_where_nothing_is_left(self, name: str) -> None:
        """Where a single edit with two outcomes is allowed, the search is over after it."""
        history, _ = searched(NEIGHBOURS, Policy(strategy=name, tweaks=("weights",)), [0.6] * BUDGET)

        assert len(history) < BUDGET

    def test_finds_nothing_where_there_is_nothing_to_change(self, name: str) -> None:
        """Code that none of the edits understands leads to no trial, and to no error."""
        history, _ = searched({"train.py": b"print('accuracy', 1 / 2)\n"}, Policy(strategy=name), [0.6, 0.7])

        assert len(history) == 1


def test_says_which_strategies_there_are() -> None:
    """A name that is none is answered with those that are."""
    decision = decide([a_trial()], {1: NETWORK}, Policy(strategy="hope"))

    assert decision.candidate is None
    assert decision.why == (
        'There is no strategy "hope"; in trainyard.toml, strategy may be one of diagnosis, random, tpe.'
    )


@pytest.mark.parametrize("name", ["random", "tpe"])
class TestDrawing:
    def test_draws_values_that_the_knobs_hold(self, name: str) -> None:
        """No value is out of the space of its knob, as the author's code has it."""
        history, _ = searched(NETWORK, Policy(strategy=name), [0.6] * 6)
        before: dict[str, Setting] = {
            "epochs": 10,
            "learning_rate": 0.01,
            "optimizer": "rmsprop",
            "units": (12, 3),
            "dropout": 0.1,
        }

        for trial in history:
            for tweak in trial.tweaks:
                space = edits()[tweak.name].knob.space(before.get(tweak.name))
                if isinstance(space, Choice):
                    assert tweak.setting in space.values
                else:
                    assert isinstance(tweak.setting, int | float)
                    assert space.low <= tweak.setting <= space.high

    def test_always_starts_from_the_author_s_code(self, name: str) -> None:
        """What an earlier draw gained is not built upon."""
        history, _ = searched(NETWORK, Policy(strategy=name), [0.5, 0.6, 0.7])

        assert [trial.base for trial in history[1:]] == [1, 1]

    def test_draws_something_else_for_another_seed(self, name: str) -> None:
        """The seed decides."""
        one, _ = searched(NETWORK, Policy(strategy=name), [0.6] * 3, seed=1)
        two, _ = searched(NETWORK, Policy(strategy=name), [0.6] * 3, seed=2)

        assert changes(one) != changes(two)

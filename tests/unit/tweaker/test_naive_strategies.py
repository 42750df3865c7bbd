"""The policies of older systems, which the benchmark brings to compare with."""

import sys
from collections.abc import Iterator

import pytest

from benchmarks.search.naive import install
from services.tweaker.search.strategies.registry import strategies
from tests.unit.tweaker.searches import NEIGHBOURS, NETWORK, changes, searched
from trainyard.policy import Policy


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make the strategies visible as the benchmark does, and forget them afterwards."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    strategies.cache_clear()
    install()
    yield
    strategies.cache_clear()


class TestNaiveStrategies:
    def test_come_by_entry_points(self) -> None:
        """As those of any installed package."""
        assert {"epochs+10", "units+8", "neighbours+1"} <= set(strategies())

    def test_ten_more_epochs_upon_the_last_trial(self) -> None:
        """Whatever came of the last one."""
        history, _ = searched(NETWORK, Policy(strategy="epochs+10"), [0.6, 0.5, 0.7])

        assert changes(history) == [[("epochs", 20)], [("epochs", 30)]]
        assert [trial.base for trial in history[1:]] == [1, 2]

    def test_one_more_neighbour_upon_the_last_trial(self) -> None:
        """However often that brought nothing."""
        history, _ = searched(NEIGHBOURS, Policy(strategy="neighbours+1"), [0.6, 0.5, 0.5])

        assert changes(history) == [[("neighbours", 2)], [("neighbours", 3)]]

    def test_eight_more_units_then_a_layer(self) -> None:
        """A layer comes after every third time that more units brought nothing."""
        history, _ = searched(NETWORK, Policy(strategy="units+8"), [0.6, 0.7, 0.5, 0.5, 0.5, 0.5])

        assert [[name for name, _ in made] for made in changes(history)] == [
            ["units"],
            ["units"],
            ["units"],
            ["units"],
            ["dense_layer"],
        ]
        assert changes(history)[:2] == [[("units", 20)], [("units", 28)]]

"""Values that Optuna proposes."""

from itertools import islice

import optuna
import pytest

from services.tweaker.edits.space import Choice, Real, Space, Whole
from services.tweaker.search.strategies.sampling import Chosen, Tried, proposals

SPACES: dict[str, Space] = {
    "epochs": Whole(10, 300),
    "learning_rate": Real(0.0001, 0.1),
    "dropout": Real(0.1, 0.6, log=False),
    "optimizer": Choice(("adam", "sgd")),
    "class_weight": Choice(),
}


def proposed(*tried: Tried, seed: int = 1, optional: bool = False, count: int = 30) -> list[Chosen]:
    """Return what is proposed after these trials."""
    return list(islice(proposals(SPACES, tried, seed=seed, startup=2, optional=optional), count))


def rated(rate: float, value: float) -> Tried:
    """Return a trial with that learning rate, all else being equal."""
    return ({"epochs": 30, "learning_rate": rate, "dropout": 0.3, "optimizer": "adam"}, value)


def test_proposes_what_the_spaces_hold() -> None:
    """Whole numbers stay whole, and nothing lies out of its bounds."""
    for chosen in proposed(rated(0.01, 0.6), rated(0.001, 0.7), rated(0.02, 0.5)):
        assert isinstance(chosen["epochs"], int)
        assert 10 <= chosen["epochs"] <= 300
        assert isinstance(chosen["learning_rate"], float)
        assert 0.0001 <= chosen["learning_rate"] <= 0.1
        assert chosen["optimizer"] in ("adam", "sgd")
        assert chosen["class_weight"] is None


def test_proposes_values_as_people_write_them() -> None:
    """A diff with 0.00123 in it reads better than one with 0.0012345678."""
    rates = [chosen["learning_rate"] for chosen in proposed()]

    assert all(isinstance(rate, float) and rate == float(f"{rate:.3g}") for rate in rates)


def test_proposes_the_same_for_the_same_trials() -> None:
    """The seed and the trials decide, nothing else; another seed decides otherwise."""
    assert proposed(rated(0.01, 0.6)) == proposed(rated(0.01, 0.6))
    assert proposed(rated(0.01, 0.6), seed=2) != proposed(rated(0.01, 0.6))


@pytest.mark.parametrize(("good", "bad"), [(0.0002, 0.05), (0.05, 0.0002)])
def test_looks_where_it_was_good(good: float, bad: float) -> None:
    """Most proposals lie nearer to the values of the good trials than to those of the bad ones."""
    near = [rated(good * (1 + number / 10), 0.9 + number / 100) for number in range(4)]
    far = [rated(bad * (1 + number / 10), 0.3 + number / 100) for number in range(12)]

    rates = [chosen["learning_rate"] for chosen in proposed(*near, *far)]

    nearer = [rate for rate in rates if isinstance(rate, float) and (rate < 0.003) == (good < 0.003)]
    assert len(nearer) > len(rates) / 2


def test_leaves_edits_out_where_they_are_optional() -> None:
    """An edit that is made or not is in some proposals and not in others."""
    names = [frozenset(chosen) for chosen in proposed(optional=True)]

    assert len(set(names)) > 1
    assert frozenset().union(*names) == frozenset(SPACES)


def test_passes_over_what_the_spaces_do_not_hold() -> None:
    """A trial whose value lies elsewhere, or is of another kind, is no part of the study."""
    outside = ({**rated(0.01, 0.6)[0], "epochs": 5000}, 0.9)
    strange = ({**rated(0.01, 0.6)[0], "optimizer": "lion"}, 0.9)

    assert proposed(outside, strange) == proposed()


def test_is_silent_and_leaves_optuna_s_log_as_it_is(capfd: pytest.CaptureFixture[str]) -> None:
    """Neither studies nor experiments are announced; whoever else uses Optuna has the level of before."""
    level = optuna.logging.get_verbosity()

    assert list(islice(proposed(rated(0.01, 0.6)), 1)) != []

    assert optuna.logging.get_verbosity() == level
    assert capfd.readouterr().err == ""

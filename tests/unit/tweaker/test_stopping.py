"""When a training is to be ended that promises nothing."""

import math
from collections.abc import Sequence

import pytest

from services.tweaker.search.early_stop import GRACE, PATIENCE, early_stop
from tests.unit.tweaker.builders import a_trial
from trainyard.policy import Policy
from trainyard.trial import Curve, EarlyStop, Trial, Warm

FALLING = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]


def with_curves(number: int, **curves: Sequence[float | None]) -> Trial:
    """Make a trial with these curves."""
    told = [Curve(name=name, points=tuple(points), epochs=len(points)) for name, points in curves.items()]
    return a_trial(number).model_copy(update={"curves": tuple(told)})


def losses(*starts: float) -> list[Trial]:
    """Make trials whose losses lie so much above the falling one."""
    return [with_curves(number, loss=[start + point for point in FALLING]) for number, start in enumerate(starts, 1)]


def asked(history: Sequence[Trial], **policy: object) -> EarlyStop:
    """Return what the probe is told."""
    found = early_stop(history, Policy.model_validate(policy))
    assert found is not None
    return found


def test_the_reference_is_the_median_of_what_four_trials_had_reached_by_each_epoch() -> None:
    """Their best so far, so that a loss which went up again counts by where it had been."""
    history = [*losses(0.0, 1.0, 2.0), with_curves(4, loss=[0.5, *[9.0] * 9])]

    stop = asked(history)

    assert (stop.rule, stop.curve, stop.direction, stop.every) == ("median", "loss", "minimize", 1)
    assert stop.reference[:2] == (1.5, 1.4)
    assert len(stop.reference) == len(FALLING)
    assert stop.grace == GRACE


@pytest.mark.parametrize("trials", [0, 1, 3])
def test_fewer_than_four_trials_are_no_yardstick(trials: int) -> None:
    """Then only a loss that is no number ends a training."""
    stop = asked(losses(*[0.0] * trials))

    assert (stop.reference, stop.curve) == ((), "loss")


def test_the_reference_goes_as_far_as_four_trials_did() -> None:
    """A longer training is not compared with those that were over by then."""
    history = [*losses(0.0, 0.0, 0.0), with_curves(4, loss=FALLING[:6])]

    assert len(asked(history).reference) == 6


def test_a_long_reference_is_thinned() -> None:
    """At most 200 points travel, each of the same number of epochs; so do thinned curves."""
    curve = Curve(name="loss", points=tuple(1.0 - index / 200 for index in range(200)), epochs=1000)
    history = [a_trial(number).model_copy(update={"curves": (curve,)}) for number in range(1, 5)]

    stop = asked(history)

    assert (stop.every, len(stop.reference)) == (5, 200)
    assert stop.reference[-1] == pytest.approx(curve.points[-1] or 0)
    assert stop.grace == 200


def test_held_out_data_are_looked_at_where_all_trials_have_them() -> None:
    """In the direction of the metric."""
    both = [with_curves(number, loss=FALLING, val_accuracy=[0.5, 0.6]) for number in range(1, 5)]

    assert (asked(both).curve, asked(both).direction) == ("val_accuracy", "maximize")
    assert asked([*both, with_curves(5, loss=FALLING)]).curve == "loss"


def test_points_that_are_no_numbers_are_passed_over() -> None:
    """A training that broke is no yardstick from there on."""
    history = [*losses(0.0, 0.0, 0.0), with_curves(4, loss=[1.0, 0.9, math.nan, None])]

    assert len(asked(history).reference) == 2


def test_what_began_ahead_is_no_yardstick() -> None:
    """A trial with inherited weights; nor are trials that only prune, control or confirm."""
    warm = Warm(trial=1, how="inherit", location="a" * 64)
    ahead = with_curves(4, loss=FALLING).model_copy(update={"warm": warm})
    control = with_curves(4, loss=FALLING).model_copy(update={"purpose": "control"})

    assert asked([*losses(0.0, 0.0, 0.0), ahead]).reference == ()
    assert asked([*losses(0.0, 0.0, 0.0), control]).reference == ()


def test_a_script_of_several_fits_is_not_compared() -> None:
    """Their curves are those of the last one only."""
    history = [trial.model_copy(update={"facts": {"fits": 5}}) for trial in losses(0.0, 0.0, 0.0, 0.0)]

    assert asked(history).reference == ()
    assert asked(history, early_stop="patience").patience == 0


@pytest.mark.parametrize(("epochs", "patience"), [(10, PATIENCE), (500, 100)])
def test_patience_is_a_fifth_of_the_usual_length(epochs: int, patience: int) -> None:
    """And ten epochs at least."""
    stop = asked([with_curves(1, loss=[1.0] * epochs)], early_stop="patience")

    assert (stop.rule, stop.patience) == ("patience", patience)


def test_the_author_may_forbid_it() -> None:
    """`early_stop = false`."""
    assert early_stop(losses(0.0, 0.0, 0.0, 0.0), Policy(early_stop=False)) is None

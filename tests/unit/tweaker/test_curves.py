"""What the curves tell."""

import pytest

from services.tweaker.diagnosis import curves


@pytest.mark.parametrize(
    ("losses", "drop", "late_share", "steadiness", "rise"),
    [
        pytest.param((1.0, 0.8, 0.6, 0.4, 0.2), 0.8, 0.25, 1.0, 0.0, id="falling"),
        pytest.param((1.0, 0.5, 0.5, 0.5, 0.5), 0.5, 0.0, 0.25, 0.0, id="at rest"),
        pytest.param((1.0, 0.5, 0.6, 0.8, 1.0), 0.0, -0.4, 0.25, 1.0, id="up again"),
        pytest.param((1.0, 0.5), 0.5, 1.0, 1.0, 0.0, id="two epochs"),
        pytest.param((), 0.0, 0.0, 0.0, 0.0, id="none"),
    ],
)
def test_a_curve_in_numbers(
    losses: tuple[float, ...], drop: float, late_share: float, steadiness: float, rise: float
) -> None:
    """How far it fell, how late, how steadily, and whether it rose again."""
    assert curves.drop(losses) == pytest.approx(drop)
    assert curves.late_share(losses) == pytest.approx(late_share)
    assert curves.steadiness(losses) == pytest.approx(steadiness)
    assert curves.rise(losses) == pytest.approx(rise)


@pytest.mark.parametrize(
    ("losses", "lost"),
    [
        pytest.param((1.6, 0.5, 0.4, 0.3, 0.24), 0.2, id="falling"),
        pytest.param((1.6, 0.5, 0.3, 0.4, 0.24), 0.0, id="not steadily"),
        pytest.param((1.6, 0.5), 0.0, id="too few"),
        pytest.param((), 0.0, id="none"),
    ],
)
def test_what_the_end_of_a_curve_lost(losses: tuple[float, ...], lost: float) -> None:
    """Relative to the loss there, since the first epochs of a good training dwarf all others."""
    assert curves.late_drop(losses) == pytest.approx(lost)


def test_points_that_are_no_number_are_left_out() -> None:
    """Nothing is computed from nan, infinity or a gap."""
    assert curves.finite([1.0, None, float("nan"), float("inf"), 0.5]) == (1.0, 0.5)


def test_unrest_is_high_where_epochs_jump() -> None:
    """A curve that jumps by its own height is restless, one at rest is not."""
    assert curves.unrest([1.0, 0.5, 1.0, 0.5, 1.0, 0.5]) > 0.5
    assert curves.unrest([0.5] * 6) == 0.0


def test_rest_is_not_known_of_a_few_epochs() -> None:
    """A curve at rest has enough points to show it."""
    assert curves.is_at_rest((1.0, 0.5, 0.5, 0.5, 0.5))
    assert not curves.is_at_rest((1.0, 0.8, 0.6, 0.4, 0.2))
    assert not curves.is_at_rest((0.5, 0.5))


def test_a_curve_that_never_fell_has_not_settled() -> None:
    """It is stuck, however still it lies."""
    assert curves.has_settled((1.0, 0.5, 0.5, 0.5, 0.5))
    assert not curves.has_settled((2.3, 2.31, 2.3, 2.3, 2.31))


def test_an_accuracy_still_gains_where_its_best_is_late() -> None:
    """The last fifth beats all before it."""
    assert curves.still_gains((0.5, 0.6, 0.7, 0.72, 0.75))
    assert not curves.still_gains((0.5, 0.8, 0.75, 0.72, 0.75))


@pytest.mark.parametrize(
    ("errors", "wanted", "times"),
    [
        pytest.param([0.8 / epoch for epoch in range(1, 11)], 0.02, 4.0, id="one over the epochs"),
        pytest.param([0.8 * epoch**-0.5 for epoch in range(1, 11)], 0.8 * 40**-0.5, 4.0, id="one over the root"),
        pytest.param([0.8 / epoch for epoch in range(1, 11)], 0.5, 1.0, id="there already"),
        pytest.param([0.3] * 10, 0.1, None, id="at rest"),
        pytest.param([0.5, 0.4], 0.1, None, id="too few"),
        pytest.param([0.0] * 10, 0.1, None, id="no error at all"),
    ],
)
def test_how_many_times_as_long_a_training_has_to_be(errors: list[float], wanted: float, times: float | None) -> None:
    """By the power of its length as which the error has fallen so far."""
    assert curves.times_longer(errors, wanted) == (None if times is None else pytest.approx(times))

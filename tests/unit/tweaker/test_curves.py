"""What the curves tell."""

from __future__ import annotations

import pytest

from services.tweaker.domain import curves


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

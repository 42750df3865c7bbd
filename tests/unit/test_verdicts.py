"""How often the evaluator calls a success what is none, on simulated jobs whose true accuracy is known."""

import pytest

from benchmarks.verdicts import Tally, World, tally

JOBS = range(150)


@pytest.fixture(scope="module")
def luck() -> Tally:
    """Return what becomes of jobs whose every trial is worth 0.85, five points below the threshold, on 200 rows."""
    return tally(World(truth=0.85, rows=200), JOBS)


class TestVerdicts:
    def test_are_seldom_passed_by_luck(self, luck: Tally) -> None:
        """The best of twenty trials often reaches the threshold by luck; fresh seeds seldom confirm it."""
        assert luck.reached >= 0.25 * luck.jobs
        assert luck.passed <= 0.15 * luck.jobs

    def test_are_hardly_ever_proved_by_luck(self, luck: Tally) -> None:
        """Sealed rows were not chosen by."""
        assert luck.proved <= 0.05 * luck.jobs

    def test_say_what_few_rows_cannot_tell(self) -> None:
        """On 36 rows many a lucky job passes, and says that its value may as well be one below the threshold."""
        few = tally(World(truth=0.85, rows=36), JOBS)

        assert few.passed > 0
        assert few.plain <= 0.05 * few.jobs

    def test_are_passed_where_that_is_right(self) -> None:
        """Three points above the threshold nearly every job passes, and on many rows some are proved."""
        right = tally(World(truth=0.93, rows=500), JOBS)

        assert right.passed >= 0.95 * right.jobs
        assert right.proved >= 0.25 * right.jobs

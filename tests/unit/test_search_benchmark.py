"""How the benchmark of search strategies counts, and what its problems are made of."""

import ast
import math

import pytest

from benchmarks.courses.problem import Problem
from benchmarks.courses.records import Course, Key
from benchmarks.search.catalogue import problems
from benchmarks.search.hold import Held, summary
from benchmarks.search.plan import LIMITS
from benchmarks.search.spaces import SPACES
from benchmarks.search.summary import cost, finished, row, shares
from services.tweaker.search.strategies.registry import strategies
from trainyard.messages import JobFinished
from trainyard.policy import FILE, Policy
from trainyard.trial import Curve, Direction, Measurement, Origin, Trial

POLICY = Policy(threshold=0.9)
KNOWN = problems()


def a_course(*values: float | None, epochs: int = 10, strategy: str = "random", ended: str = "") -> Course:
    """Return a course whose trials came to *values*, each in two seconds."""
    trials = [
        Trial(
            trial=number,
            measurement=None if value is None else Measurement(value=value),
            curves=(Curve(name="loss", points=(1.0,), epochs=epochs),) if epochs else (),
            seconds=2.0,
        )
        for number, value in enumerate(values, 1)
    ]
    return Course(Key("wines", strategy, 1), tuple(trials), ended)


class TestCost:
    def test_counts_all_trials_up_to_the_one_that_passed(self) -> None:
        """Failed ones cost too; epochs and seconds are those of all of them."""
        found = cost(a_course(0.4, None, 0.95, epochs=10), POLICY)

        assert (found.trials, found.epochs, found.seconds) == (3, 30, 6.0)

    def test_is_infinite_where_nothing_passed(self) -> None:
        """So that a median over courses is not made better by those that gave up early."""
        found = cost(a_course(0.4, 0.5), POLICY)

        assert (found.trials, found.epochs, found.seconds) == (math.inf, math.inf, math.inf)

    def test_is_within_the_metric_s_direction(self) -> None:
        """Of a loss, less passes."""
        loss = Measurement(metric="log_loss", value=0.2, direction="minimize")
        course = Course(Key("wines", "random", 1), (Trial(trial=1, measurement=loss),))

        assert cost(course, Policy(threshold=0.3)).trials == 1

    def test_counts_neither_confirmations_nor_what_left_out_a_part_of_the_diff(self) -> None:
        """They show what the found diff is worth, and are no part of the search for it."""
        first, second = a_course(0.4, 0.95).trials
        confirmed = second.model_copy(update={"trial": 3, "purpose": "confirm", "of": 2})
        smaller = second.model_copy(update={"trial": 4, "purpose": "prune", "of": 2})
        ending = JobFinished(job="bench", outcome="passed", why="", origin=Origin(code="wines"), best=4)
        course = Course(Key("wines", "random", 1), (first, second, confirmed, smaller), "It passed.", ending)

        found = cost(course, POLICY)

        assert (found.trials, found.epochs) == (2, 20)

    def test_goes_by_how_the_job_ended(self) -> None:
        """A trial that reached the threshold once, and was refuted, is not enough."""
        ending = JobFinished(job="bench", outcome="exhausted", why="", origin=Origin(code="wines"), best=2)

        found = cost(Course(Key("wines", "random", 1), a_course(0.4, 0.95).trials, "Missed.", ending), POLICY)

        assert found.trials == math.inf


class TestRow:
    def test_takes_medians_over_all_courses(self) -> None:
        """One in three did not pass: it counts as beyond the rest."""
        costs = [
            cost(course, POLICY) for course in (a_course(0.4, 0.95), a_course(*[0.4] * 20), a_course(0.4, 0.4, 0.9))
        ]

        numbers = row(costs, within=2)

        assert (numbers.courses, numbers.passed, numbers.trials, numbers.epochs) == (3, 2, 3, 30)
        assert numbers.within == pytest.approx(1 / 3)

    def test_leaves_what_has_no_epochs_out_of_their_median(self) -> None:
        """A forest is trained in none, which says nothing about a strategy."""
        costs = [cost(course, POLICY) for course in (a_course(0.4, 0.95, epochs=0), a_course(0.4, 0.95, epochs=25))]

        assert row(costs, within=20).epochs == 50

    def test_goes_with_the_line_of_the_plot(self) -> None:
        """The share grows with the trials, by those that pass at each."""
        costs = [cost(course, POLICY) for course in (a_course(0.4, 0.95), a_course(0.4, 0.4, 0.4, 0.9))]

        assert shares(costs, 5) == [0, 0.5, 0.5, 1, 1]


class TestFinished:
    def test_leaves_out_what_is_under_way(self) -> None:
        """A course whose job has not ended may still come to another result; one that gave up is a failure."""
        under_way, gave_up = a_course(0.4, 0.95), a_course(0.4, 0.5, strategy="tpe", ended="Nothing is left.")

        costs = finished({course.key: course for course in (under_way, gave_up)}, {"wines": POLICY}, LIMITS)

        assert [each.key.strategy for each in costs] == ["tpe"]


def held(*values: float | None, reported: float = 0.95, direction: Direction = "maximize") -> Held:
    """Return what fresh seeds came to, for a threshold of 0.9."""
    measured = Measurement(value=reported, direction=direction)
    return Held(Key("wines", "diagnosis", 1), "passed", 0.9, measured, values)


class TestHeld:
    @pytest.mark.parametrize(
        ("values", "holds"),
        [
            ((0.95, 0.94, 0.93), True),
            ((0.95, 0.94, 0.87), True),  # two of three
            ((0.95, 0.92, 0.80), False),  # two of three, but not in the mean
            ((0.99, 0.89, 0.89), False),  # in the mean, but one of three
            ((0.95, 0.95, None), False),  # one broke
        ],
    )
    def test_holds_in_the_mean_and_for_two_seeds_of_three(
        self, values: tuple[float | None, ...], *, holds: bool
    ) -> None:
        """Neither one lucky seed nor a broken run is what a person was promised."""
        assert held(*values).holds is holds

    def test_measures_flattery_in_the_metric_s_direction(self) -> None:
        """A reported loss flatters where it is less than the fresh ones."""
        assert held(0.93, 0.93, 0.93).flattery == pytest.approx(0.02)
        assert held(0.85, 0.85, 0.85, reported=0.80, direction="minimize").flattery == pytest.approx(0.05)

    def test_is_summed_up(self) -> None:
        """The share that holds, and by how much reports flatter in the mean."""
        done = [held(0.95, 0.95, 0.95), held(0.85, 0.85, 0.85)]

        assert summary(done) == "1 of 2 diffs hold (50%); reported minus fresh is +0.0500 in the mean"


class TestTheProblems:
    def test_are_at_least_fifteen_that_need_nothing_special(self) -> None:
        """Data sets and further libraries may be missing."""
        assert sum(not problem.needs for problem in KNOWN.values()) >= 15

    @pytest.mark.parametrize("problem", KNOWN.values(), ids=list(KNOWN))
    def test_are_scripts_with_a_threshold_and_a_mend(self, problem: Problem) -> None:
        """The settings say what to reach, and for people what is wrong; each script parses."""
        settings = problem.files[FILE].decode()

        assert "threshold" in problem.policy.model_fields_set
        assert "# The mend: " in settings
        assert problem.entrypoint in problem.files
        for name, content in problem.files.items():
            assert not name.endswith(".py") or ast.parse(content)

    def test_are_searched_by_kerastuner_where_they_are_networks(self) -> None:
        """Each declared space is one of a problem that is there."""
        assert set(SPACES) <= set(KNOWN)


def test_every_strategy_of_ours_is_compared() -> None:
    """What the tweaker offers by name has a limit of trials here."""
    assert set(strategies()) <= set(LIMITS)

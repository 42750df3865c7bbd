"""What the benchmark of faulty programs is made of, and how it counts."""

import ast
import math

import pytest

from benchmarks.courses.records import Course, Key, Records
from benchmarks.faults.catalogue import Mutant, mutants, programs
from benchmarks.faults.kills import PLAINLY, Clean, is_faulty, is_suspect
from benchmarks.faults.operator import Operator
from benchmarks.faults.operators import OPERATORS
from benchmarks.faults.report import mended
from services.tweaker.rules import RULES
from trainyard.trial import Measurement, Trial

MUTANTS = mutants()
DEEPCRIME = "TCL TRD TUD TAN TCO HBS HLR HNE HDB ACH ARM AAL RAW RCW RCD RCP WCI WRB LCH OCH OCG VRM"  # not WAB and RRW
GENERAL = {"no_cause", "network_too_small", "overfitting", "plateau", "within_noise", "no_better_than_majority"}


class TestTheCatalogue:
    def test_has_many_faults_of_many_programs(self) -> None:
        """So that a share of a hundred says something, in three libraries, by all operators of DeepCrime that apply."""
        assert len(programs()) >= 12
        assert len(MUTANTS) >= 150
        assert {program.library for program in programs().values()} == {"keras", "torch", "sklearn"}
        assert all(name in " ".join(each.origin for each in OPERATORS) for name in DEEPCRIME.split())

    def test_gives_each_mutant_a_name_of_its_own(self) -> None:
        """Results are kept by it."""
        made = sum(1 for program in programs().values() for each in OPERATORS for _ in each.mutate(program.text))

        assert made == len(MUTANTS)

    @pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.name)
    def test_applies_every_operator_somewhere(self, operator: Operator) -> None:
        """What it makes compiles, and is another program than the clean one."""
        theirs = [mutant for mutant in MUTANTS.values() if mutant.operator is operator]

        assert theirs
        for mutant in theirs:
            assert ast.dump(ast.parse(mutant.text)) != ast.dump(ast.parse(mutant.program.text)), mutant.name

    def test_names_causes_by_findings_that_exist(self) -> None:
        """And by none so general that any miss would show it."""
        named_by = {name for operator in OPERATORS for name in operator.named_by}

        assert named_by <= {rule.name for rule in RULES}
        assert not named_by & GENERAL

    def test_is_of_problems_like_those_of_the_search(self) -> None:
        """A mutant is its text under the settings of an author, who measures a regression by R2."""
        mutant = next(each for each in MUTANTS.values() if each.program.is_regression)

        problem = mutant.program.problem(mutant.name, mutant.text, 0.8)

        assert problem.files[problem.entrypoint].decode() == mutant.text
        assert problem.policy.metric is not None
        assert (problem.policy.metric.name, problem.policy.threshold) == ("r2", 0.8)


@pytest.fixture
def records(tmp_path_factory: pytest.TempPathFactory) -> Records:
    """Return empty records."""
    return Records(tmp_path_factory.mktemp("results"))


@pytest.fixture
def mutant() -> Mutant:
    """Return any mutant."""
    return next(iter(MUTANTS.values()))


def a_course(*values: float | None, name: str = "x", seed: int = 1) -> Course:
    """Return a course whose trials came to *values*."""
    measured = [None if value is None else Measurement(value=value) for value in values]
    trials = tuple(Trial(trial=number, measurement=each) for number, each in enumerate(measured, 1))
    return Course(Key(name, PLAINLY, seed), trials, "It is over.")


def know(records: Records, name: str, *values: float | None) -> None:
    """Keep *values* as those of the seeds of a program or mutant."""
    courses = [a_course(value, name=name, seed=seed) for seed, value in enumerate(values, 1)]
    records.courses.update({course.key: course for course in courses})


class TestKills:
    @pytest.mark.parametrize(
        ("values", "faulty"),
        [
            ((0.90, 0.90, 0.90), True),
            ((0.945, 0.945, 0.945), False),  # within twice the spread
            ((0.90, 0.99, 0.99), False),  # in the mean no worse
            ((0.90, None, 0.90), False),  # one run broke
            ((0.90,), False),  # not decided yet
        ],
    )
    def test_are_decided_by_three_seeds(
        self, mutant: Mutant, values: tuple[float | None, ...], records: Records, *, faulty: bool
    ) -> None:
        """A mutant is faulty where its mean is below the clean one by more than twice the spread."""
        know(records, mutant.program.name, 0.96, 0.98, 1.0)
        know(records, mutant.name, *values)

        assert is_faulty(mutant, records) is faulty

    def test_begin_with_a_first_run_that_shows_the_fault(self, mutant: Mutant, records: Records) -> None:
        """Where it does not, no other seed is trained: a job about it would pass at once."""
        know(records, mutant.program.name, 0.98, 0.98, 0.98)
        know(records, mutant.name, 0.97)

        assert not is_suspect(mutant, records)


class TestMended:
    def test_counts_the_share_of_the_gap_and_the_trials(self) -> None:
        """The threshold is the clean mean less its spread; failed trials count too."""
        found = mended(a_course(0.5, None, 0.7, 0.6, 0.65, 0.96), Clean((0.88, 0.9, 0.92)))

        assert (found.gap, found.trials) == ({5: pytest.approx(0.5), 20: 1.0}, 6)

    def test_is_never_where_the_clean_value_was_not_reached(self) -> None:
        """So that it counts as more than any number of trials in a median."""
        found = mended(a_course(0.5, 0.5), Clean((0.9, 0.9, 0.9)))

        assert (found.trials, found.gap[5]) == (math.inf, 0.0)

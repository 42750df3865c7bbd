"""What the benchmark of faulty programs is made of, and how it counts."""

import ast
import math

import pytest

from benchmarks.courses.problem import Problem
from benchmarks.courses.records import Course, Key, Records
from benchmarks.faults.catalogue import FOLDER, Mutant, mutants, programs
from benchmarks.faults.kills import PLAINLY, Clean, is_faulty, is_suspect
from benchmarks.faults.operator import Operator
from benchmarks.faults.operators import OPERATORS
from benchmarks.faults.report import mended
from services.tweaker.rules import RULES
from trainyard.trial import Measurement, Trial

MUTANTS = mutants()
DEEPCRIME = {
    "TCL", "TRD", "TUD", "TAN", "TCO", "HBS", "HLR", "HNE", "HDB", "ACH", "ARM", "AAL", "RAW", "RCW", "RCD", "RCP",
    "WCI", "WRB", "LCH", "OCH", "OCG", "VRM",
}  # fmt: skip


class TestTheCatalogue:
    def test_has_many_faults_of_many_programs(self) -> None:
        """So that a share of a hundred says something, in three libraries."""
        assert len(programs()) >= 12
        assert len(MUTANTS) >= 150
        assert {program.library for program in programs().values()} == {"keras", "torch", "sklearn"}

    def test_has_the_operators_of_the_literature(self) -> None:
        """All of DeepCrime's but adding biases and removing regularization, which these programs have no place for."""
        origins = " ".join(operator.origin for operator in OPERATORS)

        assert not {name for name in DEEPCRIME if name not in origins}

    def test_gives_each_mutant_a_name_of_its_own(self) -> None:
        """Results are kept by it."""
        made = sum(1 for program in programs().values() for each in OPERATORS for _ in each.mutate(program.text))

        assert made == len(MUTANTS)

    @pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.name)
    def test_applies_every_operator_somewhere(self, operator: Operator) -> None:
        """What it makes compiles, and is not the clean program with other spaces."""
        theirs = [mutant for mutant in MUTANTS.values() if mutant.operator is operator]

        assert theirs
        for mutant in theirs:
            assert mutant.fault or len(mutant.text) < len(mutant.program.text)
            assert ast.dump(ast.parse(mutant.text)) != ast.dump(ast.parse(mutant.program.text)), mutant.name

    def test_names_causes_by_findings_that_exist(self) -> None:
        """And by none that is always there, or that any miss below the threshold would show."""
        general = {"no_cause", "network_too_small", "overfitting", "plateau", "within_noise", "still_improving"}

        named_by = {name for operator in OPERATORS for name in operator.named_by}

        assert named_by <= {rule.name for rule in RULES}
        assert {each.name for each in OPERATORS if each.named_by & general} == {"epochs_few"}

    def test_asks_for_what_the_clean_program_reaches(self) -> None:
        """A regression is measured by its coefficient of determination."""
        regression, classifier = (
            programs()[name].problem("x", "", 0.8) for name in ("sklearn_boosting", "torch_digits")
        )

        assert regression.policy.metric is not None
        assert (regression.policy.metric.name, regression.policy.threshold) == ("r2", 0.8)
        assert (classifier.policy.metric, classifier.needs) == (None, ("torch",))
        assert all(f"{name}.py" in {path.name for path in FOLDER.iterdir()} for name in programs())


@pytest.fixture
def mutant() -> Mutant:
    """Return any mutant of the support vector machine."""
    return next(each for each in MUTANTS.values() if each.program.name == "sklearn_svm")


def known(records: Records, name: str, *values: float | None) -> None:
    """Keep *values* as those of the seeds of a program or mutant."""
    for seed, value in enumerate(values, 1):
        measured = None if value is None else Measurement(value=value)
        key = Key(name, PLAINLY, seed)
        records.courses[key] = Course(key, (Trial(trial=1, measurement=measured),), "It was trained.")


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
        known(records, mutant.program.name, 0.96, 0.98, 1.0)
        known(records, mutant.name, *values)

        assert is_faulty(mutant, records) is faulty

    def test_begin_with_a_first_run_that_shows_the_fault(self, mutant: Mutant, records: Records) -> None:
        """Where it does not, no other seed is trained: a job about it would pass at once."""
        known(records, mutant.program.name, 0.98, 0.98, 0.98)
        known(records, mutant.name, 0.97)

        assert not is_suspect(mutant, records)


@pytest.fixture
def records(tmp_path_factory: pytest.TempPathFactory) -> Records:
    """Return empty records."""
    return Records(tmp_path_factory.mktemp("results"))


class TestMended:
    def test_counts_the_share_of_the_gap_and_the_trials(self) -> None:
        """The threshold is the clean mean less its spread; failed trials count too."""
        trials = [
            Trial(trial=number, measurement=None if value is None else Measurement(value=value))
            for number, value in enumerate((0.5, None, 0.7, 0.6, 0.65, 0.96), 1)
        ]

        found = mended(Course(Key("x", "random", 1), tuple(trials), "Done."), Clean((0.88, 0.9, 0.92)))

        assert found.gap == {5: pytest.approx(0.5), 20: 1.0}
        assert found.trials == 6

    def test_is_never_where_the_clean_value_was_not_reached(self) -> None:
        """So that it counts as more than any number of trials in a median."""
        trials = tuple(Trial(trial=number, measurement=Measurement(value=0.5)) for number in (1, 2))

        found = mended(Course(Key("x", "random", 1), trials, "Done."), Clean((0.9, 0.9, 0.9)))

        assert (found.trials, found.gap[5]) == (math.inf, 0.0)


def test_a_mutant_is_a_problem_like_those_of_the_search(mutant: Mutant) -> None:
    """It is trained under the settings of an author, and its code is the mutant's."""
    problem = mutant.program.problem(mutant.name, mutant.text, 0.9)

    assert isinstance(problem, Problem)
    assert problem.files[problem.entrypoint].decode() == mutant.text
    assert problem.policy.confirm == 0

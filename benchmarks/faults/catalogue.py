"""The clean programs, and the faulty ones that the operators make of them."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.courses.problem import Problem
from benchmarks.faults.operator import Operator
from benchmarks.faults.operators import OPERATORS
from trainyard.policy import FILE

FOLDER = Path(__file__).parent / "programs"
SHUFFLED_BY = 2021


@dataclass(frozen=True)
class Program:
    """A clean program.

    Attributes:
        name: Its file's, without the ending.
    """

    name: str
    text: str

    @property
    def library(self) -> str:
        """The library that it trains with."""
        return next((name for name in ("torch", "keras") if name in self.text), "sklearn")

    @property
    def is_regression(self) -> bool:
        """Whether it is measured by the coefficient of determination."""
        return "r2_score" in self.text

    def problem(self, name: str, text: str, threshold: float = 0.0) -> Problem:
        """Return the program with another *text*, as an author pushes it who asks for *threshold*."""
        metric = 'metric = "r2"\n' if self.is_regression else ""
        needs = "# needs: torch\n" if self.library == "torch" else ""
        wanted = f"threshold = {threshold!r}\nconfirm = 0\nprune = false\n"
        settings = f'{needs}entrypoint = "{self.name}.py"\n{metric}{wanted}'
        return Problem(name, {f"{self.name}.py": text.encode(), FILE: settings.encode()})


@dataclass(frozen=True)
class Mutant:
    """A program with one fault."""

    program: Program
    operator: Operator
    site: str
    text: str

    @property
    def fault(self) -> tuple[str, ...]:
        """The lines that the clean program does not have."""
        clean = set(self.program.text.splitlines())
        return tuple(line for line in self.text.splitlines() if line not in clean)

    @property
    def name(self) -> str:
        """The program, the operator, and what it did."""
        return f"{self.program.name}: {self.operator.name} {self.site}"


@cache
def programs() -> dict[str, Program]:
    """Return the clean programs by name."""
    return {path.stem: Program(path.stem, path.read_text()) for path in sorted(FOLDER.glob("*.py"))}


@cache
def mutants() -> dict[str, Mutant]:
    """Return all faulty programs by name: of each operator one in each library, then another, and so on."""
    made = list(_made())
    random.Random(SHUFFLED_BY).shuffle(made)  # noqa: S311  # an order, no secret
    before: Counter[tuple[str, str]] = Counter()
    rounds: dict[str, int] = {}
    for mutant in made:
        kind = (mutant.operator.name, mutant.program.library)
        rounds[mutant.name] = before[kind]
        before[kind] += 1
    return {mutant.name: mutant for mutant in sorted(made, key=lambda mutant: rounds[mutant.name])}


def _made() -> Iterator[Mutant]:
    for program in programs().values():
        for operator in OPERATORS:
            for site, text in operator.mutate(program.text):
                yield Mutant(program, operator, site, text)

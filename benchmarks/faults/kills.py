"""Which mutants are faulty: worse than the clean program by more than its seeds differ, as DeepCrime decides it."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, stdev

from benchmarks.courses.records import Key, Records
from benchmarks.faults.catalogue import Mutant, Program
from trainyard.trial import Trial

PLAINLY = "author"
"""In the place of a strategy: the code as it is, trained once."""
SEEDS = (1, 2, 3)
LEAST_DROP, SPREADS = 0.02, 2.0


@dataclass(frozen=True)
class Clean:
    """The values of a clean program, one a seed."""

    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """What it comes to."""
        return mean(self.values)

    @property
    def spread(self) -> float:
        """The standard deviation over the seeds."""
        return stdev(self.values)

    @property
    def threshold(self) -> float:
        """What a job about a mutant has to reach to count as repaired."""
        return self.mean - self.spread

    @property
    def bar(self) -> float:
        """Below it, a value is a fault's."""
        return self.mean - max(LEAST_DROP, SPREADS * self.spread)


def trained(name: str, seed: int, records: Records) -> Trial | None:
    """Return the run of a program or mutant as it is, where there was one."""
    trials = records.course(Key(name, PLAINLY, seed)).trials
    return trials[0] if trials else None


def values(name: str, records: Records) -> list[float | None]:
    """Return what a program or mutant came to, seed by seed; None for runs that measured nothing."""
    runs = [run for seed in SEEDS if (run := trained(name, seed, records))]
    return [run.measurement.value if run.measurement else None for run in runs]


def clean(program: Program, records: Records) -> Clean | None:
    """Return what a clean program comes to, once all seeds were trained."""
    known = [value for value in values(program.name, records) if value is not None]
    return Clean(tuple(known)) if len(known) == len(SEEDS) else None


def is_suspect(mutant: Mutant, records: Records) -> bool:
    """Return whether the first seed's value is below the bar; only then are others trained."""
    bar, first = clean(mutant.program, records), values(mutant.name, records)[:1]
    return bar is not None and bool(first) and _below(first, bar)


def is_faulty(mutant: Mutant, records: Records) -> bool:
    """Return whether all seeds were trained, and both the first one's value and their mean are below the bar."""
    bar, known = clean(mutant.program, records), values(mutant.name, records)
    return bar is not None and len(known) == len(SEEDS) and _below(known[:1], bar) and _below(known, bar)


def _below(known: Sequence[float | None], bar: Clean) -> bool:
    """Return whether these values all are numbers, with a mean below the bar."""
    numbers = [value for value in known if value is not None]
    return len(numbers) == len(known) and mean(numbers) < bar.bar

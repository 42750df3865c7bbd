"""The tables of what was measured so far."""

import argparse
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import mean, median

from benchmarks.courses.course import epochs_of
from benchmarks.courses.records import Course, Records
from benchmarks.faults.catalogue import mutants, programs
from benchmarks.faults.kills import Clean, clean, is_suspect, values
from benchmarks.faults.naming import AMONG, Named, false_alarms, named
from benchmarks.faults.plan import STRATEGIES

FEW, MANY = 5, 20
HARDLY = 0.005
"""So much more is asked of a clean program, since some rules keep silent where the threshold is reached."""


@dataclass(frozen=True)
class Mended:
    """What a course came to.

    Attributes:
        mutant: Its name.
        gap: By number of trials, the share of the gap between the faulty and the clean value that was closed.
        trials: Those until the clean value was reached, the author's own included; infinite where it never was.
        epochs: Those of all these trials.
    """

    mutant: str
    strategy: str
    gap: dict[int, float]
    trials: float
    epochs: float


def report(options: argparse.Namespace) -> int:
    """Write report.md into the folder that *options* name, and print it."""
    text = "\n".join(_lines(Records(options.results))) + "\n"
    print(text)
    (options.out / "report.md").write_text(text)
    return 0


def _lines(records: Records) -> Iterator[str]:
    """Yield the report."""
    found = [each for mutant in mutants().values() if (each := named(mutant, records))]
    yield "# What was measured"
    yield ""
    yield from _counts(records, found)
    for title, in_data in (
        ("Faults that an edit may mend", False),
        ("Faults in the data, which no edit may touch", True),
    ):
        theirs = [each for each in found if each.mutant.operator.in_data is in_data]
        yield from ("", f"## {title}", "", f"Cause named before any trial, first or among the first {AMONG}:", "")
        yield from _naming(theirs, "library", lambda each: each.mutant.program.library)
        yield ""
        yield from _naming(theirs, "operator", lambda each: each.mutant.operator.name)
        if in_data:
            touched = sum(each.edits_data for each in theirs)
            yield from ("", f"The next trial's code changes a line of the fault in {touched} of {len(theirs)}.")
    yield from ("", "## False alarms", "")
    yield from _false_alarms(records)
    yield from ("", "## Mended", "")
    yield from _mending(records)


def _counts(records: Records, found: Sequence[Named]) -> Iterator[str]:
    """Yield how many mutants there are of each kind."""
    known = {name: made for name in mutants() if (made := values(name, records))}
    faulty, broken = sum(each.faulty for each in found), sum(None in made for made in known.values())
    fine = sum(None not in made and not is_suspect(mutants()[name], records) for name, made in known.items())
    yield (
        f"{len(mutants())} mutants of {len(programs())} programs. {len(known)} were trained: {faulty} are faulty with "
        f"three seeds, {len(found) - faulty} are below the bar with fewer or not in the mean, {fine} are equivalent, "
        f"{broken} measured nothing."
    )


def _naming(found: Sequence[Named], column: str, group: Callable[[Named], str]) -> Iterator[str]:
    """Yield a line for each group of mutants, and one for all."""
    yield f"| {column} | mutants | named first | named | the other first findings |"
    yield "|---|---|---|---|---|"
    names = sorted({group(each) for each in found})
    for name in [*names, *(["all"] if len(names) > 1 else [])]:
        theirs = [each for each in found if name in ("all", group(each))]
        others = Counter(next(iter(each.findings), "none") for each in theirs if not each.within(1))
        told = ", ".join(f"{other} {count}" for other, count in others.most_common(4)) if name != "all" else ""
        first, any_of = (sum(each.within(most) for each in theirs) for most in (1, AMONG))
        yield f"| {name} | {len(theirs)} | {_share(first, len(theirs))} | {_share(any_of, len(theirs))} | {told} |"


def _false_alarms(records: Records) -> Iterator[str]:
    """Yield how many clean programs something is found wrong in, and what, for authors who ask for hardly more too."""
    for more in (0.0, HARDLY):
        known = {
            name: found
            for name, program in programs().items()
            if (found := false_alarms(program, records, more)) is not None
        }
        alarmed = {name: found for name, found in known.items() if found}
        asked = f"{more:g} more than what" if more else "what"
        yield f"Asked for {asked} they measure, {len(alarmed)} of {len(known)} clean programs have a sure finding."
        yield ""
    for name, found in alarmed.items():
        yield f"- {name}: " + "; ".join(f"{each.name} ({each.confidence:.2f}): {each.sentence}" for each in found)


def _mending(records: Records) -> Iterator[str]:
    """Yield a line for each strategy, about the same mutants."""
    done = list(_mended(records))
    by_strategy = [{each.mutant for each in done if each.strategy == strategy} for strategy in STRATEGIES]
    common = set[str]().union(*by_strategy).intersection(*filter(None, by_strategy))
    yield "Of the mutants that all of these strategies were run for; who stopped earlier counts as stuck."
    yield ""
    yield (
        f"| strategy | mutants | gap closed in {FEW} trials | in {MANY} | repaired in {FEW} | in {MANY} "
        "| median trials | median epochs |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for strategy in STRATEGIES:
        theirs = [each for each in done if each.strategy == strategy and each.mutant in common]
        if theirs:
            gaps = " | ".join(f"{mean(each.gap[most] for each in theirs):.2f}" for most in (FEW, MANY))
            repaired = " | ".join(
                _share(sum(each.trials <= most for each in theirs), len(theirs)) for most in (FEW, MANY)
            )
            middle = " | ".join(
                _number(median(each)) for each in zip(*((one.trials, one.epochs) for one in theirs), strict=True)
            )
            yield f"| {strategy} | {len(theirs)} | {gaps} | {repaired} | {middle} |"


def _mended(records: Records) -> Iterator[Mended]:
    """Yield what each course that is over came to."""
    for key, course in sorted(records.courses.items()):
        mutant = mutants().get(key.problem)
        known = clean(mutant.program, records) if mutant else None
        if known and key.strategy in STRATEGIES and course.ended:
            yield mended(course, known)


def mended(course: Course, known: Clean) -> Mended:
    """Sum up a course on a mutant of a program that comes to *known* where it is clean."""
    came_to = [trial.measurement.value if trial.measurement else -math.inf for trial in course.trials]
    gap = {most: _closed(came_to[:most], known.mean) for most in (FEW, MANY)}
    number = next((number for number, value in enumerate(came_to, 1) if value >= known.threshold), None)
    if number is None:
        return Mended(course.key.problem, course.key.strategy, gap, math.inf, math.inf)
    return Mended(course.key.problem, course.key.strategy, gap, number, sum(map(epochs_of, course.trials[:number])))


def _closed(came_to: Sequence[float], goal: float) -> float:
    """Return the share of the gap between the first value and the goal that the best one closes, from 0 to 1."""
    return min(1.0, (max(came_to) - came_to[0]) / (goal - came_to[0]))


def _share(count: int, of: int) -> str:
    return f"{count} ({count / of:.0%})" if of else "0"


def _number(value: float) -> str:
    return f"{value:.0f}" if math.isfinite(value) else "never"

"""The table and the plot of what was measured so far."""

import argparse
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from benchmarks.courses.records import Records
from benchmarks.search.catalogue import problems
from benchmarks.search.plan import LIMITS, TRIALS
from benchmarks.search.spaces import SPACES
from benchmarks.search.summary import Cost, by_strategy, finished, row, shares

OURS = "diagnosis"


def report(options: argparse.Namespace) -> int:
    """Write report.md and passed.svg into the folder that *options* name, and print the table."""
    policies = {name: problem.policy for name, problem in problems().items()}
    costs = finished(Records(options.results).courses, policies, LIMITS)
    if not costs:
        raise SystemExit("Nothing has been measured yet.")
    text = "\n".join(_lines(costs)) + "\n"
    print(text)
    (options.out / "report.md").write_text(text)
    _plot(by_strategy(costs), options.out / "passed.svg")
    return 0


def _lines(costs: list[Cost]) -> Iterator[str]:
    """Yield the report."""
    yield "# What was measured"
    yield ""
    yield "Not passed counts as more than any. Trials include the author's own; epochs are those of problems that are"
    yield "trained by epochs; seconds are those of one processor, all trials together."
    yield ""
    yield from _table(costs)
    searched = [each for each in costs if each.key.problem in SPACES]
    if len(searched) < len(costs):
        yield ""
        yield "The same for the problems that KerasTuner's spaces can express:"
        yield ""
        yield from _table(searched)
    yield ""
    yield "Passed, and the median of trials, by problem:"
    yield ""
    yield from _by_problem(costs)
    yield ""
    yield "![share passed against trials](passed.svg)"


def _table(costs: Iterable[Cost]) -> Iterator[str]:
    """Yield a line for each strategy."""
    yield f"| strategy | courses | passed within {TRIALS} trials | passed at all | median trials | epochs | seconds |"
    yield "|---|---|---|---|---|---|---|"
    for strategy, theirs in _in_order(by_strategy(costs)):
        numbers = row(theirs, within=TRIALS)
        yield (
            f"| {strategy} | {numbers.courses} | {numbers.within:.0%} | {numbers.passed / numbers.courses:.0%} of "
            f"{LIMITS[strategy]} | {_number(numbers.trials)} | {_number(numbers.epochs)} | {_number(numbers.seconds)} |"
        )


def _by_problem(costs: list[Cost]) -> Iterator[str]:
    """Yield a line for each problem, with a column for each strategy."""
    columns = [strategy for strategy, _ in _in_order(by_strategy(costs))]
    yield f"| problem | {' | '.join(columns)} |"
    yield "|---" * (len(columns) + 1) + "|"
    for problem in sorted({each.key.problem for each in costs}):
        theirs = by_strategy(each for each in costs if each.key.problem == problem)
        yield f"| {problem} | {' | '.join(_cell(theirs.get(column, [])) for column in columns)} |"


def _cell(costs: list[Cost]) -> str:
    if not costs:
        return ""
    numbers = row(costs, within=TRIALS)
    return f"{numbers.passed}/{numbers.courses}, {_number(numbers.trials)}"


def _number(value: float) -> str:
    return f"{value:.0f}" if math.isfinite(value) else "never"


def _in_order(theirs: Mapping[str, list[Cost]]) -> list[tuple[str, list[Cost]]]:
    """Return the strategies as `LIMITS` lists them."""
    return [(strategy, theirs[strategy]) for strategy in LIMITS if strategy in theirs]


def _plot(theirs: Mapping[str, list[Cost]], target: Path) -> None:
    """Draw the share passed against trials, one line a strategy."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["svg.hashsalt"] = "search"  # the same numbers, the same file
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.add_subplot(
        xlabel="trials, the author's own included", ylabel="share passed", ylim=(0, 1.02), xlim=(1, 2 * TRIALS)
    )
    for strategy, costs in _in_order(theirs):
        passed = shares(costs, LIMITS[strategy])
        width = 3.0 if strategy == OURS else 1.3
        axes.step(range(1, len(passed) + 1), passed, where="post", linewidth=width, label=strategy)
    axes.legend(loc="center right", frameon=False)
    axes.grid(alpha=0.3)
    figure.savefig(target, metadata={"Date": None})

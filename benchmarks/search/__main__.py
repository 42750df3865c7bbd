"""Run the benchmark of search strategies, or report what was measured so far.

python -m benchmarks.search run --problems wines --strategies diagnosis --seeds 1
python -m benchmarks.search report
"""

import argparse
import sys
from pathlib import Path

from benchmarks.courses import command
from benchmarks.search import checks, hold, plan, report
from benchmarks.search.catalogue import problems

HERE = Path(__file__).parent


def main() -> int:
    """Do what the command line says."""
    return command.do(_options())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    command.results_in(parser, HERE)
    verbs = parser.add_subparsers(required=True)
    run = verbs.add_parser("run", help="run the trials that are missing")
    run.set_defaults(do=plan.run)
    run.add_argument("--problems", nargs="+", choices=problems(), default=list(problems()), metavar="NAME")
    run.add_argument("--strategies", nargs="+", choices=plan.LIMITS, default=list(plan.LIMITS), metavar="NAME")
    run.add_argument("--seeds", type=int, default=5, help="how many, counted from 1")
    run.add_argument("--trials", type=int, help="the budget of trials of a course; else 20, and 40 for random search")
    command.limits(run)
    run.add_argument("--datasets", type=Path, help="folder with keras-datasets/; else $TRAINYARD_TEST_DATASETS")
    check = verbs.add_parser(
        "check", help="check every diff that passed: it applies, passes by itself, measures the same"
    )
    check.set_defaults(do=checks.check)
    fresh = verbs.add_parser("hold", help="train every delivered diff with three fresh seeds, and compare")
    fresh.set_defaults(do=hold.hold)
    for verb in (check, fresh):
        verb.add_argument("--strategies", nargs="+", choices=plan.LIMITS, default=["diagnosis"], metavar="NAME")
        verb.add_argument("--jobs", type=int, default=2, help="diffs at the same time")
        verb.add_argument("--datasets", type=Path, help="as for run")
    fresh.add_argument("--limit", type=float, default=120, help="seconds that a training may take")
    summary = verbs.add_parser("report", help="write the table and the plot of what was measured")
    summary.set_defaults(do=report.report)
    command.written_to(summary, HERE)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

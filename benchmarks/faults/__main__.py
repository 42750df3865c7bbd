"""Run the benchmark of faulty programs, or report what was measured so far.

python -m benchmarks.faults run --only sklearn_svm --sample 3 --trials 5
python -m benchmarks.faults report
"""

import argparse
import sys
from pathlib import Path

from benchmarks.courses import command
from benchmarks.faults import plan, report
from benchmarks.faults.catalogue import programs
from benchmarks.faults.kills import SEEDS
from benchmarks.faults.operators import OPERATORS

HERE = Path(__file__).parent


def main() -> int:
    """Do what the command line says."""
    return command.do(_options())


def _options() -> argparse.Namespace:
    names = tuple(operator.name for operator in OPERATORS)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    command.results_in(parser, HERE)
    verbs = parser.add_subparsers(required=True)
    run = verbs.add_parser("run", help="train what is missing: clean programs, mutants, courses")
    run.set_defaults(do=plan.run)
    run.add_argument("--only", nargs="+", choices=programs(), default=list(programs()), metavar="PROGRAM")
    run.add_argument("--operators", nargs="+", choices=names, default=names, metavar="OPERATOR")
    run.add_argument("--strategies", nargs="*", choices=plan.STRATEGIES, default=["diagnosis"], metavar="STRATEGY")
    run.add_argument("--seeds", type=int, choices=range(1, len(SEEDS) + 1), default=len(SEEDS), help="of the mutants")
    run.add_argument("--sample", type=int, default=sys.maxsize, help="follow so many of the faulty mutants; else all")
    run.add_argument("--trials", type=int, default=plan.TRIALS, help="the budget of trials of a course")
    command.limits(run)
    summary = verbs.add_parser("report", help="write the table of what was measured")
    summary.set_defaults(do=report.report)
    command.written_to(summary, HERE)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

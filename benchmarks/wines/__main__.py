"""Train the wines example on many seeds with the tweaker's decisions, and print how often it reaches its threshold.

    python -m benchmarks.wines --seeds 20 --trials 3 --jobs 2

With `--fresh 5` the patched script of the first seed is also run plainly with python, that many times.
"""

import argparse
import logging
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import structlog

from benchmarks.wines.probing import ROOT, write_files
from benchmarks.wines.search import Course, follow, run_plainly


def main() -> int:
    """Run the benchmark; 0 when at least 95 % of the seeds reached the threshold."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    options = _options()
    example = ROOT / "examples" / options.example
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="trainyard-bench-") as folder:
        seeds = range(1, options.seeds + 1)
        with ThreadPoolExecutor(options.jobs) as pool:
            courses = list(
                pool.map(lambda seed: follow(example, Path(folder) / str(seed), seed, options.trials), seeds)
            )
        _print_table(courses, time.monotonic() - started)
        if options.fresh and courses[0].reached:
            plain = Path(folder) / "plain"
            write_files(plain, courses[0].files)
            values = [f"{run_plainly(plain, courses[0].entrypoint):.3f}" for _ in range(options.fresh)]
            print(f"the patched script run plainly {options.fresh} times: {', '.join(values)}")
    return 0 if sum(course.reached for course in courses) >= 0.95 * len(courses) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.wines", description=__doc__)
    parser.add_argument("--example", default="wines", help="folder in examples/")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--trials", type=int, default=3, help="the most trials a seed may take")
    parser.add_argument("--jobs", type=int, default=2, help="seeds at the same time")
    parser.add_argument("--fresh", type=int, default=0, help="plain runs of the patched script")
    return parser.parse_args()


def _print_table(courses: list[Course], seconds: float) -> None:
    """Print one line a seed and the share that reached the threshold."""
    print(f"{'seed':>4}  {'trials':<24}{'reached':<9}tweaks of the best")
    for course in courses:
        values = "  ".join("failed" if value is None else f"{value:.3f}" for value in course.values)
        print(f"{course.seed:>4}  {values:<24}{'yes' if course.reached else 'no':<9}{', '.join(course.tweaks)}")
    reached = sum(course.reached for course in courses)
    print(f"reached: {reached} of {len(courses)} ({reached / len(courses):.0%}) in {seconds:.0f} s")


if __name__ == "__main__":
    sys.exit(main())

"""Which courses are run, in which order, and by how many lanes."""

import argparse
import os
import tempfile
import time
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.courses.course import follow, reached_at
from benchmarks.courses.lane import Lane
from benchmarks.courses.lanes import work_off
from benchmarks.courses.problem import Problem
from benchmarks.courses.records import Course, Key, Records
from benchmarks.search.catalogue import problems
from benchmarks.search.naive import install
from benchmarks.search.spaces import SPACES
from benchmarks.search.tuners import TUNERS, search

TRIALS = 20
LIMITS = {
    "diagnosis": TRIALS,
    "random": 2 * TRIALS,
    "tpe": TRIALS,
    "epochs+10": TRIALS,
    "units+8": TRIALS,
    "neighbours+1": TRIALS,
    **dict.fromkeys(TUNERS, TRIALS),
}
"""The strategies, ours first, and the most trials that each gets: random search has twice as many as all others."""


def run(options: argparse.Namespace) -> int:
    """Run what is missing of the courses that *options* name."""
    install()
    with Records(options.results) as records, data_sets(options.datasets) as datasets:
        for strategy in options.again:
            records.forget(strategy)
        known = problems()
        chosen = [known[name] for name in options.problems if known[name].can_be_trained(datasets)]
        jobs = [
            partial(_pursued, problem, key, records, options.trials or LIMITS[key.strategy])
            for problem, key in _courses(chosen, options.strategies, options.seeds)
            if not records.course(key).ended
        ]
        until = time.monotonic() + options.hours * 3600
        work_off([jobs], lanes=options.jobs, limit=options.limit, until=until, datasets=datasets)
    return 0


def _courses(chosen: Iterable[Problem], strategies: Iterable[str], seeds: int) -> Iterator[tuple[Problem, Key]]:
    """Yield seed by seed, problem by problem, so that what is there is balanced at any time."""
    for seed in range(1, seeds + 1):
        for problem in chosen:
            for strategy in strategies:
                if strategy in TUNERS and problem.name not in SPACES:
                    continue
                yield problem, Key(problem.name, strategy, seed)


def _pursued(problem: Problem, key: Key, records: Records, budget: int, lane: Lane) -> str:
    """Follow a course to its end, and return a line about it."""
    pursue = search if key.strategy in TUNERS else follow
    try:
        course = pursue(problem, key, records, lane, budget=budget)
    except Exception as error:  # noqa: BLE001  # a strategy that raises has failed on this problem only
        traceback.print_exc()
        course = records.end(key, f"{type(error).__name__}: {error}")
    return in_words(problem, course)


def in_words(problem: Problem, course: Course) -> str:
    """Return one line about a course: each trial's value, and the tweaks that passed."""
    values = " ".join(f"{one.measurement.value:.3f}" if one.measurement else "failed" for one in course.trials)
    reached = reached_at(course, problem.policy)
    word = (course.ending and course.ending.assurance) or "reached"
    end = f"{word}: " + ", ".join(tweak.name for tweak in reached.tweaks) if reached else course.ended
    return f"{problem.name} {course.key.strategy} {course.key.seed}: {values} [{problem.policy.threshold}] {end}"


@contextmanager
def data_sets(folder: Path | None) -> Iterator[Path | None]:
    """Yield the data sets in the shape that the probe wants, where there are any."""
    named = folder or Path(os.environ.get("TRAINYARD_TEST_DATASETS", "/nowhere"))
    if not (named / "keras-datasets").is_dir():
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="trainyard-datasets-") as made:
        (Path(made) / "keras").symlink_to((named / "keras-datasets").resolve())
        yield Path(made)

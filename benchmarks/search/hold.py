"""Whether what was reported of each delivered diff holds: fresh seeds, and nothing of the job but its patch."""

import argparse
import queue
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from benchmarks.courses.course import task_of
from benchmarks.courses.lane import Lane
from benchmarks.courses.problem import Problem
from benchmarks.courses.records import Course, Key, Records
from benchmarks.search.checks import delivered_diffs, patched
from benchmarks.search.plan import data_sets
from trainyard.bundle import unpack
from trainyard.diff.patch import make_patch
from trainyard.trial import Measurement, Trial

Lanes = queue.SimpleQueue[Lane]
"""Those that are free."""
SEEDS = 3
APART = 1000
"""The distance of one course's fresh seeds from another's; those of the jobs are below it."""


@dataclass(frozen=True)
class Held:
    """What a delivered diff came to with fresh seeds.

    Attributes:
        word: How much the job's success meant.
        reported: What it was said to measure.
        values: What each fresh seed measured; None where it measured nothing.
    """

    key: Key
    word: str
    threshold: float
    reported: Measurement
    values: tuple[float | None, ...]

    @property
    def measured(self) -> tuple[Measurement, ...]:
        """What the seeds measured that measured anything."""
        return tuple(self.reported.model_copy(update={"value": one}) for one in self.values if one is not None)

    @property
    def holds(self) -> bool:
        """Whether the mean reaches the threshold, and so do at least two thirds of the seeds."""
        if len(self.measured) < len(self.values):
            return False
        mean = self.reported.model_copy(update={"value": fmean(one.value for one in self.measured)})
        reached = sum(one.reaches(self.threshold) for one in self.measured)
        return mean.reaches(self.threshold) and 3 * reached >= 2 * len(self.values)

    @property
    def flattery(self) -> float | None:
        """By how much the reported value is better than the mean of the fresh ones; None where there are none."""
        return self.reported.rank() - fmean(one.rank() for one in self.measured) if self.measured else None

    def __str__(self) -> str:
        """Return a line for people."""
        values = " ".join("failed" if one is None else f"{one:.3f}" for one in self.values)
        less = f"{self.flattery:+.3f}" if self.flattery is not None else "unknown"
        verdict = "holds" if self.holds else "DOES NOT HOLD"
        return (
            f"{self.key.problem} {self.key.strategy} {self.key.seed}: {self.word} {self.reported.value:.3f}, "
            f"fresh {values} [{self.threshold}] {verdict}, reported minus fresh {less}"
        )


def hold(options: argparse.Namespace) -> int:
    """Train every delivered diff with fresh seeds, print a line for each, and return 1 if fewer than 95 % hold."""
    records = Records(options.results)
    with data_sets(options.datasets) as datasets, ExitStack() as stack:
        lanes: Lanes = queue.SimpleQueue()
        for _ in range(options.jobs):
            lanes.put(stack.enter_context(Lane(limit=options.limit, datasets=datasets)))
        pool = stack.enter_context(ThreadPoolExecutor(options.jobs))
        diffs = delivered_diffs(records, options.strategies)
        jobs = [pool.submit(held, *diff, records, lanes) for diff in diffs]
        done = [_shown(job.result()) for job in jobs]
    if not done:
        raise SystemExit("No diff was delivered yet.")
    print(summary(done))
    return 0 if sum(each.holds for each in done) >= 0.95 * len(done) else 1


def summary(done: list[Held]) -> str:
    """Return the totals."""
    holding = sum(each.holds for each in done)
    flattery = [each.flattery for each in done if each.flattery is not None]
    mean = f"{fmean(flattery):+.4f}" if flattery else "unknown"
    return (
        f"{holding} of {len(done)} diffs hold ({holding / len(done):.0%}); reported minus fresh is {mean} in the mean"
    )


def held(problem: Problem, key: Key, best: Trial, records: Records, lanes: Lanes) -> Held:
    """Apply the patch of one diff to the author's files, and train what they are then with each of the seeds."""
    patch = make_patch(problem.files, unpack(records.bundles.get_blob(best.bundle or "")))
    with tempfile.TemporaryDirectory(prefix="trainyard-hold-") as name:
        folder = Path(name)
        files = patched(folder / "patched", problem.files, patch)
        lane = lanes.get()
        try:
            seeds = range(APART * key.seed, APART * key.seed + SEEDS)
            values = tuple(_value(folder / str(seed), problem, files, seed, lane) for seed in seeds)
        finally:
            lanes.put(lane)
    course = records.course(key)
    return Held(key, _word(course), problem.policy.threshold, _reported(course, best), values)


def _value(folder: Path, problem: Problem, files: dict[str, bytes], seed: int, lane: Lane) -> float | None:
    """Train *files* in a process of their own; what takes too long measures nothing."""
    more = task_of(problem, lane.datasets)
    trial = lane.train(folder, files, entrypoint=problem.entrypoint, seed=seed, trial=Trial(trial=1), **more)
    return trial.measurement.value if trial.measurement else None


def _word(course: Course) -> str:
    return (course.ending and course.ending.assurance) or "reached"


def _reported(course: Course, best: Trial) -> Measurement:
    """Return what the job says that its delivered trial measures."""
    evidence = course.ending.evidence if course.ending else None
    if best.measurement is None:
        raise ValueError(f"trial {best.trial} of {course.key} was delivered and measured nothing")
    return best.measurement.model_copy(update={"value": evidence.mean}) if evidence else best.measurement


def _shown(found: Held) -> Held:
    """Print a line about a diff."""
    print(found, flush=True)
    return found

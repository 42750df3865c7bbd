"""What must hold for each diff that passed: it applies, the patched script passes by itself, and measures the same."""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.courses.course import delivered, task_of
from benchmarks.courses.problem import Problem
from benchmarks.courses.records import Course, Key, Records
from benchmarks.search.catalogue import problems
from benchmarks.search.plan import data_sets
from benchmarks.wines.probing import environment, read_files, train, write_files
from services.tweaker.guard import changed_measure
from trainyard.bundle import unpack
from trainyard.diff.patch import make_patch
from trainyard.policy import Metric
from trainyard.trial import Measurement, Trial

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Checked:
    """What was found out about the diff of one course.

    Attributes:
        applies: `git apply` makes of the author's files those that were trained.
        changed: What measures and differs, by the code or by what the probe saw; None where nothing does.
        plainly: What the patched script printed last, run by python alone; None where it cannot be (no data set).
        anew: What the probe measured in another process, with the same seed.
        passes: Whether these reach the threshold.
    """

    key: Key
    applies: bool
    changed: str | None
    plainly: float | None
    anew: float | None
    passes: bool


def check(options: argparse.Namespace) -> int:
    """Check every diff of the chosen strategies, print a line for each, and return 1 if any does not hold."""
    records = Records(options.results)
    with ThreadPoolExecutor(options.jobs) as pool, data_sets(options.datasets) as datasets:
        diffs = delivered_diffs(records, options.strategies)
        jobs = [pool.submit(checked, problem, key, trial, records, datasets) for problem, key, trial in diffs]
        done = [_shown(job.result()) for job in jobs]
    sound = [each for each in done if each.applies and each.changed is None]
    passing = sum(each.passes for each in done)
    print(f"{len(done)} diffs: {len(sound)} apply and measure the same; {passing} pass when run by themselves")
    return 0 if len(sound) == len(done) else 1


def _shown(found: Checked) -> Checked:
    """Print a line about a diff."""
    print(found, flush=True)
    return found


def delivered_diffs(records: Records, strategies: list[str]) -> Iterator[tuple[Problem, Key, Trial]]:
    """Yield the trials that were delivered with a diff."""
    known = problems()
    for key, course in sorted(records.courses.items()):
        passed = delivered(course, known[key.problem].policy) if course.ended and key.problem in known else None
        if passed is not None and passed.bundle and passed.trial > 1 and key.strategy in strategies:
            yield known[key.problem], key, passed


def checked(problem: Problem, key: Key, passed: Trial, records: Records, datasets: Path | None) -> Checked:
    """Check one diff."""
    files = unpack(records.bundles.get_blob(passed.bundle or ""))
    with tempfile.TemporaryDirectory(prefix="trainyard-check-") as name:
        folder = Path(name)
        applies = patched(folder / "patched", problem.files, make_patch(problem.files, files)) == files
        plainly = None if any("." in need for need in problem.needs) else _printed(folder / "patched", problem)
        anew = _measured(folder / "anew", problem, files, key.seed, datasets)
    changed = changed_measure(problem.files, files) or _seen_otherwise(records.course(key), passed)
    values = [value for value in (plainly, anew) if value is not None]
    return Checked(
        key, applies, changed, plainly, anew, bool(values) and all(_is_enough(problem, one) for one in values)
    )


def _is_enough(problem: Problem, value: float) -> bool:
    direction = (problem.policy.metric or Metric()).direction
    return Measurement(value=value, direction=direction).reaches(problem.policy.threshold)


def patched(folder: Path, files: Files, patch: str) -> dict[str, bytes]:
    """Write *files* into *folder*, have git apply *patch* to them, and return what they are then."""
    write_files(folder, files)
    subprocess.run(["git", "apply", "-"], cwd=folder, input=patch.encode(), check=True)
    return read_files(folder)


def _seen_otherwise(course: Course, passed: Trial) -> str | None:
    """Return what the probe saw measured that is not what it saw of the author's code."""
    author_s, tweaked = (_seen(trial) for trial in (course.trials[0], passed))
    return None if author_s == tweaked else f"the probe saw {tweaked} instead of {author_s}"


def _seen(trial: Trial) -> tuple[str, str] | None:
    """Return which metric was measured on which data."""
    return (trial.measurement.metric, trial.measurement.data) if trial.measurement else None


def _printed(folder: Path, problem: Problem) -> float:
    """Run the script by python alone, unseeded, and return the last number that it prints; percents as a fraction."""
    path = {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}  # no probe on it
    done = subprocess.run(
        [sys.executable, problem.entrypoint],
        cwd=folder,
        env={**environment(), **path},
        capture_output=True,
        text=True,
        check=True,
    )
    value = float(re.findall(r"\d+(?:\.\d+)?", done.stdout)[-1])
    return value / 100 if value > 1 and problem.policy.metric is None else value


def _measured(folder: Path, problem: Problem, files: Files, seed: int, datasets: Path | None) -> float | None:
    """Train *files* under the probe in a process that shares nothing with the benchmark's."""
    more = task_of(problem, datasets)
    trial = train(folder, files, entrypoint=problem.entrypoint, seed=seed, trial=Trial(trial=1), **more)
    return trial.measurement.value if trial.measurement else None

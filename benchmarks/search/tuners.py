"""KerasTuner's tuners as strategies: a whole search is one job of the nursery."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.courses.course import author_s_own
from benchmarks.courses.lane import Lane
from benchmarks.courses.problem import Problem
from benchmarks.courses.records import Course, Key, Records
from trainyard.trial import Curve, Measurement, Trial

TUNERS = {f"keras-tuner-{name}": name for name in ("random", "bayesian", "hyperband")}


def search(problem: Problem, key: Key, records: Records, lane: Lane, *, budget: int) -> Course:
    """Train the author's code, then have the tuner search until it passes or there are *budget* trials."""
    if not records.course(key).trials:
        records.add(key, author_s_own(problem, key, records, lane))
    for trial in _made(problem, key, lane, budget - 1):
        records.add(key, trial)
    return records.end(key, "The tuner made no more trials.")


def _made(problem: Problem, key: Key, lane: Lane, trials: int) -> Iterator[Trial]:
    """Yield the trials of one search, which counts on from the author's."""
    with tempfile.TemporaryDirectory(prefix="trainyard-search-") as folder:
        made, task = Path(folder) / "made.jsonl", Path(folder) / "task.json"
        order = {
            "tuner": TUNERS[key.strategy],
            "problem": problem.name,
            "seed": key.seed,
            "trials": trials,
            "threshold": problem.policy.threshold,
            "folder": folder,
            "made": str(made),
        }
        task.write_text(json.dumps(order))
        lane.do("benchmarks.search.tuned", task, times=trials)
        lines = made.read_text().splitlines() if made.exists() else []
        for number, line in enumerate(map(json.loads, lines), 2):
            measured = Measurement(value=line["value"], data="test", source="keras-tuner")
            curve = Curve(name="accuracy", points=(line["value"],), epochs=line["epochs"])
            yield Trial(trial=number, seed=key.seed, measurement=measured, curves=(curve,), seconds=line["seconds"])

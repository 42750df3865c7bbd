"""How often a verdict is wrong: simulated jobs of a known true accuracy, judged by the evaluator's own code.

    python -m benchmarks.verdicts --jobs 10000

Each job may have twenty trials, all of the same true accuracy, measured on the same rows: whatever reaches the
threshold below its true value does so by luck. As many further rows are sealed.
"""

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from math import sqrt
from statistics import NormalDist

import numpy as np

from services.evaluator.domain import Job, opened
from services.evaluator.next_step import follow_up, out_of_ideas
from trainyard.messages import CodeReady, JobFinished, Message, ThresholdMissed, ThresholdPassed, TweaksExhausted
from trainyard.policy import Budget, Policy
from trainyard.trial import Measurement, Origin, Sealed, Trial, Tweak

POLICY = Policy(threshold=0.90, budget=Budget(trials=20))
SIZES = (36, 100, 200, 500)
SEED_NOISE = 0.01
"""The standard deviation of the true accuracy over seeds."""
SECONDS = 60.0
"""Those of each training."""
PART = 500
"""Jobs that are simulated by a process at a time."""


@dataclass(frozen=True)
class World:
    """What the jobs have in common.

    Attributes:
        truth: The true accuracy of every trial's code.
        rows: How many rows are measured on, and as many are sealed.
        alike: The correlation between what makes a row difficult for one training and for another.
    """

    truth: float
    rows: int
    alike: float = 0.5


@dataclass(frozen=True)
class Tally:
    """How many jobs came to what.

    Attributes:
        reached: The threshold was met by some trial.
        passed: The job was called passed or proved.
        plain: Of these, those without the words that so few rows cannot tell the value from one below the threshold.
        proved: The job was called proved.
    """

    jobs: int = 0
    reached: int = 0
    passed: int = 0
    plain: int = 0
    proved: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Return the sum of both."""
        return Tally(*(getattr(self, name) + getattr(other, name) for name in vars(self)))


class Trainings:
    """The trainings of one job: each row's difficulty is drawn once, everything else for each of them."""

    def __init__(self, world: World, seed: int) -> None:
        """Draw the rows that are measured on and those that are sealed."""
        self._world = world
        self._random = np.random.default_rng(seed)
        self._difficulty = self._random.standard_normal(2 * world.rows)

    def train(self, wanted: Trial) -> Trial:
        """Return *wanted* with what a training measures."""
        world, noise = self._world, self._random
        truth = min(max(noise.normal(world.truth, SEED_NOISE), 0.001), 0.999)
        harder = sqrt(world.alike) * self._difficulty + sqrt(1 - world.alike) * noise.standard_normal(2 * world.rows)
        correct = harder <= NormalDist().inv_cdf(truth)
        value = float(correct[: world.rows].mean())
        sealed = Sealed(rows=world.rows, correct=int(correct[world.rows :].sum()), digest="simulated")
        return wanted.model_copy(
            update={
                "measurement": Measurement(value=value, data="test"),
                "facts": {"measured": {"rows": world.rows}},
                "seconds": SECONDS,
                "sealed": sealed,
            }
        )


def ending(world: World, seed: int) -> tuple[Job, JobFinished]:
    """Return a job's trials, and how it ends."""
    trainings, job = Trainings(world, seed), opened("simulated", POLICY, Origin(code="simulated"), 1, 0.0)
    message: CodeReady | JobFinished = CodeReady(job=job.job, bundle="1", origin=job.origin)
    while isinstance(message, CodeReady):
        job = job.with_trial(trainings.train(message.requested_trial()))
        message = _next(job, SECONDS * len(job.trials))
    return job, message


def _next(job: Job, now: float) -> CodeReady | JobFinished:
    """Have evaluator and tweaker answer each other until a trial is wanted, or the job has ended."""
    message = follow_up(job, job.trials[-1], now)
    while not isinstance(message, CodeReady | JobFinished):
        answer = _tweaked(message)
        message = answer if isinstance(answer, CodeReady) else out_of_ideas(job, answer, now)
    return message


def _tweaked(message: Message) -> CodeReady | TweaksExhausted:
    """Return what the tweaker answers: a tweak that changes nothing, and nothing against any success."""
    if isinstance(message, ThresholdPassed):
        return TweaksExhausted(job=message.job, trial=message.history[-1].trial, why="Every tweak is needed.")
    if not isinstance(message, ThresholdMissed):
        raise TypeError(f"a tweaker does not answer {message.key}")
    number = message.history[-1].trial + 1
    tweak = Tweak(name="epochs", setting=number, reason="It may help.", diff="")
    return CodeReady(
        job=message.job,
        trial=number,
        bundle=str(number),
        policy=POLICY,
        origin=message.origin,
        tweaks=(tweak,),
        base=1,
    )


def tally(world: World, seeds: range) -> Tally:
    """Return what the jobs of *seeds* come to."""
    return sum((_tallied(*ending(world, seed)) for seed in seeds), Tally())


def _tallied(job: Job, end: JobFinished) -> Tally:
    reached = any(one.measurement and one.measurement.reaches(POLICY.threshold) for one in job.trials)
    passed = end.assurance in ("passed", "proved")
    bound = end.evidence.bound if end.evidence else None
    plain = passed and bound is not None and bound >= POLICY.threshold
    return Tally(1, int(reached), int(passed), int(plain), int(end.assurance == "proved"))


def _table(worlds: list[World], jobs: int, processes: int) -> Iterator[str]:
    """Yield the table, a line for each world."""
    yield '| true accuracy | rows | reached | passed or proved | of all jobs, without "cannot tell" | proved |'
    yield "|---|---|---|---|---|---|"
    parts = [range(first, min(first + PART, jobs)) for first in range(0, jobs, PART)]
    with ProcessPoolExecutor(processes) as pool:
        for world in worlds:
            done = sum(pool.map(partial(tally, world), parts), Tally())
            shares = (f"{each / done.jobs:.1%}" for each in (done.reached, done.passed, done.plain, done.proved))
            yield f"| {world.truth} | {world.rows} | {' | '.join(shares)} |"


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verdicts", description=__doc__)
    parser.add_argument("--jobs", type=int, default=10_000, help="simulated jobs a line")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--truths", type=float, nargs="+", default=[0.85, 0.93], help="true accuracies")
    parser.add_argument("--alike", type=float, default=0.5, help="how alike rows are to different trainings, 0 to 1")
    options = parser.parse_args()
    worlds = [World(truth, rows, options.alike) for truth in options.truths for rows in SIZES]
    for line in _table(worlds, options.jobs, options.processes):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

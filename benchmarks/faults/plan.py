"""What is trained, in which order: the clean programs, the mutants as they are, then the courses of strategies."""

import argparse
import random
import time
import traceback
from collections.abc import Iterable, Iterator
from functools import partial

from benchmarks.courses.course import author_s_own, follow
from benchmarks.courses.lane import Lane
from benchmarks.courses.lanes import Job, work_off
from benchmarks.courses.problem import Problem
from benchmarks.courses.records import Key, Records
from benchmarks.faults.catalogue import SHUFFLED_BY, Mutant, mutants, programs
from benchmarks.faults.kills import PLAINLY, SEEDS, clean, is_faulty, is_suspect, trained

STRATEGIES = ("diagnosis", "random", "tpe")
FIRST = SEEDS[0]
TRIALS = 20


def run(options: argparse.Namespace) -> int:
    """Train what is missing of what *options* name."""
    until = time.monotonic() + options.hours * 3600
    with Records(options.results) as records:
        for strategy in options.again:
            records.forget(strategy)
        work_off(_phases(options, records), lanes=options.jobs, limit=options.limit, until=until)
    return 0


def _phases(options: argparse.Namespace, records: Records) -> Iterator[Iterable[Job]]:
    """Yield the jobs that do not depend on each other; the next ones may depend on what came of these."""
    yield _clean(options, records)
    for seed in SEEDS[: options.seeds]:
        yield _plainly(options, records, seed)
    yield _courses(options, records)


def _clean(options: argparse.Namespace, records: Records) -> Iterator[Job]:
    for program in (programs()[name] for name in options.only):
        problem = program.problem(program.name, program.text)
        for seed in SEEDS:
            if problem.can_be_trained(None) and trained(program.name, seed, records) is None:
                yield partial(_trained, problem, Key(program.name, PLAINLY, seed), records)


def _plainly(options: argparse.Namespace, records: Records, seed: int) -> Iterator[Job]:
    """Yield the trainings of the mutants as they are: with the first seed all, with others those that look faulty."""
    for mutant in _chosen(options):
        wanted = seed == FIRST or is_suspect(mutant, records)
        if wanted and trained(mutant.name, seed, records) is None:
            problem = mutant.program.problem(mutant.name, mutant.text)
            yield partial(_trained, problem, Key(mutant.name, PLAINLY, seed), records)


def _courses(options: argparse.Namespace, records: Records) -> Iterator[Job]:
    """Yield the courses of a sample of the faulty mutants that an edit may mend."""
    faulty = [each for each in _chosen(options) if not each.operator.in_data and is_faulty(each, records)]
    random.Random(SHUFFLED_BY).shuffle(faulty)  # noqa: S311  # a sample, no secret
    for strategy in options.strategies:
        for mutant in faulty[: options.sample]:
            if not records.course(Key(mutant.name, strategy, FIRST)).ended:
                yield partial(_followed, mutant, strategy, records, options.trials)


def _chosen(options: argparse.Namespace) -> list[Mutant]:
    """Return the mutants that *options* name, of those that can be trained here."""
    return [
        mutant
        for mutant in mutants().values()
        if mutant.program.name in options.only
        and mutant.operator.name in options.operators
        and mutant.program.problem("", "").can_be_trained(None)
    ]


def _trained(problem: Problem, key: Key, records: Records, lane: Lane) -> str:
    """Train a program as it is, and return a line about it."""
    trial = author_s_own(problem, key, records, lane)
    records.add(key, trial)
    records.end(key, "It was trained as it is.")
    came_to = f"{trial.measurement.value:.3f}" if trial.measurement else trial.failure and trial.failure.message
    return f"{key.problem}, seed {key.seed}: {came_to}"


def _followed(mutant: Mutant, strategy: str, records: Records, trials: int, lane: Lane) -> str:
    """Have a strategy search from a mutant, whose run as it is was made already, and return a line about it."""
    key, first = Key(mutant.name, strategy, FIRST), trained(mutant.name, FIRST, records)
    if not records.course(key).trials and first is not None:
        records.add(key, first)
    try:
        course = follow(job_about(mutant, records), key, records, lane, budget=trials)
    except Exception as error:  # noqa: BLE001  # a strategy that raises has failed on this mutant only
        traceback.print_exc()
        course = records.end(key, f"{type(error).__name__}: {error}")
    values = " ".join(f"{one.measurement.value:.3f}" if one.measurement else "failed" for one in course.trials)
    return f"{mutant.name}, {strategy}: {values}. {course.ended}"


def job_about(mutant: Mutant, records: Records) -> Problem:
    """Return a mutant as a problem, whose threshold is what the clean program reaches."""
    known = clean(mutant.program, records)
    return mutant.program.problem(mutant.name, mutant.text, known.threshold if known else 0.0)

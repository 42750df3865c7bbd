"""Follow one problem from the author's code until it passes, trial by trial."""

import tempfile
from pathlib import Path

from benchmarks.search.catalogue import Problem
from benchmarks.search.lane import Lane
from benchmarks.search.records import Course, Key, Records
from services.evaluator.domain import comparable
from services.tweaker.handlers import on_threshold_missed
from trainyard.bundle import pack, unpack
from trainyard.messages import CodeReady, Message, ThresholdMissed, TweaksExhausted
from trainyard.policy import Policy
from trainyard.trial import Origin, Trial

JOB = "bench"


def follow(problem: Problem, key: Key, records: Records, lane: Lane, *, limit: int) -> Course:
    """Run the trials that the course of *key* still lacks: until one passes, nothing is left, or there are *limit*."""
    policy = problem.policy.model_copy(update={"strategy": key.strategy, "warm_start": False, "early_stop": False})
    course = records.course(key)
    if not course.trials:
        course = records.add(key, author_s_own(problem, key, records, lane))
    while not is_over(course, policy, limit):
        wanted = _wanted(problem, policy, course, records)
        if isinstance(wanted, Trial):
            course = records.add(key, _trained(problem, course, wanted, records, lane))
        else:
            course = records.end(key, wanted)
    return course


def author_s_own(problem: Problem, key: Key, records: Records, lane: Lane) -> Trial:
    """Train the author's code as it is, which is every course's first trial."""
    bundle = records.bundles.put_blob(pack(problem.files))
    return _trained(problem, Course(key), Trial(trial=1, bundle=bundle, seed=key.seed), records, lane)


def is_over(course: Course, policy: Policy, limit: int) -> bool:
    """Return whether no further trial is wanted."""
    return bool(course.ended) or len(course.trials) >= limit or passed_at(course, policy) is not None


def passed_at(course: Course, policy: Policy) -> Trial | None:
    """Return the trial that reached the threshold, as the evaluator judges."""
    measured = [trial for trial in course.trials if trial.measurement is not None]
    return next((one for one in measured if one.measurement and one.measurement.reaches(policy.threshold)), None)


def _wanted(problem: Problem, policy: Policy, course: Course, records: Records) -> Trial | str:
    """Return the next trial, or why there is none."""
    missed = ThresholdMissed(
        job=JOB, policy=policy, origin=Origin(code=problem.name), seed=course.key.seed, history=course.trials
    )
    return next(_answer(message) for message in on_threshold_missed(missed, records.bundles))


def _answer(message: Message) -> Trial | str:
    if isinstance(message, CodeReady):
        return message.requested_trial()
    return message.why if isinstance(message, TweaksExhausted) else type(message).__name__


def _trained(problem: Problem, course: Course, wanted: Trial, records: Records, lane: Lane) -> Trial:
    """Train the code of *wanted* and judge whether it measured what the author's does."""
    files = unpack(records.bundles.get_blob(wanted.bundle or ""))
    more = task_of(problem, lane.datasets)
    with tempfile.TemporaryDirectory(prefix="trainyard-search-") as folder:
        trial = lane.train(
            Path(folder), files, entrypoint=problem.entrypoint, seed=course.key.seed, trial=wanted, **more
        )
    return comparable(trial, course.trials[0] if course.trials else None)


def task_of(problem: Problem, datasets: Path | None) -> dict[str, object]:
    """Return what the probe is told besides the script and the seed: the metric, and where data sets lie."""
    metric = problem.policy.metric.model_dump() if problem.policy.metric else None
    return {"metric": metric, "datasets": str(datasets) if datasets else None}

"""Follow one problem from the author's code to the end of its job, trial by trial."""

import tempfile
from pathlib import Path

from benchmarks.courses.lane import Lane
from benchmarks.courses.problem import Problem
from benchmarks.courses.records import Course, Key, Records
from services.evaluator.domain import Job, comparable, opened
from services.evaluator.next_step import follow_up, out_of_ideas
from services.tweaker.handlers import on_threshold_missed, on_threshold_passed
from trainyard.bundle import pack, unpack
from trainyard.evidence import whole
from trainyard.messages import CodeReady, JobFinished, Message, ThresholdMissed, ThresholdPassed, TweaksExhausted
from trainyard.policy import Budget, Policy
from trainyard.trial import Origin, Trial, find_trial


def follow(problem: Problem, key: Key, records: Records, lane: Lane, *, budget: int) -> Course:
    """Run the trials that the course of *key* still lacks, until its job ends; *budget* is that of its trials."""
    policy = problem.policy.model_copy(
        update={"strategy": key.strategy, "warm_start": False, "early_stop": False, "budget": Budget(trials=budget)}
    )
    course = records.course(key)
    if not course.trials:
        course = records.add(key, author_s_own(problem, key, records, lane))
    while not course.ended:
        wanted = _next(_job(problem, policy, course), records)
        if isinstance(wanted, CodeReady):
            course = records.add(key, _trained(problem, course, wanted.requested_trial(), records, lane))
        else:
            course = records.end(key, wanted.why, wanted)
    return course


def author_s_own(problem: Problem, key: Key, records: Records, lane: Lane) -> Trial:
    """Train the author's code as it is, which is every course's first trial."""
    bundle = records.bundles.put_blob(pack(problem.files))
    return _trained(problem, Course(key), Trial(trial=1, bundle=bundle, seed=key.seed), records, lane)


def delivered(course: Course, policy: Policy) -> Trial | None:
    """Return the trial whose diff a successful job delivers; of a search without a job, the first that is enough."""
    if course.ending is not None:
        return find_trial(course.trials, course.ending.best) if course.ending.outcome == "passed" else None
    measured = [trial for trial in course.trials if trial.measurement is not None]
    return next((one for one in measured if one.measurement and one.measurement.reaches(policy.threshold)), None)


def reached_at(course: Course, policy: Policy) -> Trial | None:
    """Return the trial that a success goes back to: the delivered one before its fresh seeds and a smaller diff."""
    best = delivered(course, policy)
    if best is not None and best.purpose == "confirm":
        best = find_trial(course.trials, best.of)
    return whole(course.trials, best) if best else None


def epochs_of(trial: Trial) -> int:
    """Return how many epochs a trial was trained for; 0 where it is not trained by epochs."""
    return max((curve.epochs or len(curve.points) for curve in trial.curves), default=0)


def _job(problem: Problem, policy: Policy, course: Course) -> Job:
    """Return what the evaluator knows of the job of *course*, whose clock has counted the trials' own seconds."""
    job = opened("bench", policy, Origin(code=problem.name), course.key.seed, 0.0)
    return job.model_copy(update={"trials": course.trials})


def _next(job: Job, records: Records) -> CodeReady | JobFinished:
    """Have evaluator and tweaker answer each other until a trial is wanted, or the job has ended."""
    now = sum(trial.seconds for trial in job.trials)
    message: Message = follow_up(job, job.trials[-1], now)
    while not isinstance(message, CodeReady | JobFinished):
        message = _answer(job, message, records, now)
    return message


def _answer(job: Job, message: Message, records: Records, now: float) -> Message:
    if isinstance(message, TweaksExhausted):
        return out_of_ideas(job, message, now)
    if isinstance(message, ThresholdPassed):
        return next(iter(on_threshold_passed(message, records.bundles)))
    if isinstance(message, ThresholdMissed):
        return next(iter(on_threshold_missed(message, records.bundles)))
    raise TypeError(f"nobody answers {message.key}")


def _trained(problem: Problem, course: Course, wanted: Trial, records: Records, lane: Lane) -> Trial:
    """Train the code of *wanted* and judge whether it measured what the author's does."""
    files = unpack(records.bundles.get_blob(wanted.bundle or ""))
    more = task_of(problem, lane.datasets)
    with tempfile.TemporaryDirectory(prefix="trainyard-course-") as folder:
        trial = lane.train(
            Path(folder),
            files,
            entrypoint=problem.entrypoint,
            seed=wanted.seed or course.key.seed,
            trial=wanted,
            screening=wanted.trial == 1 and problem.policy.screening == "auto",
            **more,
        )
    return comparable(trial, course.trials[0] if course.trials else None)


def task_of(problem: Problem, datasets: Path | None) -> dict[str, object]:
    """Return what the probe is told besides the script and the seed."""
    metric = problem.policy.metric.model_dump() if problem.policy.metric else None
    return {"metric": metric, "datasets": str(datasets) if datasets else None, "holdout": problem.policy.holdout}

"""What the operator watches of the evaluator, for Prometheus; labels come from closed sets."""

from typing import get_args

from prometheus_client import Counter, Gauge, Histogram

from services.evaluator.domain import Verdict
from trainyard.messages import Assurance, JobFinished, Outcome
from trainyard.metrics import TRAINING_SECONDS

VERDICTS = Counter("trainyard_verdicts", "Trials judged.", ["verdict"])
FINISHED = Counter("trainyard_jobs_finished", "Jobs that ended.", ["outcome"])
ACTIVE = Gauge("trainyard_jobs_active", "Jobs that have not ended.")
DURATION = Histogram(
    "trainyard_job_duration_seconds", "From a job's first message to its end.", ["outcome"], buckets=TRAINING_SECONDS
)
TRIALS = Histogram(
    "trainyard_job_trials", "Trials a job took.", ["outcome"], buckets=(0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 50, 100)
)


class PrometheusCounts:
    """Counts into the process's registry; every series is there from the start, at 0."""

    def __init__(self) -> None:
        for verdict in get_args(Verdict):
            VERDICTS.labels(verdict)
        for outcome in (*get_args(Outcome), *get_args(Assurance)):
            for metric in (FINISHED, DURATION, TRIALS):
                metric.labels(outcome)

    def judged(self, verdict: Verdict) -> None:
        """Count one trial's verdict."""
        VERDICTS.labels(verdict).inc()

    def finished(self, ending: JobFinished) -> None:
        """Count one job's end."""
        FINISHED.labels(ending.word).inc()
        DURATION.labels(ending.word).observe(ending.seconds)
        TRIALS.labels(ending.word).observe(len(ending.history))

    def active(self, jobs: int) -> None:
        """Record how many jobs have not ended."""
        ACTIVE.set(jobs)

"""Messages and jobs for the evaluator's tests, each with defaults for what a test does not care about."""

from services.evaluator import domain
from services.evaluator.domain import Job
from trainyard.messages import AccuracyMeasured, CodeReady, JobFinished, TrainingFailed, TrainingProgressed
from trainyard.policy import Budget, Policy
from trainyard.trial import Artifact, DataKind, Direction, Failure, FailureReason, Measurement, Origin, Trial, Tweak

JOB = "wines-1a2b"
ORIGIN = Origin(code="file:///examples/wines", commit="c0ffee", title="wines")
SCALE = Tweak(name="scale_inputs", reason="The inputs are not scaled.", diff="- fit(X)\n+ fit(scaled)\n")
NOW = 1_000_000.0


def a_policy(*, threshold: float = 0.90, trials: int = 10, hours: float = 12.0) -> Policy:
    return Policy(threshold=threshold, budget=Budget(trials=trials, hours=hours))


def a_measured_trial(
    trial: int = 1, value: float = 0.40, *, data: DataKind = "test", direction: Direction = "maximize"
) -> Trial:
    return Trial(
        trial=trial,
        bundle=f"bundle-{trial}",
        tweaks=() if trial == 1 else (SCALE,),
        base=None if trial == 1 else 1,
        measurement=Measurement(value=value, data=data, direction=direction),
        artifacts=(Artifact(name="modelsave.h5", kind="model", location=f"/kept/t{trial}/modelsave.h5", bytes=9),),
        seconds=3.5,
    )


def a_failed_trial(trial: int = 1, *, reason: FailureReason = "raised", message: str = "ValueError: no") -> Trial:
    return Trial(trial=trial, bundle=f"bundle-{trial}", failure=Failure(reason=reason, message=message))


def a_job(*trials: Trial, policy: Policy | None = None, now: float = NOW, ending: JobFinished | None = None) -> Job:
    job = domain.opened(JOB, policy or a_policy(), ORIGIN, 7, now)
    return job.model_copy(update={"trials": trials, "ending": ending})


def a_code_ready(trial: int = 1, run: int = 1, *, job: str = JOB, policy: Policy | None = None) -> CodeReady:
    return CodeReady(
        job=job,
        trial=trial,
        run=run,
        bundle=f"bundle-{trial}",
        seed=7,
        policy=policy or a_policy(),
        origin=ORIGIN,
        tweaks=() if trial == 1 else (SCALE,),
        base=None if trial == 1 else 1,
    )


def an_accuracy(
    trial: int = 1, value: float = 0.40, *, job: str = JOB, policy: Policy | None = None, data: DataKind = "test"
) -> AccuracyMeasured:
    return AccuracyMeasured(
        job=job,
        trial=trial,
        policy=policy or a_policy(),
        origin=ORIGIN,
        seed=7,
        result=a_measured_trial(trial, value, data=data),
    )


def a_failure(trial: int = 1, *, job: str = JOB, policy: Policy | None = None, run: int = 1) -> TrainingFailed:
    return TrainingFailed(
        job=job,
        trial=trial,
        run=run,
        policy=policy or a_policy(),
        origin=ORIGIN,
        seed=7,
        result=a_failed_trial(trial),
    )


def a_progress(trial: int = 1, run: int = 1, *, epoch: int = 12, at: float = NOW + 5) -> TrainingProgressed:
    return TrainingProgressed(job=JOB, trial=trial, run=run, phase="training", epoch=epoch, epochs=100, at=at)

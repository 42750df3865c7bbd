"""Jobs that ended, for the notifier's tests."""

from trainyard.bundle import pack
from trainyard.messages import JobFinished, Outcome
from trainyard.policy import Policy
from trainyard.trial import Artifact, Curve, DataKind, Failure, Measurement, Origin, Trial, Tweak, Warn

JOB = "wines-1a2b"
ORIGIN = Origin(code="file:///examples/wines", commit="c0ffee", title="wines")
AUTHORS = b"""import pandas as pd

X = pd.read_csv("wines.csv")
model.fit(X, y, epochs=100)
"""
TWEAKED = b"""import pandas as pd
from sklearn.preprocessing import StandardScaler

X = StandardScaler().fit_transform(pd.read_csv("wines.csv"))
model.fit(X, y, epochs=100)
"""
DATA_FILE = b"a,b\r\n1,2\r\n"
SCALE = Tweak(name="scale_inputs", reason="Inputs reach 1680 & are <not> scaled.", diff="…")
TRACEBACK = 'Traceback (most recent call last):\n  File "train.py", line 12, in <module>\nValueError: could not convert'


def the_authors_bundle() -> bytes:
    return pack({"train.py": AUTHORS, "wines.csv": DATA_FILE})


def the_tweaked_bundle() -> bytes:
    return pack({"train.py": TWEAKED, "wines.csv": DATA_FILE})


def a_trial(
    trial: int = 1,
    value: float = 0.40,
    *,
    data: DataKind = "test",
    bundle: str | None = None,
    curve: str | None = "val_accuracy",
    warning: Warn | None = None,
) -> Trial:
    points = tuple(value * (1 - 0.8 ** (epoch + 1)) for epoch in range(50))
    return Trial(
        trial=trial,
        bundle=bundle or f"{trial}" * 64,
        tweaks=() if trial == 1 else (SCALE,),
        base=None if trial == 1 else 1,
        measurement=Measurement(value=value, data=data),
        curves=(Curve(name=curve, points=points, epochs=99),) if curve else (),
        artifacts=(
            Artifact(name="loss curve.png", kind="figure", location=f"/kept/t{trial}/loss curve.png"),
            Artifact(name="modelsave.h5", kind="model", location=f"/kept/t{trial}/modelsave.h5"),
        ),
        warning=warning,
        seconds=71.6,
    )


def a_failed_trial(trial: int = 1) -> Trial:
    failure = Failure(
        reason="raised",
        message="ValueError: could not convert string to float: 'red'",
        remedy="Encode the column before training.",
        traceback=TRACEBACK,
        file="train.py",
        line=12,
        log_tail="reading wines.csv",
    )
    return Trial(trial=trial, bundle="f" * 64, tweaks=() if trial == 1 else (SCALE,), failure=failure, seconds=2.0)


def a_finished_job(
    *history: Trial,
    outcome: Outcome = "passed",
    best: int | None = None,
    why: str = "Trial 2 reached it.",
    notify: tuple[str, ...] = (),
    threshold: float = 0.90,
) -> JobFinished:
    return JobFinished(
        job=JOB,
        outcome=outcome,
        why=why,
        policy=Policy(threshold=threshold, notify=notify),
        origin=ORIGIN,
        best=best,
        history=history,
        seconds=192.4,
    )


def a_passed_job(*, notify: tuple[str, ...] = (), bundles: tuple[str, str] | None = None) -> JobFinished:
    first, second = bundles or ("1" * 64, "2" * 64)
    trials = (a_trial(1, 0.40, bundle=first), a_trial(2, 0.983, bundle=second))
    return a_finished_job(*trials, best=2, notify=notify)

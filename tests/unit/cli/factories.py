"""Jobs and trials as the evaluator tells them, with only what a test is about left to say."""

from typing import Any

from trainyard.trial import Curve, DataKind, Failure, Measurement, Origin, Trial, Tweak
from trainyard_cli.view.job import Job

DIFF = """--- a/wines.py
+++ b/wines.py
@@ -1,2 +1,3 @@
 import keras
+x = scale(x)
 model = build()
"""


def a_tweak(name: str = "scale_inputs", reason: str = "the inputs span 0.1 to 1680", diff: str = DIFF) -> Tweak:
    """A change with its reason."""
    return Tweak(name=name, reason=reason, diff=diff)


def a_trial(number: int = 1, value: float | None = None, data: DataKind = "train", **more: Any) -> Trial:
    """A trial; without a value it is under way."""
    measurement = (
        None if value is None else Measurement(value=value, data=data, direction=more.pop("direction", "maximize"))
    )
    return Trial(trial=number, bundle="b" * 64, measurement=measurement, seconds=more.pop("seconds", 12.34), **more)


def a_tweaked(number: int = 2, value: float | None = None, data: DataKind = "train", **more: Any) -> Trial:
    """A trial of changed code."""
    return a_trial(number, value, data, tweaks=(a_tweak(),), base=number - 1, **more)


def a_failed(**more: Any) -> Trial:
    """A trial whose script raised."""
    said: dict[str, Any] = {
        "reason": "raised",
        "message": "ValueError: no such column: Class",
        "remedy": "Look at the line that the traceback names.",
        "traceback": 'Traceback (most recent call last):\n  File "train.py", line 7, in <module>\nValueError: …',
        "file": "train.py",
        "line": 7,
    }
    return Trial(trial=1, failure=Failure(**{**said, **more}))


def a_curve(*points: float) -> Curve:
    """The accuracy over the epochs."""
    return Curve(name="accuracy", points=points, epochs=len(points))


def a_job(*trials: Trial, **more: Any) -> Job:
    """A job with these trials; the best is the last one measured unless said otherwise."""
    measured = [trial.trial for trial in trials if trial.measurement]
    said: dict[str, Any] = {
        "job": "wines-3f2a",
        "title": "wines",
        "state": "waiting for a slot",
        "trials": len(trials),
        "best_trial": measured[-1] if measured else None,
        "origin": Origin(code="file:///home/ann/wines", title="wines"),
        "history": trials,
    }
    return Job(**{**said, **more})

"""From a trial to what the diagnosis looks at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from services.tweaker.diagnosis import curves
from services.tweaker.diagnosis.facts import read_facts
from services.tweaker.diagnosis.finding import Case, Past
from services.tweaker.source.scripts import Files
from trainyard.policy import Policy
from trainyard.trial import Setting, Trial

SCALES = re.compile(rb"Scaler\(|Normalization\(|Rescaling\(|/\s*=?\s*255|normalize\(|scale\(")

ACCURACIES = ("accuracy", "acc", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy")
"""Metrics that are the share of right answers, which is what the rules about classes go by."""
HELD_OUT = "val_"


def case_of(
    trial: Trial, settings: Mapping[str, Setting], files: Files, history: Sequence[Trial], policy: Policy
) -> Case:
    """Put together what the diagnosis looks at."""
    points = {curve.name: curves.finite(curve.points) for curve in trial.curves}
    value = _accuracy(trial)
    return Case(
        value=value,
        data=trial.measurement.data if trial.measurement else "unknown",
        facts=read_facts(trial.facts),
        losses=points.get("loss", ()),
        held_out=points.get("val_loss", ()),
        accuracies=_first(points, ACCURACIES),
        held_out_accuracies=_first(points, [HELD_OUT + name for name in ACCURACIES]),
        epochs=max((curve.epochs or len(curve.points) for curve in trial.curves), default=0),
        settings=settings,
        scales=any(SCALES.search(content) for name, content in files.items() if name.endswith(".py")),
        trial=trial.trial,
        threshold=policy.threshold if value is not None else None,
        metric=trial.measurement.metric if trial.measurement else "",
        history=tuple(_past(each) for each in history),
    )


def _accuracy(trial: Trial) -> float | None:
    """Return the share of right answers; None where something else, or nothing, was measured."""
    measured = trial.measurement
    return measured.value if measured is not None and measured.metric in ACCURACIES else None


def _first(points: Mapping[str, tuple[float, ...]], names: Sequence[str]) -> tuple[float, ...]:
    return next((points[name] for name in names if name in points), ())


def _past(trial: Trial) -> Past:
    return Past(
        trial=trial.trial,
        value=_accuracy(trial),
        data=trial.measurement.data if trial.measurement else "unknown",
        base=trial.base,
        edits={tweak.name: tweak.setting for tweak in trial.tweaks},
        of=trial.of if trial.purpose in ("control", "confirm") else None,
        seconds=trial.seconds,
    )

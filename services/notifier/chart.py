"""Which curves are worth a picture: the first trial against the best, and the threshold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.notifier.words import threshold
from trainyard.messages import JobFinished
from trainyard.trial import Curve, Trial


@dataclass(frozen=True, slots=True)
class Line:
    """One trial's metric by epoch."""

    label: str
    epochs: tuple[float, ...]
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture to draw; `bar` is the threshold and `bar_label` its name."""

    title: str
    metric: str
    lines: tuple[Line, ...]
    bar: float
    bar_label: str


def chart(event: JobFinished, title: str) -> Chart | None:
    """Return the picture of a job, or None where no trial has a curve of its metric."""
    best = event.best_trial()
    first = [trial for trial in event.history if trial.trial == 1]
    shown = first + ([best] if best and best not in first else [])
    lines = tuple(line for trial in shown for line in _lines(trial, best))
    if not lines:
        return None
    metric = best.measurement.metric if best and best.measurement else "accuracy"
    bar = event.policy.threshold
    return Chart(title=title, metric=metric, lines=lines, bar=bar, bar_label=f"threshold {threshold(bar)}")


def _lines(trial: Trial, best: Trial | None) -> Iterator[Line]:
    """Return the line of a trial, if it has one."""
    curve = _curve(trial)
    if curve:
        role = "best" if best and trial.trial == best.trial else "the author's code"
        data = "validation" if curve.name.startswith("val_") else "TRAINING"
        label = f"trial {trial.trial} ({role}), {data} data"
        yield Line(label, tuple(_epochs(curve)), curve.points)


def _curve(trial: Trial) -> Curve | None:
    """Return the curve of the trial's metric, on held-out data if it can be had."""
    metric = trial.measurement.metric if trial.measurement else "accuracy"
    curves = [curve for curve in trial.curves if any(point is not None for point in curve.points)]
    return _first_named(curves, (f"val_{metric}", metric)) or _first_like(curves, ("val_acc", "acc"))


def _first_named(curves: Sequence[Curve], names: Sequence[str]) -> Curve | None:
    """Return the first curve that has one of *names*, the earlier name first."""
    return next((curve for name in names for curve in curves if curve.name == name), None)


def _first_like(curves: Sequence[Curve], parts: Sequence[str]) -> Curve | None:
    """Return the first curve whose name holds one of *parts*, such as Keras' `categorical_accuracy`."""
    return next((curve for part in parts for curve in curves if part in curve.name), None)


def _epochs(curve: Curve) -> Iterator[float]:
    """Return the epoch of each point: they are evenly thinned, with the first and the last kept."""
    count = len(curve.points)
    last = max(curve.epochs, count)
    for index in range(count):
        yield 1 + index * (last - 1) / (count - 1) if count > 1 else 1

"""The picture in the mail: the curves of the first and the best trial, and the threshold."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.notifier.domain import format_threshold
from trainyard.curves import data_of, main_curve
from trainyard.messages import JobFinished
from trainyard.trial import Curve, Trial
from trainyard.words import DATA


@dataclass(frozen=True, slots=True)
class Line:
    """One trial's metric by epoch."""

    label: str
    epochs: tuple[float, ...]
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture to draw, with the threshold as a line."""

    title: str
    metric: str
    lines: tuple[Line, ...]
    threshold: float
    threshold_label: str


def chart(event: JobFinished, title: str) -> Chart | None:
    """Return the picture of a job, or None where no trial has a curve of its metric."""
    best = event.best_trial()
    lines = tuple(line for trial in event.history if trial.trial in (1, event.best) for line in _lines(trial, best))
    if not lines:
        return None
    metric = best.measurement.metric if best and best.measurement else "accuracy"
    value = event.policy.threshold
    label = f"threshold {format_threshold(value)}"
    return Chart(title=title, metric=metric, lines=lines, threshold=value, threshold_label=label)


def _lines(trial: Trial, best: Trial | None) -> Iterator[Line]:
    curve = main_curve(trial)
    if curve:
        role = "best" if best and trial.trial == best.trial else "the original code"
        label = f"trial {trial.trial} ({role}), {DATA[data_of(curve.name)]}"
        yield Line(label, tuple(_epochs(curve)), curve.points)


def _epochs(curve: Curve) -> Iterator[float]:
    """Yield the epoch of each point: they are evenly thinned, with the first and the last kept."""
    count = len(curve.points)
    last = max(curve.epochs, count)
    for index in range(count):
        yield 1 + index * (last - 1) / (count - 1) if count > 1 else 1

"""Which of a training's curves is shown, and which data it was measured on."""

from collections.abc import Iterable

from trainyard.trial import Curve, DataKind, Trial

VALIDATION = "val_"


def main_curve(trial: Trial) -> Curve | None:
    """Return the curve of the trial's metric, on held-out data if there is one; None where there is none."""
    curves = {curve.name: curve for curve in trial.curves if any(point is not None for point in curve.points)}
    name = main_name(curves, trial.measurement.metric if trial.measurement else "accuracy")
    return curves[name] if name else None


def main_name(names: Iterable[str], metric: str = "accuracy") -> str | None:
    """Return the name of *metric* among *names*, else of an accuracy such as `categorical_accuracy`."""
    names = sorted(names, key=lambda name: not name.startswith(VALIDATION))
    exact = (name for name in names if name.removeprefix(VALIDATION) == metric)
    similar = (name for name in names if "acc" in name)
    return next(exact, None) or next(similar, None)


def data_of(name: str) -> DataKind:
    """Return the data that the curve *name* was measured on: Keras prefixes validation metrics with `val_`."""
    return "validation" if name.startswith(VALIDATION) else "train"

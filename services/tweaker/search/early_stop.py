"""When the probe stops a training that is not promising."""

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate
from statistics import median

from services.tweaker.diagnosis.history import searching
from trainyard.policy import Policy
from trainyard.trial import Curve, Direction, EarlyStop, Trial

CURVES = ("val_accuracy", "val_acc", "val_loss", "accuracy", "acc", "loss")
"""What is looked at: the first that all trials have; held-out data before the training's own."""

ENOUGH = 4
"""Earlier trials of which a median says something."""
GRACE = 5
SHARE = 0.2
"""So many epochs, or this share of the usual number, every training gets; as many without progress end one."""
PATIENCE = 10
MOST_POINTS = 200


def early_stop(history: Sequence[Trial], policy: Policy) -> EarlyStop | None:
    """Return when the probe stops the training of the next trial that searches; None for never.

    "median" ends a training whose best value after some epoch is worse than the median of what the earlier trials had
    reached by then (Golovin et al. 2017, Google Vizier); "patience" one that has not improved for long. Epochs are
    compared with epochs of the same number, whatever the trials' lengths, so a trial that trains longer is compared as
    far as four others came. Trials that inherited weights do not count, since they began ahead. A script that fits
    several models is ended only for a loss that is NaN.
    """
    if policy.early_stop is False:
        return None
    curves = _in_common(_comparable(history))
    if not curves:
        return EarlyStop(rule=policy.early_stop, curve="loss", direction="minimize")
    direction: Direction = "minimize" if curves[0].name.endswith("loss") else "maximize"
    usual = math.ceil(SHARE * median(curve.epochs for curve in curves))
    stop = EarlyStop(rule=policy.early_stop, curve=curves[0].name, direction=direction, grace=max(GRACE, usual))
    if policy.early_stop == "patience":
        return stop.model_copy(update={"patience": max(PATIENCE, usual)})
    every, reference = _reference(curves, direction)
    return stop.model_copy(update={"every": every, "reference": reference})


def _comparable(history: Sequence[Trial]) -> Sequence[Trial]:
    """Return the trials that the next one is compared with; none where one of them fitted several models."""
    trials = [trial for trial in searching(history) if trial.curves and not trial.inherited]
    return trials if all(trial.facts.get("fits", 1) == 1 for trial in trials) else ()


def _in_common(trials: Iterable[Trial]) -> list[Curve]:
    """Return the first of `CURVES` that all trials have, of each of them; nothing where there is none."""
    by_name = [{curve.name: curve for curve in trial.curves if curve.points} for trial in trials]
    name = next(filter(set(CURVES).intersection(*by_name).__contains__, CURVES), "")
    return [curves[name] for curves in by_name] if name else []


def _reference(curves: Sequence[Curve], direction: Direction) -> tuple[int, tuple[float, ...]]:
    """Return how many epochs lie between two points of the median curve, and its points, as far as enough came."""
    lengths = sorted((curve.epochs for curve in curves), reverse=True)
    last = lengths[ENOUGH - 1] if len(lengths) >= ENOUGH else 0
    every = max(1, math.ceil(last / MOST_POINTS))
    bests = [_bests(curve, direction) for curve in curves]
    points: list[float] = []
    for epoch in range(every, last + 1, every):
        reached = [value for best in bests if (value := _by(epoch, best)) is not None]
        if len(reached) < ENOUGH:
            break
        points.append(median(reached))
    return every, tuple(points)


def _bests(curve: Curve, direction: Direction) -> list[tuple[int, float]]:
    """Return the best value that a training had reached by each epoch of its curve."""
    step = (curve.epochs - 1) / max(1, len(curve.points) - 1)
    points = [
        (1 + round(index * step), point)
        for index, point in enumerate(curve.points)
        if point is not None and math.isfinite(point)
    ]
    better = max if direction == "maximize" else min
    return list(zip((epoch for epoch, _ in points), accumulate((point for _, point in points), better), strict=True))


def _by(epoch: int, best: Sequence[tuple[int, float]]) -> float | None:
    """Return the best value by *epoch*; None where the training was over before, or had none yet."""
    if not best or best[-1][0] < epoch:
        return None
    return next((value for at, value in reversed(best) if at <= epoch), None)

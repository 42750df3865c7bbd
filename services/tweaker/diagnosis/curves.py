"""What a curve of losses shows; all functions take its finite points in the order of the epochs."""

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import linear_regression

ENOUGH = 3
STEADY = 0.75
"""The share of steps downwards from which on a fall is steady."""
LATE = 0.2
"""The last part of a training, as a share of it."""
FLAT = 0.05
LEAST_SLOPE = 0.05
MOST_LOG = 10.0


def finite(points: Sequence[float | None]) -> tuple[float, ...]:
    """Return the points that are numbers."""
    return tuple(point for point in points if point is not None and math.isfinite(point))


def drop(losses: Sequence[float]) -> float:
    """Return by what share of its first value the loss has fallen at the end; negative if it rose."""
    return (losses[0] - losses[-1]) / abs(losses[0]) if losses and losses[0] else 0.0


def late_share(losses: Sequence[float]) -> float:
    """Return what share of the whole fall came in the last fifth; 0 if it did not fall at all."""
    if len(losses) < ENOUGH:
        return 1.0 if len(losses) > 1 and losses[-1] < losses[0] else 0.0
    before = losses[-1 - max(1, round(len(losses) * LATE))]
    fall = losses[0] - min(losses)
    return (before - losses[-1]) / fall if fall > 0 else 0.0


def late_drop(losses: Sequence[float]) -> float:
    """Return what share of its value the loss lost in the last fifth if it fell steadily, else 0."""
    last = max(1, round(len(losses) * LATE))
    late = losses[-max(ENOUGH, last + 1) :]
    if len(losses) < ENOUGH or steadiness(late) < STEADY:
        return 0.0
    return drop(losses[-1 - last :])


def is_at_rest(losses: Sequence[float]) -> bool:
    """Return whether hardly any of the fall came in the last fifth; False for a very short training."""
    return len(losses) >= ENOUGH and max(late_share(losses), late_drop(losses)) <= FLAT


def has_settled(losses: Sequence[float]) -> bool:
    """Return whether the loss fell and converged; one that never fell is stuck, whatever the number of epochs."""
    return is_at_rest(losses) and drop(losses) >= FLAT


def steadiness(losses: Sequence[float]) -> float:
    """Return the share of the steps that went down."""
    steps = [after < before for before, after in pairwise(losses)]
    return sum(steps) / len(steps) if steps else 0.0


def moves(losses: Sequence[float]) -> bool:
    """Return whether the loss ever went away from its first value by more than noise."""
    return bool(losses) and max(losses) - min(losses) > FLAT * abs(losses[0])


def rise(losses: Sequence[float]) -> float:
    """Return by which share of the fall the end lies above the lowest point; large where it went up again."""
    if len(losses) < ENOUGH:
        return 0.0
    lowest = min(losses)
    return (losses[-1] - lowest) / max(abs(losses[0] - lowest), 1e-9)


def unrest(losses: Sequence[float]) -> float:
    """Return how far one late epoch lies from the next, as a share of the loss there."""
    late = losses[-max(ENOUGH, len(losses) // 3) :]
    steps = [abs(after - before) for before, after in pairwise(late)]
    level = sum(abs(loss) for loss in late) / len(late) if late else 0.0
    return sum(steps) / len(steps) / level if steps and level else 0.0


def still_gains(accuracies: Sequence[float]) -> bool:
    """Return whether an accuracy was still going up in its last fifth."""
    if len(accuracies) < ENOUGH:
        return len(accuracies) > 1 and accuracies[-1] > accuracies[0]
    late = max(1, round(len(accuracies) * LATE))
    return max(accuracies[-late:]) > max(accuracies[:-late])


def times_longer(errors: Sequence[float], wanted: float) -> float | None:
    """Return how many times as long a training has to be until its error is *wanted*; None where no fall shows.

    Errors of a training fall about as a power of its length, which is a straight line once both are logarithms
    (Hestness et al. 2017, arXiv 1712.00409, for the amount of data; learning curves have the same shape).
    """
    points = [(math.log(epoch), math.log(error)) for epoch, error in enumerate(errors, 1) if error > 0]
    points = points[len(points) // 3 :]
    if len(points) < ENOUGH or wanted <= 0:
        return None
    slope = linear_regression(*zip(*points, strict=True)).slope
    if slope > -LEAST_SLOPE:
        return None
    return max(1.0, math.exp(min((math.log(wanted) - points[-1][1]) / slope, MOST_LOG)))

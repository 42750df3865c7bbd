"""What a curve of losses tells; all functions take its finite points in the order of the epochs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

ENOUGH = 3
STEADY = 0.75
"""The share of steps downwards from which on a fall is steady."""
LATE = 0.2
"""The last part of a training, as a share of it."""


def finite(points: Sequence[float | None]) -> tuple[float, ...]:
    """Return the points that are numbers."""
    return tuple(point for point in points if point is not None and math.isfinite(point))


def drop(losses: Sequence[float]) -> float:
    """Return which share of the first loss is gone at the end; below 0 if it rose."""
    return (losses[0] - losses[-1]) / abs(losses[0]) if losses and losses[0] else 0.0


def late_share(losses: Sequence[float]) -> float:
    """Return which share of the whole fall came in the last fifth; 0 if it did not fall at all."""
    if len(losses) < ENOUGH:
        return 1.0 if len(losses) > 1 and losses[-1] < losses[0] else 0.0
    before = losses[-1 - max(1, round(len(losses) * LATE))]
    fall = losses[0] - min(losses)
    return (before - losses[-1]) / fall if fall > 0 else 0.0


def late_drop(losses: Sequence[float]) -> float:
    """Return which share of its value there the loss lost in the last fifth, if it fell steadily; else 0."""
    last = max(1, round(len(losses) * LATE))
    late = losses[-max(ENOUGH, last + 1) :]
    if len(losses) < ENOUGH or steadiness(late) < STEADY:
        return 0.0
    return drop(losses[-1 - last :])


def steadiness(losses: Sequence[float]) -> float:
    """Return the share of the steps that went down."""
    steps = [after < before for before, after in pairwise(losses)]
    return sum(steps) / len(steps) if steps else 0.0


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

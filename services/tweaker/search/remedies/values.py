"""Values as a good engineer would choose them for this case."""

from __future__ import annotations

import math
from collections.abc import Sequence

from services.tweaker.diagnosis import curves
from services.tweaker.diagnosis.finding import Case
from services.tweaker.diagnosis.rules.inputs import is_picture
from services.tweaker.diagnosis.rules.kinds import USUAL_BATCH, batch_size, steps_an_epoch, target
from services.tweaker.diagnosis.rules.rates import PLAIN_DESCENT, USUAL
from services.tweaker.diagnosis.rules.training import FEW_BATCHES

WIDTHS = (32, 64, 128, 256, 512)
PER_CLASS = 4
INPUTS_PER_UNIT = 8
WIDEST_FIRST = 128
FEW_EPOCHS = 5
LEAST_TIMES, MOST_TIMES = 3.0, 10.0
MOST_TIMES_AT_FIRST, HARDLY = 20.0, 100
"""So many times as long at most, and the number of steps below which the first bound is the higher one."""
FASTEST_DESCENT = 0.05
LENGTHS = 40.0
ENOUGH_STEPS = 1500
"""After so many steps, most small networks have come to rest."""
MOST_EPOCHS = 2000
MARGIN = 0.7
"""How much of the error that the threshold allows is aimed at."""
LEADING = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


def usual_width(case: Case) -> int:
    """Return how wide a hidden layer usually is for so many classes and inputs."""
    inputs = math.prod(case.facts.inputs.shape) if case.facts.inputs.shape else 0
    least = max(PER_CLASS * case.facts.labels.classes, inputs / INPUTS_PER_UNIT)
    return min(_at_least(least, WIDTHS), WIDEST_FIRST)


def wider(case: Case, units: Sequence[int]) -> tuple[int, ...]:
    """Return two usual widths from twice the widest layer's on."""
    least = max(2 * max(units), usual_width(case))
    first = _at_least(least, WIDTHS)
    return first, 2 * first


def longer(case: Case, epochs: int) -> tuple[int, ...]:
    """Return how many epochs to train for: as many as the errors so far need to come down to what is asked for."""
    times = _times(case, epochs)
    steps = usual_steps(case)
    if steps is not None:
        most = MOST_TIMES_AT_FIRST if (steps_an_epoch(case) or steps) * epochs < HARDLY else MOST_TIMES
        times = max(times, min(ENOUGH_STEPS / (steps * epochs), most))
    return tuple(more for more in (round_up(epochs * times), round_up(epochs * times * 3)) if more <= MOST_EPOCHS)


def usual_batch(case: Case) -> int:
    """Return the usual size of a batch; less where there are but few rows."""
    eighth = max(1, case.facts.inputs.rows // 8) if case.facts.inputs.rows else USUAL_BATCH
    return min(USUAL_BATCH, max(8, 1 << round(math.log2(eighth))))


def usual_steps(case: Case) -> int | None:
    """Return how many batches an epoch has, or will have once they are no larger than usual, where that can be had."""
    now, rows = steps_an_epoch(case), case.facts.inputs.rows
    if now is None or now > FEW_BATCHES or not rows or "batch_size" not in case.settings:
        return now
    return math.ceil(rows / min(batch_size(case), usual_batch(case)))


def descent_rate(case: Case) -> float:
    """Return a rate for plain gradient descent: the longer the inputs, the steeper the loss (LeCun et al. 1998)."""
    inputs = case.facts.inputs
    if inputs.overall is None or not inputs.shape:
        return USUAL[PLAIN_DESCENT]
    square = inputs.overall.mean**2 + inputs.overall.std**2
    if inputs.unscaled:
        square = square / inputs.overall.max**2 if is_picture(case.facts) else 1.0
    return float(
        f"{min(max(LENGTHS / max(math.prod(inputs.shape) * square, 1e-9), USUAL[PLAIN_DESCENT]), FASTEST_DESCENT):.1g}"
    )


def round_up(number: float) -> int:
    """Return the next number that a person would write."""
    power = 10 ** math.floor(math.log10(number)) if number >= 1 else 1
    return math.ceil(next(power * leading for leading in LEADING if power * leading >= number * 0.999))


def _times(case: Case, epochs: int) -> float:
    """Return how many times as long: by the falling errors if they show it, else by how few epochs there were."""
    usual = LEAST_TIMES + 2 if epochs <= FEW_EPOCHS else LEAST_TIMES
    rights = case.held_out_accuracies or case.accuracies
    seen = curves.times_longer([1 - right for right in rights], MARGIN * (1 - target(case))) if rights else None
    return usual if seen is None else min(max(seen, usual), MOST_TIMES)


def _at_least(least: float, usual: Sequence[int]) -> int:
    return next((width for width in usual if width >= least), usual[-1])

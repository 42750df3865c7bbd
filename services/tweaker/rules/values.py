"""Values as a good engineer would choose them for a case."""

import math
from collections.abc import Mapping, Sequence

from services.tweaker.diagnosis import curves
from services.tweaker.diagnosis.case import USUAL_BATCH, Case

USUAL_RATES: Mapping[str, float] = {"sgd": 0.01, "adagrad": 0.01, "adadelta": 1.0, "ftrl": 0.05, "adamax": 0.002}
"""The usual learning rate by optimizer; for those that are not named, USUAL_RATE."""
USUAL_RATE = 0.001
WIDTHS = (32, 64, 128, 256, 512)
PER_CLASS = 4
INPUTS_PER_UNIT = 8
WIDEST_FIRST = 128
FEW_EPOCHS = 5
LEAST_TIMES, MOST_TIMES = 3.0, 10.0
MOST_TIMES_AT_FIRST, HARDLY = 20.0, 100
"""So many times as long at most, and the number of steps below which the first bound is the higher one."""
FASTEST_DESCENT = 0.05
SQUARED_LENGTH = 40.0
"""Of the inputs, divided by which the rate is stable."""
FEW_BATCHES = 4
ENOUGH_STEPS = 1500
"""After so many steps, most small networks have come to rest."""
MOST_EPOCHS = 2000
BATCH_NORM = "BatchNormalization"
HELD, FAR_BELOW = 0.05, 0.1
"""From this share of their initial values on moving averages lag, where so much accuracy is missing in evaluation."""
MARGIN = 0.7
"""The share of the error that the threshold allows that is aimed at."""
LEADING = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


def usual_width(case: Case) -> int:
    """Return how wide a hidden layer usually is for so many classes and inputs."""
    shape = case.facts.inputs.shape
    least = max(PER_CLASS * case.facts.labels.classes, math.prod(shape) / INPUTS_PER_UNIT if shape else 0)
    return min(_at_least(least, WIDTHS), WIDEST_FIRST)


def wider(case: Case, units: Sequence[int]) -> tuple[int, ...]:
    """Return two usual widths, the first at least twice the widest layer's."""
    first = _at_least(max(2 * max(units), usual_width(case)), WIDTHS)
    return first, 2 * first


def longer(case: Case, epochs: int) -> tuple[int, ...]:
    """Return how many epochs to train for: as many as the errors need to fall to the target."""
    times, steps = _times(case, epochs), usual_steps(case)
    if steps is not None:
        most = MOST_TIMES_AT_FIRST if (case.steps_per_epoch or steps) * epochs < HARDLY else MOST_TIMES
        times = max(times, min(ENOUGH_STEPS / (steps * epochs), most))
    return tuple(more for more in (round_up(epochs * times), round_up(epochs * times * 3)) if more <= MOST_EPOCHS)


def usual_batch(case: Case) -> int:
    """Return the usual batch size; less where there are few rows."""
    eighth = max(1, case.facts.inputs.rows // 8) if case.facts.inputs.rows else USUAL_BATCH
    return min(USUAL_BATCH, max(8, 1 << round(math.log2(eighth))))


def usual_steps(case: Case) -> int | None:
    """Return how many batches an epoch has, or will have once they are no larger than usual where that can be set."""
    now, rows = case.steps_per_epoch, case.facts.inputs.rows
    if now is None or now > FEW_BATCHES or not rows or "batch_size" not in case.settings:
        return now
    return math.ceil(rows / min(case.batch_size, usual_batch(case)))


def usual_rate(case: Case) -> float:
    """Return the usual learning rate of the optimizer."""
    return USUAL_RATES.get(case.optimizer.lower(), USUAL_RATE)


def sufficient_rate(case: Case) -> float:
    """Return a learning rate that is not too low: the usual one, or for plain descent what the inputs allow.

    The longer the inputs, the steeper the loss (LeCun et al. 1998); those that are still to be scaled count as scaled.
    """
    inputs, usual = case.facts.inputs, usual_rate(case)
    if not case.descends_plainly or inputs.overall is None or not inputs.shape:
        return usual
    square = inputs.overall.mean**2 + inputs.overall.std**2
    if inputs.unscaled:
        square = square / inputs.overall.max**2 if case.facts.is_image else 1.0
    stable = SQUARED_LENGTH / max(math.prod(inputs.shape) * square, 1e-9)
    return float(f"{min(max(stable, usual), FASTEST_DESCENT):.1g}")


def initial_averages(case: Case) -> float:
    """Return the share of their initial values that batch normalization's moving averages still hold.

    Each update keeps *momentum* of them, so that the network is evaluated with other statistics than it trained with.
    """
    momentum = max((layer.momentum for layer in case.facts.model.layers if layer.kind == BATCH_NORM), default=0.0)
    return float(momentum**case.updates) if case.updates else 0.0


def averages_lag(case: Case) -> bool:
    """Return whether batch normalization makes the trained network worse than the training shows it to be."""
    evaluated = case.training_score if case.scale.is_accuracy else None
    if evaluated is None or not case.accuracies or initial_averages(case) < HELD:
        return False
    return case.accuracies[-1] - evaluated >= FAR_BELOW


def round_up(number: float) -> int:
    """Return the next larger number that a person would write."""
    power = 10 ** math.floor(math.log10(number)) if number >= 1 else 1
    return math.ceil(next(power * leading for leading in LEADING if power * leading >= number * 0.999))


def _times(case: Case, epochs: int) -> float:
    """Return how many times as long: by how the errors fall if that shows, else by how few epochs there were."""
    usual = LEAST_TIMES + 2 if epochs <= FEW_EPOCHS else LEAST_TIMES
    accuracies = case.held_out_accuracies or case.accuracies
    times = curves.times_longer([1 - accuracy for accuracy in accuracies], MARGIN * (1 - case.target))
    return usual if times is None else min(max(times, usual), MOST_TIMES)


def _at_least(least: float, usual: Sequence[int]) -> int:
    return next((width for width in usual if width >= least), usual[-1])

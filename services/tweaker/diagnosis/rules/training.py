"""Whether a network was trained long enough, and in batches that give it enough steps."""

from __future__ import annotations

from services.tweaker.diagnosis import curves
from services.tweaker.diagnosis.finding import Case, Finding
from services.tweaker.diagnosis.rules.kinds import batch_size, count, fits_its_data, is_network, steps_an_epoch
from services.tweaker.diagnosis.rules.rates import PLAIN_DESCENT, optimizer

LATE = 0.08
MUCH = 0.1
"""So much of its value lost in the last fifth is a plain fall, however far the loss had come down before."""
FEW_EPOCHS = 3
FEW_STEPS = 250
"""A network that has changed its weights so few times has hardly begun."""
FEW_DESCENTS = 1000
"""The same of plain gradient descent."""
FEW_BATCHES = 4
LARGE_BATCH = 64
IMPATIENT = 3


def still_improving(case: Case) -> Finding | None:
    """Say that the training was stopped while the loss was still falling."""
    falling = curves.late_share(case.losses) >= LATE or curves.late_drop(case.losses) >= MUCH
    if not falling or case.facts.nan or curves.rise(case.losses) > LATE or curves.rise(case.held_out) > LATE:
        return None
    if fits_its_data(case) and not curves.still_gains(case.held_out_accuracies):
        sure = 0.5
    else:
        sure = 0.75 if case.epochs <= FEW_EPOCHS or not fits_its_data(case) else 0.65
    what = f"The loss was still falling when the training ended after {_epochs(case.epochs)}"
    return Finding("still_improving", what, sure, "curves")


def few_steps(case: Case) -> Finding | None:
    """Say that the weights were changed so few times that nothing can have been learnt."""
    steps = steps_an_epoch(case)
    if steps is None or not case.epochs or not _could_go_on(case) or curves.has_settled(case.losses):
        return None
    if (
        case.epochs * steps >= (FEW_DESCENTS if optimizer(case).lower() == PLAIN_DESCENT else FEW_STEPS)
        or max(curves.rise(case.losses), curves.rise(case.held_out)) > LATE
    ):
        return None
    batches, times = count(steps, "batch", "batches"), count(case.epochs * steps, "time")
    what = f"{_epochs(case.epochs)} of {batches} change the weights {times} only"
    return Finding("few_steps", what, 0.75, "structure")


def large_batches(case: Case) -> Finding | None:
    """Say that nearly all rows are in one batch, so that an epoch hardly changes the weights."""
    steps, rows = steps_an_epoch(case), case.facts.inputs.rows
    if steps is None or steps > FEW_BATCHES or batch_size(case) < LARGE_BATCH or not _could_go_on(case):
        return None
    what = f"Batches of {batch_size(case)} of {rows} rows make only {count(steps, 'step')} an epoch"
    return Finding("large_batches", what, 0.7, "structure")


def impatient(case: Case) -> Finding | None:
    """Say that the author's early stopping ended a training that was still getting somewhere."""
    training, patience, planned = case.facts.training, case.settings.get("patience"), case.settings.get("epochs")
    if not training.ended_early or not isinstance(patience, int) or fits_its_data(case):
        return None
    if patience > IMPATIENT and not (isinstance(planned, int) and case.epochs <= planned / 2):
        return None
    what = f"Early stopping gave up after {_epochs(case.epochs)}, with a patience of {patience}"
    return Finding("impatient", what, 0.75 if patience <= IMPATIENT else 0.5, "curves")


def _could_go_on(case: Case) -> bool:
    """Tell whether more steps may help: a network in order that was not stopped, and does not fit its data yet."""
    stopped = case.facts.training.ended_early or case.facts.training.stopped_by_probe
    return is_network(case) and not stopped and not case.facts.nan and not fits_its_data(case)


def _epochs(number: int) -> str:
    return "a single epoch" if number == 1 else f"{number} epochs"

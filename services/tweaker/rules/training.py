"""Whether a network was trained long enough, and in batches that give it enough steps."""

from services.tweaker.diagnosis import curves
from services.tweaker.diagnosis.case import USUAL_BATCH, Case
from services.tweaker.edits.space import Whole
from services.tweaker.rules.rule import Evidences, Remedies, Rule, offer
from services.tweaker.rules.values import FEW_BATCHES, longer, usual_batch
from trainyard.words import counted

LATE = 0.08
MUCH = 0.1
"""So much of its value lost in the last fifth is a plain fall, however far the loss had come down before."""
FEW_EPOCHS = 3
FEW_STEPS, FEW_DESCENTS = 250, 1000
"""A network that has changed its weights so few times has hardly begun; the latter by plain gradient descent."""
LARGE_BATCH = 64
IMPATIENT, PATIENT = 3, 10


def still_improving(case: Case) -> Evidences:
    """Detect a loss that was still falling at the end, where held-out data do not get worse.

    The last fifth brought 8 % of the fall, or steadily took 10 % off the loss (0.65 to 0.75, curves; 0.5 where the
    training data are fitted already).
    """
    if case.facts.nan or not _falls(case) or _rises(case):
        return
    what = f"The loss was still falling when the training ended after {counted(case.epochs, 'epoch')}"
    if case.fits_training_data and not curves.still_gains(case.held_out_accuracies):
        yield what, 0.5, "curves"
    yield what, 0.75 if case.epochs <= FEW_EPOCHS or not case.fits_training_data else 0.65, "curves"


def too_few_steps(case: Case) -> Evidences:
    """Detect fewer than 250 updates of the weights (1000 by plain descent), not at rest (0.75, structure)."""
    few = 0 < case.updates < (FEW_DESCENTS if case.descends_plainly else FEW_STEPS)
    if few and _may_go_on(case) and not curves.has_settled(case.losses) and not _rises(case):
        length = f"{counted(case.epochs, 'epoch')} of {counted(case.updates // case.epochs, 'step')}"
        yield f"The weights are updated only {counted(case.updates, 'time')}: {length}", 0.75, "structure"


def batches_too_large(case: Case) -> Evidences:
    """Detect at most 4 steps per epoch, of 64 rows or more (0.7, structure)."""
    steps, rows, batch = case.steps_per_epoch, case.facts.inputs.rows, case.batch_size
    if steps is not None and steps <= FEW_BATCHES and batch >= LARGE_BATCH and _may_go_on(case):
        yield f"Batches of {batch} out of {rows} rows make only {counted(steps, 'step')} per epoch", 0.7, "structure"


def early_stopping_too_early(case: Case) -> Evidences:
    """Detect early stopping with a patience of 3 or less (0.75, curves), or before half of the epochs (0.5, curves)."""
    patience, planned = case.whole("patience"), case.whole("epochs") or 0
    if case.facts.training.ended_early and patience is not None:
        what = f"Early stopping ended the training after {counted(case.epochs, 'epoch')}, with a patience of {patience}"
        if patience <= IMPATIENT:
            yield what, 0.75, "curves"
        if 0 < case.epochs <= planned / 2:
            yield what, 0.5, "curves"


def train_longer(case: Case) -> Remedies:
    """Train for as many epochs as the curve suggests; where the author's own callback ended it, more change nothing."""
    if case.facts.training.ended_early:
        yield from more_patience(case)
        return
    epochs = case.whole("epochs") or 0
    if epochs > 0:
        yield from offer(case, "epochs", *longer(case, epochs), within=Whole(2 * epochs, 10 * epochs))


def smaller_batches(case: Case) -> Remedies:
    """Use smaller batches, which make more steps per epoch."""
    usual = usual_batch(case)
    yield from offer(case, "batch_size", usual, max(8, usual // 2), within=Whole(8, USUAL_BATCH))


def more_patience(case: Case) -> Remedies:
    """Let early stopping wait longer."""
    now = case.whole("patience") or 0
    yield from offer(case, "patience", max(PATIENT, 4 * now), within=Whole(now + 1, max(30, 10 * now)))


RULES = (
    Rule(too_few_steps, train_longer, fits=False),
    Rule(batches_too_large, smaller_batches, fits=False),
    Rule(early_stopping_too_early, more_patience, fits=False),
    Rule(still_improving, train_longer),
)


def _falls(case: Case) -> bool:
    return curves.late_share(case.losses) >= LATE or curves.late_drop(case.losses) >= MUCH


def _rises(case: Case) -> bool:
    """Return whether the loss had gone up again by the end, on the training's or on held-out data."""
    return max(curves.rise(case.losses), curves.rise(case.held_out)) > LATE


def _may_go_on(case: Case) -> bool:
    """Return whether more steps may help: it is a network in order that was not stopped."""
    stopped = case.facts.training.ended_early or case.facts.training.stopped_by_probe
    return case.is_network and not stopped and not case.facts.nan

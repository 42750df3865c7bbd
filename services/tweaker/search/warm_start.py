"""Whether a trial begins with an earlier one's weights."""

from collections.abc import Sequence
from typing import Literal

from services.tweaker.diagnosis.facts import Facts
from trainyard.policy import Policy
from trainyard.trial import Trial, Tweak, Warm

LONG = 120.0
"""Seconds of training from which inherited weights are worth a second, cold training of what passes with them."""

EPOCHS = "epochs"
GROWTH = frozenset({"units", "filters", "dense_layer", "conv_layer"})
"""Edits that make a network larger, for which there are maps that keep its function."""

BESIDE = frozenset(
    {EPOCHS, "learning_rate", "optimizer", "batch_size", "dropout", "regularizer", "rate_plateau", "class_weight"}
)
"""Edits that leave what the weights mean as it is."""


def warm_for(history: Sequence[Trial], base: Trial, tweaks: Sequence[Tweak], policy: Policy) -> Warm | None:
    """Return the weights with which the trial begins that is *base* with these *tweaks*; None for random ones.

    More epochs go on after the last one of a training that came to its end, and nothing else is like them. A larger
    network may inherit what the smaller one learnt (Net2Net, arXiv 1511.05641); that the probe can do so is seen there.
    """
    checkpoint = base.checkpoint
    if policy.warm_start is False or checkpoint is None or base.measurement is None or base not in history:
        return None
    how = _how({tweak.name for tweak in tweaks}, base, policy)
    return Warm(trial=base.trial, how=how, location=checkpoint.location) if how else None


def _how(names: set[str], base: Trial, policy: Policy) -> Literal["continue", "inherit"] | None:
    training = Facts.model_validate(base.facts).training
    differs = any((training.ended_early, training.stopped_by_probe, base.inherited))
    if names == {EPOCHS} and not differs:
        return "continue"
    worth_it = policy.warm_start is True or base.seconds >= LONG
    return "inherit" if worth_it and names & GROWTH and names <= GROWTH | BESIDE else None

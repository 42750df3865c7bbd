"""What is wrong with the size of a network, or with what it made of it."""

from __future__ import annotations

from services.tweaker.diagnosis import curves
from services.tweaker.diagnosis.finding import Case, Finding
from services.tweaker.diagnosis.rules.kinds import (
    body,
    chance,
    count,
    fits_its_data,
    hidden,
    is_network,
    on_training_data,
    target,
)

NARROW = 4
"""A hidden layer of fewer ReLU units dies easily: with two, one seed in a few loses both."""
MANY_CLASSES = 32
FEW_FILTERS = 8
GAP = 0.06
SMALL_GAP = 0.02
RISEN = 0.1
FEW_ROWS = 50
MOST_DROPPED = 0.6
STRONG_PENALTY = 0.03
WITHOUT_WEIGHTS = frozenset({"InputLayer", "Flatten", "Dropout", "Normalization", "Rescaling", "BatchNormalization"})
CONVOLUTIONS = frozenset({"Conv1D", "Conv2D", "Conv3D"})


def bottleneck(case: Case) -> Finding | None:
    """Say that a hidden layer has fewer units than there are classes, or hardly any."""
    units = case.settings.get("units", case.settings.get("hidden_units"))
    units = (units,) if isinstance(units, int) else units
    if not isinstance(units, tuple) or not units:
        return None
    narrowest, classes = min(units), case.facts.labels.classes
    if narrowest >= max(NARROW, min(classes, MANY_CLASSES)):
        return None
    against = f" for {classes} classes" if classes else ""
    what = f"A hidden layer of {count(narrowest, 'unit')}{against} is a bottleneck that dies easily"
    return Finding("bottleneck", what, 0.75 if narrowest < NARROW or 2 * narrowest <= classes else 0.7, "structure")


def few_filters(case: Case) -> Finding | None:
    """Say that the convolutions look for hardly any patterns."""
    filters = [layer.filters for layer in hidden(case.facts) if layer.kind in CONVOLUTIONS and layer.filters]
    if not filters or max(filters) >= FEW_FILTERS or fits_its_data(case):
        return None
    what = f"The convolutions look for {count(max(filters), 'pattern')} at most, which is few"
    return Finding("few_filters", what, 0.7, "structure")


def no_hidden_layer(case: Case) -> Finding | None:
    """Say that a network without a hidden layer draws straight lines between the classes only."""
    facts = case.facts
    dense = [layer for layer in facts.model.layers if layer.kind == "Dense"]
    if facts.model.library != "keras" or not dense or fits_its_data(case):
        return None
    if any(layer.kind not in WITHOUT_WEIGHTS for layer in body(facts)):
        return None
    sure = 0.7 if on_training_data(case) is not None else 0.5
    what = "The network has no hidden layer, so that it tells classes apart by straight lines only"
    return Finding("no_hidden_layer", what, sure, "structure")


def too_small(case: Case) -> Finding | None:
    """Say that even the training data are not learnt, although the training has come to rest."""
    reached = on_training_data(case)
    if reached is None or not is_network(case) or len(case.losses) < curves.ENOUGH:
        return None
    if reached >= target(case) - chance(reached, case.facts.inputs.rows) or case.facts.nan:
        return None
    if not curves.is_at_rest(case.losses):
        return None
    what = f"The training has come to rest with {reached:.0%} on its own data: the network is too small for them"
    return Finding("too_small", what, 0.55, "curves")


def dropped(case: Case) -> Finding | None:
    """Say that so much is forgotten in training that little can be learnt."""
    rate = case.settings.get("dropout")
    if not isinstance(rate, float) or rate < MOST_DROPPED or fits_its_data(case) or not is_network(case):
        return None
    what = f"A dropout of {rate:.0%} forgets nearly all that is learnt"
    return Finding("dropped", what, 0.8, "structure")


def shackled(case: Case) -> Finding | None:
    """Say that the penalty on weights keeps them near zero."""
    penalty = case.settings.get("regularizer")
    if not isinstance(penalty, int | float) or penalty < STRONG_PENALTY or fits_its_data(case):
        return None
    what = f"A penalty of {penalty:g} on all weights keeps them near zero"
    return Finding("shackled", what, 0.8, "structure")


def overfitting(case: Case) -> Finding | None:
    """Say that the model knows its training data far better than held-out data."""
    reached = on_training_data(case)
    if case.value is None or reached is None or case.data == "train" or not is_network(case):
        return None
    worse, gap = curves.rise(case.held_out) > RISEN, reached - case.value
    if not fits_its_data(case) or gap < (SMALL_GAP if worse else GAP):
        return None
    what = f"It overfits: {reached:.1%} on the training data, {case.value:.1%} on data that were held out"
    if worse:
        best = case.held_out.index(min(case.held_out)) + 1
        what += f", where the loss was least after {best / len(case.held_out):.0%} of the training"
    return Finding("overfitting", what, 0.75 if worse else 0.7, "curves")


def few_data(case: Case) -> Finding | None:
    """Say that there are few rows a class, where the network learns them by heart."""
    labels, reached = case.facts.labels, on_training_data(case)
    if case.value is None or reached is None or case.data == "train" or not labels.counts:
        return None
    smallest = min(labels.counts)
    if smallest >= FEW_ROWS or reached - case.value < GAP or not fits_its_data(case) or not is_network(case):
        return None
    what = f"There are few data to learn from: {count(smallest, 'row')} of the rarest class, known by heart"
    return Finding("few_data", what, 0.5, "structure")

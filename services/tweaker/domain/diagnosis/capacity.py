"""What is wrong with the size of a network, or with what it made of it."""

from __future__ import annotations

from services.tweaker.domain import curves
from services.tweaker.domain.finding import Case, Finding

NARROW = 4
"""A hidden layer of fewer ReLU units dies easily: with two, one seed in a few loses both."""
NEAR = 0.03
GOOD = 0.85
GAP = 0.06
FLAT = 0.05


def bottleneck(case: Case) -> Finding | None:
    """Say that a hidden layer has fewer units than there are classes, or hardly any."""
    units = case.settings.get("units")
    if not isinstance(units, tuple):
        return None
    narrowest, classes = min(units), case.facts.labels.classes
    if narrowest >= max(NARROW, min(classes, 2 * NARROW)):
        return None
    against = f" for {classes} classes" if classes else ""
    what = f"A hidden layer of {_count(narrowest, 'unit')}{against} is a bottleneck that dies easily"
    return Finding("bottleneck", what, 0.7, "structure")


def collapsed(case: Case) -> Finding | None:
    """Say that a network is no better than one that answers the same class whatever it is given."""
    counts = case.facts.labels.counts
    if case.facts.model.library == "sklearn":
        return None
    if case.value is None or len(counts) < 2 or not sum(counts):  # noqa: PLR2004  one class is no choice
        return None
    shares = [count / sum(counts) for count in counts]
    if case.value > max(shares) + NEAR or min(abs(case.value - share) for share in shares) > NEAR:
        return None
    what = f"The model is no better than always answering one class: {case.value:.0%} is about that class's share"
    return Finding("collapsed", what, 0.6, "curves")


def too_small(case: Case) -> Finding | None:
    """Say that even the training data are not learnt, although the training has come to rest."""
    reached = _on_training_data(case)
    if reached is None or reached >= GOOD or len(case.losses) < curves.ENOUGH:
        return None
    if max(curves.late_share(case.losses), curves.late_drop(case.losses)) > FLAT:
        return None
    what = f"The training has come to rest with {reached:.0%} on its own data: the network is too small for them"
    return Finding("too_small", what, 0.5, "curves")


def overfitting(case: Case) -> Finding | None:
    """Say that the model knows its training data far better than held-out data."""
    reached = _on_training_data(case)
    if case.value is None or reached is None or case.data == "train" or case.facts.model.library == "sklearn":
        return None
    if reached < GOOD or reached - case.value < GAP:
        return None
    what = f"It overfits: {reached:.0%} on the training data, {case.value:.0%} on data that were held out"
    return Finding("overfitting", what, 0.7, "curves")


def _on_training_data(case: Case) -> float | None:
    if case.facts.train_accuracy is not None:
        return case.facts.train_accuracy
    return case.value if case.data == "train" else None


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"

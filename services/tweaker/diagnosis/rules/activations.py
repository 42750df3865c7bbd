"""What the units of a network answer: always the same, nothing at all, or what lies in the flat part."""

from __future__ import annotations

from services.tweaker.diagnosis.finding import Case, Finding
from services.tweaker.diagnosis.rules.kinds import BENDS, body, fits_its_data, hidden, is_network

NEAR = 0.03
ALWAYS = 0.98
"""The share of rows with the same answer from which on it is always the same."""
MOST_DEAD, MANY_DEAD = 0.9, 0.5
FLAT = 0.5
DEEP = 2
FLAT_ENDS = frozenset({"sigmoid", "tanh", "hard_sigmoid", "softmax", "softsign"})
"""Activations that are flat at both ends; softmax as such is none for a hidden layer at all."""
WEAK = frozenset({"sigmoid", "hard_sigmoid", "softmax"})
"""Those whose slope is so small that hardly anything is learnt through several of them."""
EQUAL_STARTS = frozenset({"zeros", "zero", "ones", "one", "constant"})
RECURRENT = frozenset({"LSTM", "GRU", "SimpleRNN"})


def collapsed(case: Case) -> Finding | None:
    """Say that a network is no better than one that answers the same class whatever it is given."""
    counts, predicted = case.facts.labels.counts, case.facts.training.predicted
    if not is_network(case) or len(counts) < 2 or not sum(counts):  # noqa: PLR2004  one class is no choice
        return None
    shares = [share / sum(counts) for share in counts]
    if sum(predicted) and max(shares) < ALWAYS - NEAR:
        same = max(predicted) / sum(predicted)
        what = f"The model answers the same class for {same:.0%} of its own training rows"
        return Finding("collapsed", what, 0.8, "curves") if same >= ALWAYS else None
    if case.value is None or case.value > max(shares) + NEAR or _far_from(case.value, shares):
        return None
    what = f"The model is no better than always answering one class: {case.value:.0%} is about that class's share"
    return Finding("collapsed", what, 0.6, "curves")


def dead_units(case: Case) -> Finding | None:
    """Say that a layer's units are 0 whatever they are given."""
    dead = [layer.dead for layer in hidden(case.facts) if layer.dead is not None]
    worst = max(dead, default=0.0)
    if worst < MANY_DEAD or fits_its_data(case):
        return None
    what = f"{worst:.0%} of a hidden layer's units are dead: they answer 0 to every row"
    return Finding("dead_units", what, 0.8 if worst >= MOST_DEAD else 0.6, "curves")


def saturated(case: Case) -> Finding | None:
    """Say that hidden layers have activations through which hardly anything is learnt."""
    flat = [layer for layer in hidden(case.facts) if layer.activation in FLAT_ENDS and layer.kind not in RECURRENT]
    if not flat or fits_its_data(case):
        return None
    worst = max((layer.saturated for layer in flat if layer.saturated is not None), default=0.0)
    names = " and ".join(sorted({layer.activation or "" for layer in flat}))
    weak = [layer for layer in flat if layer.activation in WEAK]
    if len(weak) >= DEEP:
        what = f"{len(weak)} hidden layers have {names}, through which less is learnt from layer to layer"
        return Finding("saturated", what, 0.75, "structure")
    if worst >= FLAT:
        what = f"{worst:.0%} of a hidden layer's answers lie in the flat part of its {names}"
        return Finding("saturated", what, 0.75, "curves")
    return Finding("saturated", f"The hidden layer's {names} learns slowly", 0.45, "structure") if weak else None


def equal_start(case: Case) -> Finding | None:
    """Say that all weights start from the same value, so that all units of a layer learn the same."""
    start = str(case.settings.get("initializer"))
    if not EQUAL_STARTS & set(start.lower().split(",")) or not is_network(case):
        return None
    what = f"All weights of a layer start from {start}, so that its units can hardly come to differ"
    return Finding("equal_start", what, 0.95, "structure")


def no_activation(case: Case) -> Finding | None:
    """Say that hidden layers without activation are together no more than one layer."""
    layers = body(case.facts)
    plain = [layer for layer in hidden(case.facts) if layer.activation == "linear" and layer.kind not in RECURRENT]
    if not plain or len(plain) < len(hidden(case.facts)) or any(layer.kind in BENDS for layer in layers):
        return None
    what = f"{len(plain)} hidden layers have no activation, so that all of them together draw straight lines only"
    if len(plain) == 1:
        what = "The hidden layer has no activation, so that the network draws straight lines only"
    return Finding("no_activation", what, 0.55 if fits_its_data(case) else 0.8, "structure")


def _far_from(value: float, shares: list[float]) -> bool:
    return min(abs(value - share) for share in shares) > NEAR

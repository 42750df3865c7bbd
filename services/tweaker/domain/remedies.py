"""What helps against what: for each finding the edits to try, the likeliest first, with values for this case."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from services.tweaker.codemods.space import Space
from services.tweaker.domain.diagnosis.inputs import is_picture
from services.tweaker.domain.diagnosis.training import rate_is_high
from services.tweaker.domain.finding import Case
from trainyard.messages import Setting

USUAL_RATE = 0.001
FEW_EPOCHS = 5
MOST_EPOCHS = 2000
WIDTHS = (16, 32, 64, 128, 256)


@dataclass(frozen=True)
class Remedy:
    """One edit with its value.

    Attributes:
        edit: Its name.
        setting: What the edit is told.
        deed: What it does, as the end of a sentence about the finding.
        space: Where later values may be looked for; nowhere when absent.
    """

    edit: str
    setting: Setting
    deed: str
    space: Space | None = None


Remedies = Iterator[Remedy]


def remedies(finding: str, case: Case) -> tuple[Remedy, ...]:
    """Return what may help against the finding of that name."""
    return tuple(TABLE[finding](case))


def _scale(case: Case) -> Remedies:
    overall = case.facts.inputs.overall
    if overall is not None and is_picture(case.facts) and case.facts.model.library != "sklearn":
        yield Remedy("scale_inputs", overall.max, f"they are divided by {overall.max:g} inside the model")
    else:
        where = "in a pipeline" if case.facts.model.library == "sklearn" else "inside the model"
        yield Remedy("scale_inputs", None, f"they are brought to mean 0 and spread 1 {where}")


def _widen(case: Case) -> Remedies:
    """Double the widest hidden layer's units, rounded up to a usual width, and bring the others to that."""
    units = case.settings.get("units")
    if isinstance(units, tuple):
        for width in [width for width in WIDTHS if width >= 2 * max(units)][:2] or [2 * max(units)]:
            yield Remedy("units", width, f"the hidden layers get at least {width} units")


def _open(case: Case) -> Remedies:
    """Bring narrow layers to a usual width."""
    units = case.settings.get("units")
    if isinstance(units, tuple):
        least = max(WIDTHS[0], 2 * case.facts.labels.classes)
        yield Remedy("units", min(least, WIDTHS[2]), f"the hidden layers get at least {min(least, WIDTHS[2])} units")
    yield from _widen(case)


def _longer(case: Case) -> Remedies:
    epochs = case.settings.get("epochs")
    if isinstance(epochs, int):
        factor = 5 if epochs <= FEW_EPOCHS else 3
        for more in (epochs * factor, epochs * factor * 3):
            if more <= MOST_EPOCHS:
                yield Remedy("epochs", more, f"it trains for {more} epochs instead of {epochs}")


def _rate(case: Case, *factors: float) -> Remedies:
    rate = case.settings.get("learning_rate")
    if isinstance(rate, float):
        for factor in factors:
            new = float(f"{rate * factor:.2g}")
            yield Remedy("learning_rate", new, f"the learning rate becomes {new:g}")


def _slower(case: Case) -> Remedies:
    yield from _rate(case, 0.1)
    yield from _adam(case)
    yield from _rate(case, 0.03, 0.01)


def _faster(case: Case) -> Remedies:
    yield from _rate(case, 10)
    yield from _adam(case)
    yield from _longer(case)
    yield from _rate(case, 30)


def _adam(case: Case) -> Remedies:
    if case.settings.get("optimizer") not in {"adam", None}:
        yield Remedy("optimizer", "adam", f"Adam, at its usual {USUAL_RATE:g}, takes the optimizer's place")


def _deeper(case: Case) -> Remedies:
    if "dense_layer" in case.settings:
        yield Remedy("dense_layer", WIDTHS[2], "a hidden layer is added before the output")


def _forget(case: Case) -> Remedies:
    rate = case.settings.get("dropout")
    if isinstance(rate, int | float):
        for more in (0.2, 0.4, 0.5):
            if more > rate:
                yield Remedy(
                    "dropout", more, f"{more:.0%} of the activations before the output are dropped in training"
                )


def _more_neighbours(case: Case) -> Remedies:
    yield from _neighbours(case, 5, 9, 15)
    yield from _weights(case)


def _fewer_neighbours(case: Case) -> Remedies:
    usual = max(3, round(math.sqrt(case.facts.inputs.rows or 25) / 2) // 2 * 2 + 1)
    yield from _neighbours(case, min(usual, 9), 5, 3)
    yield from _weights(case)


def _neighbours(case: Case, *counts: int) -> Remedies:
    current = case.settings.get("neighbours")
    if isinstance(current, int):
        for count in counts:
            if count != current:
                yield Remedy("neighbours", count, f"{count} neighbours are asked instead of {current}")


def _weights(case: Case) -> Remedies:
    if case.settings.get("weights") == "uniform":
        yield Remedy("weights", "distance", "near neighbours count more than far ones")


def _collapsed(case: Case) -> Remedies:
    """A high rate kills units; where it is not high, another optimizer or more units get away from the flat place."""
    first, then = (_slower, _open) if rate_is_high(case) else (_adam, _open)
    yield from first(case)
    yield from then(case)
    yield from _rate(case, 10, 0.1)


def _too_small(case: Case) -> Remedies:
    yield from _widen(case)
    yield from _deeper(case)
    yield from _longer(case)


def _anything(case: Case) -> Remedies:
    """Go through what is left, the edits that most often help first."""
    for group in (_longer, _adam, _widen, _more_neighbours, _slower, _deeper, _faster, _forget, _fewer_neighbours):
        yield from group(case)


TABLE: Mapping[str, Callable[[Case], Remedies]] = {
    "not_scaled": _scale,
    "bottleneck": _open,
    "collapsed": _collapsed,
    "too_small": _too_small,
    "overfitting": _forget,
    "rate_too_high": _slower,
    "rate_too_low": _faster,
    "still_improving": _longer,
    "few_neighbours": _more_neighbours,
    "many_neighbours": _fewer_neighbours,
    "no_cause": _anything,
}

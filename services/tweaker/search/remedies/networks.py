"""Remedies for networks: how they are built and trained."""

from __future__ import annotations

from services.tweaker.diagnosis.finding import Case
from services.tweaker.diagnosis.rules.inputs import is_picture
from services.tweaker.diagnosis.rules.kinds import NETWORKS, USUAL_BATCH, fits_its_data
from services.tweaker.diagnosis.rules.rates import PLAIN_DESCENT, optimizer, rate_is_high, rate_of, usual_rate
from services.tweaker.edits.space import Real, Space, Whole
from services.tweaker.search.remedies.remedy import Remedies, offer
from services.tweaker.search.remedies.values import descent_rate, longer, usual_batch, usual_width, wider

PAIR = 2
PATIENT = 10
FILTERS = 16
MILD_DROPOUT = 0.5


def scale(case: Case) -> Remedies:
    """Scale: a picture by its brightest point, a table column by column."""
    overall = case.facts.inputs.overall
    points = overall is not None and is_picture(case.facts) and case.facts.model.library in NETWORKS
    yield from offer(case, "scale_inputs", overall.max if points and overall is not None else None)


def train_longer(case: Case) -> Remedies:
    """Train for as many epochs as the curve asks for."""
    epochs = case.settings.get("epochs")
    if isinstance(epochs, int) and epochs > 0:
        yield from offer(case, "epochs", *longer(case, epochs), within=Whole(2 * epochs, 10 * epochs))


def slower(case: Case) -> Remedies:
    """Take smaller steps: those that are usual, or a tenth."""
    rate, usual = rate_of(case), usual_rate(case)
    if rate:
        first = usual if rate > usual else rate / 10
        yield from _rate(case, first, within=Real(min(first, usual) / 10, rate))
        yield from adam(case)
        yield from offer(case, "rate_plateau", 5)
        yield from _rate(case, first / 3, first / 10, within=Real(min(first, usual) / 10, rate))
    else:
        yield from adam(case)


def faster(case: Case) -> Remedies:
    """Take larger steps: those that are usual, or ten times as large."""
    rate, usual = rate_of(case), usual_rate(case)
    usual = descent_rate(case) if optimizer(case).lower() == PLAIN_DESCENT else usual
    first = usual if rate and rate < usual / 1.5 else 10 * (rate or usual)
    within = Real(rate or usual, 10 * max(first, usual))
    yield from _rate(case, first, within=within)
    yield from adam(case)
    yield from train_longer(case)
    yield from _rate(case, 3 * first, within=within)


def adam(case: Case) -> Remedies:
    """Let Adam choose the steps, unit by unit."""
    if optimizer(case).lower() not in {"adam", "adamw", "nadam"}:
        yield from offer(case, "optimizer", "adam")


def widen(case: Case) -> Remedies:
    """Give the hidden layers twice the units, or what is usual for such data."""
    for edit in ("units", "hidden_units"):
        units = _units(case, edit)
        if units:
            yield from offer(case, edit, *wider(case, units), within=_widths(max(units)))


def open_up(case: Case) -> Remedies:
    """Bring narrow layers to a usual width."""
    for edit in ("units", "hidden_units"):
        units = _units(case, edit)
        if units:
            yield from offer(case, edit, usual_width(case), within=_widths(min(units)))
    yield from widen(case)


def deepen(case: Case) -> Remedies:
    """Add a hidden layer."""
    yield from offer(case, "dense_layer", max(64, usual_width(case)))


def see_more(case: Case) -> Remedies:
    """Look for more patterns in pictures."""
    yield from offer(case, "filters", FILTERS, 2 * FILTERS)
    yield from offer(case, "conv_layer", None)


def forget(case: Case) -> Remedies:
    """Keep a network from learning by heart."""
    rate = case.settings.get("dropout")
    now = rate if isinstance(rate, int | float) else 0.0
    pictures = is_picture(case.facts) or len(case.facts.inputs.shape) > PAIR
    if pictures:
        yield from offer(case, "augment", "shift")
    yield from offer(case, "dropout", *[more for more in (0.3, 0.5) if more > now])
    yield from offer(case, "regularizer", 0.001)
    if pictures:
        yield from offer(case, "augment", "shift+rotate")
        yield from offer(case, "conv_layer", None)
    yield from offer(case, "batch_norm", None)
    yield from offer(case, "global_pooling", None)


def more_data(case: Case) -> Remedies:
    """Vary the few data there are, or forget part of them."""
    yield from offer(case, "augment", "shift", "shift+rotate")
    yield from forget(case)


def smaller_batches(case: Case) -> Remedies:
    """Take more steps an epoch."""
    usual = usual_batch(case)
    yield from offer(case, "batch_size", usual, max(8, usual // 2), within=Whole(8, USUAL_BATCH))


def forget_less(case: Case) -> Remedies:
    """Drop no more than is usual: what the milder of the author's own layers drop, where that is within it."""
    rates = [layer.rate or 0.0 for layer in case.facts.model.layers]
    mild = max((rate for rate in rates if rate <= MILD_DROPOUT), default=0.0)
    yield from offer(case, "dropout", mild or 0.2, 0.2, 0.3, within=Real(0.1, 0.5, log=False))


def unshackle(case: Case) -> Remedies:
    """Penalize weights as mildly as is usual."""
    yield from offer(case, "regularizer", 0.0001, 0.001, within=Real(0.00001, 0.01))


def start_apart(case: Case) -> Remedies:
    """Let weights start from random values."""
    yield from offer(case, "initializer", "glorot_uniform", "he_normal")


def be_patient(case: Case) -> Remedies:
    """Let early stopping wait."""
    patience = case.settings.get("patience")
    now = patience if isinstance(patience, int) else 0
    yield from offer(case, "patience", max(PATIENT, 4 * now), within=Whole(now + 1, max(30, 10 * now)))


def bend(case: Case) -> Remedies:
    """Give the hidden layers an activation through which is learnt."""
    yield from offer(case, "activation", "relu", "elu")
    yield from offer(case, "initializer", "he_normal")
    yield from offer(case, "batch_norm", None)


def wake(case: Case) -> Remedies:
    """Get units that answer nothing, or always the same, to work: a high rate kills them, few of them die easily."""
    yield from [*slower(case)][:2] if rate_is_high(case) else [*adam(case)]
    yield from open_up(case)
    yield from offer(case, "initializer", "he_normal")
    yield from offer(case, "batch_norm", None)
    yield from offer(case, "activation", "elu")
    yield from _rate(case, 10 * (rate_of(case) or usual_rate(case)), (rate_of(case) or usual_rate(case)) / 10)


def grow(case: Case) -> Remedies:
    """Make a network larger that cannot learn its own data."""
    yield from widen(case)
    yield from offer(case, "filters", *_more_filters(case))
    yield from deepen(case)
    yield from offer(case, "batch_norm", None)
    yield from offer(case, "conv_layer", None)
    yield from adam(case)
    yield from train_longer(case)


def fit_output(case: Case) -> Remedies:
    """Fit output layer and loss to the labels."""
    labels = case.facts.labels
    units = max(labels.classes, round(labels.highest or 0) + 1)
    if labels.encoding == "one-hot":
        yield from offer(case, "output", f"softmax:{labels.classes}:categorical_crossentropy")
    elif units == PAIR and case.facts.model.output.units in (1, None):
        yield from offer(case, "output", "sigmoid:1:binary_crossentropy")
    else:
        yield from offer(case, "output", f"softmax:{units}:sparse_categorical_crossentropy")


def unbend_output(case: Case) -> Remedies:
    """Leave the shares to a loss that makes them itself."""
    yield from offer(case, "output", None)


def clear_gradients(case: Case) -> Remedies:
    """Let each step go by its own batch."""
    yield from offer(case, "zero_grad", None)


def weigh(case: Case) -> Remedies:
    """Let rare classes count more."""
    yield from offer(case, "class_weight", None)


def restructure(case: Case) -> Remedies:
    """Change what the model is, where its settings have not helped."""
    yield from forget(case) if fits_its_data(case) else grow(case)
    yield from deepen(case)
    yield from offer(case, "batch_norm", None)
    yield from see_more(case)


def _rate(case: Case, *rates: float, within: Space | None = None) -> Remedies:
    yield from offer(case, "learning_rate", *[float(f"{rate:.2g}") for rate in rates], within=within)


def _units(case: Case, edit: str) -> tuple[int, ...]:
    units = case.settings.get(edit)
    return units if isinstance(units, tuple) else ()


def _widths(now: int) -> Space:
    return Whole(max(8, now), max(512, 4 * now))


def _more_filters(case: Case) -> tuple[int, ...]:
    filters = case.settings.get("filters")
    now = max(filters) if isinstance(filters, tuple) and filters else FILTERS
    return max(FILTERS, 2 * now), max(FILTERS, 4 * now)

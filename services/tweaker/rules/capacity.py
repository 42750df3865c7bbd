"""What may be wrong with the size of a network, or with how it is regularized."""

from services.tweaker.diagnosis import curves
from services.tweaker.diagnosis.case import Case
from services.tweaker.diagnosis.facts import WITHOUT_WEIGHTS
from services.tweaker.edits.space import Real, Space, Whole
from services.tweaker.rules.rates import use_adam
from services.tweaker.rules.rule import Evidences, Remedies, Rule, in_turn, is_network, offer, offering
from services.tweaker.rules.training import train_longer
from services.tweaker.rules.values import averages_lag, usual_width, wider
from trainyard.words import counted

NARROW = 4
"""A hidden layer of fewer ReLU units dies easily: with two, one seed in a few loses both."""
MANY_CLASSES = 32
FEW_FILTERS, USUAL_FILTERS = 8, 16
GAP, SMALL_GAP = 0.06, 0.02
"""How far apart training and held-out accuracy are in overfitting; the latter where the held-out loss rises."""
RISEN = 0.1
FEW_ROWS = 50
HIGH_DROPOUT, MILD_DROPOUT = 0.6, 0.5
STRONG_PENALTY, STRONG_DECAY = 0.03, 0.2
CONVOLUTIONS = frozenset({"Conv1D", "Conv2D", "Conv3D"})


def bottleneck(case: Case) -> Evidences:
    """Detect a hidden layer with fewer units than there are classes, or than four (0.7 to 0.75, structure)."""
    classes = case.facts.labels.classes
    narrowest = min((min(units) for units in _units(case).values()), default=MANY_CLASSES)
    if narrowest < max(NARROW, min(classes, MANY_CLASSES)):
        what = f"A hidden layer of {counted(narrowest, 'unit')} is a bottleneck"
        confidence = 0.75 if narrowest < NARROW or 2 * narrowest <= classes else 0.7
        yield f"{what} for {classes} classes" if classes else what, confidence, "structure"


def too_few_filters(case: Case) -> Evidences:
    """Detect fewer than 8 filters in every convolution (0.7, structure)."""
    filters = [layer.filters for layer in case.facts.hidden_layers if layer.kind in CONVOLUTIONS]
    if 0 < max(filters, default=0) < FEW_FILTERS:
        yield f"The convolutions have only {counted(max(filters), 'filter')} at most", 0.7, "structure"


def no_hidden_layer(case: Case) -> Evidences:
    """Detect no weights before the output layer (0.7, structure; 0.5 without a value on the training data)."""
    has_weights = any(layer.kind not in WITHOUT_WEIGHTS for layer in case.facts.body)
    if case.facts.model.library == "keras" and "Dense" in case.facts.kinds and not has_weights:
        what = "The network has no hidden layer: it is a linear model"
        yield what, 0.7 if case.training_score is not None else 0.5, "structure"


def network_too_small(case: Case) -> Evidences:
    """Detect a training that converged below the threshold on its own data (0.55, curves)."""
    score = case.training_score
    if score is None or case.facts.nan or averages_lag(case) or not curves.is_at_rest(case.losses):
        return
    if score < case.target - case.error(score, case.facts.inputs.rows):
        what = f"The training converged at {case.scale.named(score)} on its own data: the network is too small"
        yield what, 0.55, "curves"


def too_much_dropout(case: Case) -> Evidences:
    """Detect a dropout of 0.6 or more (0.8, structure)."""
    rate = case.number("dropout") or 0.0
    if rate >= HIGH_DROPOUT:
        yield f"A dropout of {rate:.0%} leaves too little to learn from", 0.8, "structure"


def over_regularized(case: Case) -> Evidences:
    """Detect a weight penalty of 0.03 or more, or an optimizer's weight decay of 0.2 or more (0.8, structure)."""
    penalty, decay = case.number("regularizer") or 0.0, case.facts.model.weight_decay or 0.0
    if penalty >= STRONG_PENALTY:
        yield f"A weight penalty of {penalty:g} keeps all weights near zero", 0.8, "structure"
    if decay >= STRONG_DECAY:
        yield f"A weight decay of {decay:g} keeps all weights near zero", 0.8, "structure"


def overfitting(case: Case) -> Evidences:
    """Detect 6 points less on held-out than on training data (0.7, curves), or 2 where the loss rises there (0.75)."""
    gap, what = case.overfit_gap, f"The network overfits: {case.on_both_data}"
    if curves.rise(case.held_out) > RISEN and gap >= SMALL_GAP:
        part = (case.held_out.index(min(case.held_out)) + 1) / len(case.held_out)
        yield f"{what}, where the loss was lowest after {part:.0%} of the training", 0.75, "curves"
    if gap >= GAP:
        yield what, 0.7, "curves"


def small_dataset(case: Case) -> Evidences:
    """Detect fewer than 50 rows of some class, where the network overfits by 6 points (0.5, structure)."""
    smallest = min(filter(None, case.facts.labels.counts), default=FEW_ROWS)
    if smallest < FEW_ROWS and case.overfit_gap >= GAP:
        rows = f"{counted(smallest, 'row')} of the rarest class"
        yield f"There is little training data: {rows}, which the network has memorized", 0.5, "structure"


def widen(case: Case) -> Remedies:
    """Give the hidden layers twice the units, or what is usual for such data."""
    for edit, units in _units(case).items():
        yield from offer(case, edit, *wider(case, units), within=_widths(max(units)))


def widen_bottleneck(case: Case) -> Remedies:
    """Bring narrow layers to a usual width, or widen all."""
    for edit, units in _units(case).items():
        yield from offer(case, edit, usual_width(case), within=_widths(min(units)))
    yield from widen(case)


def add_hidden_layer(case: Case) -> Remedies:
    """Add a hidden layer."""
    yield from offer(case, "dense_layer", max(64, usual_width(case)))


more_filters = in_turn(offering("filters", USUAL_FILTERS, 2 * USUAL_FILTERS), offering("conv_layer", None))


def enlarge(case: Case) -> Remedies:
    """Enlarge a network that cannot fit its training data."""
    most = max(case.widths("filters"), default=USUAL_FILTERS)
    yield from widen(case)
    yield from offer(case, "filters", *[max(USUAL_FILTERS, times * most) for times in (2, 4)])
    yield from add_hidden_layer(case)
    yield from offer(case, "batch_norm", None)
    yield from offer(case, "conv_layer", None)
    yield from use_adam(case)
    yield from train_longer(case)


def regularize(case: Case) -> Remedies:
    """Keep a network from memorizing its training data."""
    now = case.number("dropout") or 0.0
    images = case.facts.is_image or len(case.facts.inputs.shape) > len(("height", "width"))
    yield from offer(case, "augment", "shift") if images else ()
    yield from offer(case, "dropout", *[more for more in (0.3, 0.5) if more > now])
    yield from offer(case, "regularizer", 0.001)
    if images:
        yield from offer(case, "augment", "shift+rotate")
        yield from offer(case, "conv_layer", None)
    yield from offer(case, "batch_norm", None)
    yield from offer(case, "global_pooling", None)


def reduce_dropout(case: Case) -> Remedies:
    """Drop no more than is usual: as much as the milder of the author's own layers, where that is within it."""
    rates = [layer.rate for layer in case.facts.model.layers]
    mild = max((rate for rate in rates if rate <= MILD_DROPOUT), default=0.0)
    yield from offer(case, "dropout", mild or 0.2, 0.2, 0.3, within=Real(0.1, 0.5, log=False))


RULES = (
    Rule(bottleneck, widen_bottleneck, stays=True),
    Rule(too_few_filters, more_filters, fits=False),
    Rule(no_hidden_layer, add_hidden_layer, fits=False),
    Rule(network_too_small, enlarge, of=is_network),
    Rule(too_much_dropout, reduce_dropout, of=is_network, fits=False),
    Rule(over_regularized, offering("regularizer", 0.0001, 0.001, within=Real(0.00001, 0.01)), fits=False),
    Rule(overfitting, regularize, of=is_network, fits=True),
    Rule(small_dataset, in_turn(offering("augment", "shift", "shift+rotate"), regularize), of=is_network, fits=True),
)


def _units(case: Case) -> dict[str, tuple[int, ...]]:
    """Return the units of the hidden layers by the edit that changes them: a network's, or an estimator's."""
    return {edit: units for edit in ("units", "hidden_units") if (units := case.widths(edit))}


def _widths(now: int) -> Space:
    return Whole(max(8, now), max(512, 4 * now))

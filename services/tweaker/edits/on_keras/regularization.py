"""Change the dropout and the penalty on large weights: more against overfitting, less where nothing is learned."""

from collections.abc import Iterator

import libcst as cst

from services.tweaker.edits.edit import as_float, site_edit, to_change
from services.tweaker.edits.knobs import DROPOUT, REGULARIZER
from services.tweaker.edits.on_keras.insertion import layer_class, put_before
from services.tweaker.edits.on_keras.named import name_of
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument, read, write
from services.tweaker.source.arguments import without
from trainyard.trial import Setting

NONE = 0.0
DROPOUTS = frozenset({"Dropout", "SpatialDropout1D", "SpatialDropout2D", "AlphaDropout"})

KEYWORDS = ("kernel_regularizer", "bias_regularizer", "activity_regularizer", "W_regularizer")
PENALTIES = frozenset({"l1", "l2", "l1_l2", "l1l2"})
DEFAULT = 0.01

Rates = dict[cst.BaseExpression, float]
"""The dropout rates by the expressions that give them."""
Strengths = dict[cst.BaseExpression, float]
"""The strengths by the expressions that give them: numbers, or a regularizer with its default strength."""


def _rates(script: Script) -> Rates:
    network = find_network(script)
    given = [argument(layer.call, "rate", "p", position=0) for layer in network.of_kind(DROPOUTS)]
    rates = {rate: as_float(read(script, rate)) for rate in given if rate is not None}
    if not rates and network.output.place is None:
        raise NotUnderstoodError("no layer can be put before the output layer")
    return rates


def _drop(script: Script, changes: Changes, rates: Rates, setting: Setting) -> None:
    rate = as_float(setting)
    for place in to_change(rates, rate):
        write(script, changes, place, rate)
    if not rates and rate > NONE:
        output = find_network(script).output
        put_before(script, changes, output, f"{layer_class(script, changes, 'Dropout', output)}({rate:g})")


def _strengths(script: Script) -> Strengths:
    found: Strengths = {}
    for layer in find_network(script).layers:
        for node in _penalties(script, layer.call):
            given = [arg.value for arg in node.args] if isinstance(node, cst.Call) else []
            found |= {value: as_float(read(script, value)) for value in given} or {node: DEFAULT}
    if not found:
        raise NotUnderstoodError("the network has no penalty on its weights")
    return found


def _penalties(script: Script, call: cst.Call) -> Iterator[cst.BaseExpression]:
    for keyword in KEYWORDS:
        node = argument(call, keyword)
        if node is not None and name_of(script, node) in PENALTIES:
            yield node


def _penalize(script: Script, changes: Changes, strengths: Strengths, setting: Setting) -> None:
    """Make the setting the largest strength; 0 takes the penalties away."""
    strength = as_float(setting)
    if strength <= 0:
        _take_away(script, changes)
        return
    for node in to_change({node: now for node, now in strengths.items() if now > 0}, strength):
        if name_of(script, node) not in PENALTIES:
            write(script, changes, node, strength)
        elif isinstance(node, cst.Call):
            changes.replaced[node] = cst.parse_expression(f"{script.code(node.func)}({strength:g})")
        else:
            raise NotUnderstoodError(f"the strength of {script.code(node)} is not written in the script")


def _take_away(script: Script, changes: Changes) -> None:
    for layer in find_network(script).layers:
        if any(_penalties(script, layer.call)):
            changes.replaced[layer.call], _ = without(layer.call, frozenset(KEYWORDS))


DROPOUT_EDIT = site_edit(DROPOUT, _rates, _drop, lambda _, rates: max(rates.values(), default=NONE))
REGULARIZER_EDIT = site_edit(REGULARIZER, _strengths, _penalize, lambda _, strengths: max(strengths.values()))

"""Change the penalty on large weights, or take it away where it keeps the network from learning."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from services.tweaker.edits.edit import as_float, site_edit, to_change
from services.tweaker.edits.knobs import REGULARIZER
from services.tweaker.edits.on_keras.named import name_of
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument, read, write
from services.tweaker.source.arguments import without
from trainyard.trial import Setting

KEYWORDS = ("kernel_regularizer", "bias_regularizer", "activity_regularizer", "W_regularizer")
PENALTIES = frozenset({"l1", "l2", "l1_l2", "l1l2"})
DEFAULT = 0.01

Strengths = dict[cst.BaseExpression, float]
"""The strengths by the expressions that give them: numbers, or a regularizer with its default strength."""


def _strengths(script: Script) -> Strengths:
    regularizers = [node for layer in find_network(script).layers for node in _penalties(script, layer.call)]
    if not regularizers:
        raise NotUnderstoodError("the network has no penalty on its weights")
    found: Strengths = {}
    for node in regularizers:
        given = [arg.value for arg in node.args] if isinstance(node, cst.Call) else []
        found |= {value: as_float(read(script, value)) for value in given} or {node: DEFAULT}
    return found


def _penalties(script: Script, call: cst.Call) -> Iterator[cst.BaseExpression]:
    """Yield the regularizers of a layer."""
    for keyword in KEYWORDS:
        node = argument(call, keyword)
        if node is not None and name_of(script, node) in PENALTIES:
            yield node


def _change(script: Script, changes: Changes, strengths: Strengths, setting: Setting) -> None:
    """Make the setting the largest strength; 0 takes the penalties away."""
    strength = as_float(setting)
    if strength <= 0:
        for call in [layer.call for layer in find_network(script).layers]:
            if any(_penalties(script, call)):
                changes.replaced[call], _ = without(call, frozenset(KEYWORDS))
        return
    for node in to_change({node: now for node, now in strengths.items() if now > 0}, strength):
        if name_of(script, node) not in PENALTIES:
            write(script, changes, node, strength)
        elif isinstance(node, cst.Call):
            changes.replaced[node] = cst.parse_expression(f"{script.code(node.func)}({strength:g})")
        else:
            raise NotUnderstoodError(f"the strength of {script.code(node)} is not written in the script")


EDIT = site_edit(REGULARIZER, _strengths, _change, lambda _, strengths: max(strengths.values()))

"""Change the penalty on large weights, or take it away where it keeps the network from learning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from services.tweaker.edits.edit import Edit, number
from services.tweaker.edits.knobs import REGULARIZER
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.spelling import name_of
from services.tweaker.source.arguments import without
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import read, write
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script, argument
from trainyard.trial import Setting

NAMES = ("kernel_regularizer", "bias_regularizer", "activity_regularizer", "W_regularizer")
PENALTIES = frozenset({"l1", "l2", "l1_l2", "l1l2"})
DEFAULT = 0.01


@dataclass(frozen=True)
class _Penalty:
    """One penalty of a layer: the layer's call, the regularizer it is given, and where strengths are written."""

    layer: cst.Call
    given: cst.BaseExpression
    strengths: tuple[cst.BaseExpression, ...]


def _penalties(script: Script) -> list[_Penalty]:
    found = {id(each.given): each for layer in find_network(script).layers for each in _of(script, layer.call)}
    if not found:
        raise NotUnderstoodError("the network has no penalty on its weights")
    return list(found.values())


def _of(script: Script, call: cst.Call) -> Iterator[_Penalty]:
    """Yield the penalties of a layer."""
    for name in NAMES:
        arg = argument(call, name)
        if arg is not None and name_of(script, arg.value) in PENALTIES:
            parts = arg.value.args if isinstance(arg.value, cst.Call) else ()
            yield _Penalty(call, arg.value, tuple(part.value for part in parts))


def _read(script: Script) -> Setting:
    """Return the largest strength."""
    strengths = [_strengths(script, each) for each in _penalties(script)]
    return max(max(found, default=DEFAULT) for found in strengths)


def _strengths(script: Script, penalty: _Penalty) -> list[float]:
    return [number(read(script, node)) for node in penalty.strengths]


def _apply(script: Script, setting: Setting) -> Edited:
    """Make the setting the largest strength, a larger one than there is every layer's; 0 takes the penalties away."""
    changes, strength, largest = Changes(), number(setting), number(_read(script))
    penalties = _penalties(script)
    if strength <= 0:
        for call in {id(each.layer): each.layer for each in penalties}.values():
            changes.replaced[call], _ = without(call, frozenset(NAMES))
        return changes.applied_to(script)
    for each in penalties:
        _write(script, changes, each, strength, largest)
    return changes.applied_to(script)


def _write(script: Script, changes: Changes, penalty: _Penalty, strength: float, largest: float) -> None:
    """Write the new strength of one penalty where it is below or above it, as the largest has to move."""
    if not penalty.strengths:
        if not isinstance(penalty.given, cst.Call):
            raise NotUnderstoodError(f"the strength of {script.code(penalty.given)} is not written down")
        changes.replaced[penalty.given] = cst.parse_expression(f"{script.code(penalty.given.func)}({strength:g})")
    for node, current in zip(penalty.strengths, _strengths(script, penalty), strict=True):
        if (strength > largest and 0 < current < strength) or (strength < largest and current > strength):
            write(script, changes, node, strength)


EDIT = Edit(REGULARIZER, _apply, _read)

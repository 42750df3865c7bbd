"""Forget a part of the activations of a network of PyTorch while training."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import Edit, number
from services.tweaker.edits.knobs import DROPOUT
from services.tweaker.edits.on_torch.networks import Step, find_network, linears
from services.tweaker.edits.on_torch.placing import put_before
from services.tweaker.source.arguments import with_keyword
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import read, write
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script, argument
from trainyard.trial import Setting

NONE, USUAL = 0.0, 0.5
LAYERS = frozenset({"Dropout", "Dropout1d", "Dropout2d", "AlphaDropout"})


def _rates(script: Script, steps: tuple[Step, ...]) -> list[tuple[cst.Call, cst.BaseExpression | None, float]]:
    """Return the calls that make or apply dropout, with what says the rate and its value."""
    found = []
    for step in steps:
        if step.name not in LAYERS | {"dropout"}:
            continue
        call = step.made or step.applied
        position = 0 if step.made is not None else 1
        given = argument(call, "p", position=position) if call is not None else None
        if call is not None:
            found.append((call, given.value if given else None, number(read(script, given.value)) if given else USUAL))
    return found


def _read(script: Script) -> Setting:
    """Return the largest rate; 0 where nothing is dropped."""
    steps = find_network(script)
    return max((rate for _, _, rate in _rates(script, steps)), default=NONE)


def _apply(script: Script, setting: Setting) -> Edited:
    """Make *setting* the largest rate; a larger one than there is becomes every layer's."""
    changes, steps, rate = Changes(), find_network(script), number(setting)
    rates = _rates(script, steps)
    largest = max((current for _, _, current in rates), default=NONE)
    for call, given, current in rates:
        if current < rate or (rate < largest and current > rate):
            if given is None:
                changes.replaced[call] = with_keyword(script, call, "p", rate)
            else:
                write(script, changes, given, rate)
    if not rates and rate > NONE:
        _add(script, changes, steps, rate)
    return changes.applied_to(script)


def _add(script: Script, changes: Changes, steps: tuple[Step, ...], rate: float) -> None:
    at = linears(steps)
    if len(at) == 1:
        raise NotUnderstoodError("the network has no hidden layer of which a part could be forgotten")
    put_before(script, changes, steps[at[-1]], [("dropout", f"Dropout({rate:g})")])


EDIT = Edit(DROPOUT, _apply, _read)

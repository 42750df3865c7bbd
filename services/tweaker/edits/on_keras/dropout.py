"""Forget a part of the activations while training: more of it against overfitting, less where nothing is learnt."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import Edit, number
from services.tweaker.edits.knobs import DROPOUT
from services.tweaker.edits.on_keras.layers import Network
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.placing import class_beside, put_before
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import read, write
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script, argument
from trainyard.trial import Setting

NONE = 0.0
DROPOUTS = frozenset({"Dropout", "SpatialDropout1D", "SpatialDropout2D", "AlphaDropout"})


def _rates(script: Script, network: Network) -> dict[cst.BaseExpression, float]:
    """Return the rates as they are written, each place once."""
    dropouts = [layer for layer in network.layers if layer.kind in DROPOUTS]
    given = [argument(layer.call, "rate", "p", position=0) for layer in dropouts]
    return {arg.value: number(read(script, arg.value)) for arg in given if arg is not None}


def _read(script: Script) -> Setting:
    """Return the largest rate; 0 where there is no Dropout."""
    network = find_network(script)
    rates = _rates(script, network)
    if not rates and network.output.place is None:
        raise NotUnderstoodError("nothing can be put before the output layer")
    return max(rates.values(), default=NONE)


def _apply(script: Script, setting: Setting) -> Edited:
    """Make *setting* the largest rate; a larger one than there is becomes every layer's."""
    changes, network, rate = Changes(), find_network(script), number(setting)
    rates = _rates(script, network)
    largest = max(rates.values(), default=NONE)
    for place, current in rates.items():
        if current > rate or current <= largest < rate:
            write(script, changes, place, rate)
    if not rates and rate > NONE:
        name = class_beside(script, changes, network, "Dropout", network.output)
        put_before(script, changes, network.output, f"{name}({rate:g})")
    return changes.applied_to(script)


EDIT = Edit(DROPOUT, _apply, _read)

"""Drop a part of the activations while training: more of it against overfitting, less where nothing is learnt."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import as_float, site_edit, to_change
from services.tweaker.edits.knobs import DROPOUT
from services.tweaker.edits.on_keras.insertion import layer_class, put_before
from services.tweaker.edits.on_keras.layers import Network
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument, read, write
from trainyard.trial import Setting

NONE = 0.0
DROPOUTS = frozenset({"Dropout", "SpatialDropout1D", "SpatialDropout2D", "AlphaDropout"})

Rates = dict[cst.BaseExpression, float]


def _rates(script: Script) -> tuple[Network, Rates]:
    """Return the network, and its dropout rates by the expressions that give them."""
    network = find_network(script)
    dropouts = [layer for layer in network.layers if layer.kind in DROPOUTS]
    given = [argument(layer.call, "rate", "p", position=0) for layer in dropouts]
    rates = {rate: as_float(read(script, rate)) for rate in given if rate is not None}
    if not rates and network.output.place is None:
        raise NotUnderstoodError("no layer can be put before the output layer")
    return network, rates


def _change(script: Script, changes: Changes, site: tuple[Network, Rates], setting: Setting) -> None:
    (network, rates), rate = site, as_float(setting)
    for place in to_change(rates, rate):
        write(script, changes, place, rate)
    if not rates and rate > NONE:
        name = layer_class(script, changes, network, "Dropout", network.output)
        put_before(script, changes, network.output, f"{name}({rate:g})")


EDIT = site_edit(DROPOUT, _rates, _change, lambda _, site: max(site[1].values(), default=NONE))

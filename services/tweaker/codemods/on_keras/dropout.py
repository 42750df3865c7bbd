"""Forget a part of the activations while training, against overfitting."""

from __future__ import annotations

from services.tweaker.codemods import imports
from services.tweaker.codemods.edit import Edit, number
from services.tweaker.codemods.knobs import DROPOUT
from services.tweaker.codemods.literals import literal_of, value_of, write
from services.tweaker.codemods.on_keras.networks import Layer, find_network
from services.tweaker.codemods.on_keras.placing import put_before
from services.tweaker.codemods.rewrite import Changes, Edited
from services.tweaker.codemods.script import Script, argument
from trainyard.messages import Setting

NONE = 0.0


def _dropouts(script: Script) -> list[Layer]:
    return [layer for layer in find_network(script).layers if layer.kind == "Dropout"]


def _read(script: Script) -> Setting:
    """Return the largest rate; 0 where there is no Dropout."""
    given = [argument(layer.call, "rate", position=0) for layer in _dropouts(script)]
    rates = [number(value_of(literal_of(script, arg.value))) for arg in given if arg is not None]
    return max(rates, default=NONE)


def _apply(script: Script, rate: Setting) -> Edited:
    changes, dropouts = Changes(), _dropouts(script)
    for layer in dropouts:
        given = argument(layer.call, "rate", position=0)
        if given is not None and number(value_of(literal_of(script, given.value))) < number(rate):
            write(script, changes, given.value, number(rate))
    if not dropouts:
        output = find_network(script).output
        name = imports.sibling(script, changes, output.call.func, "Dropout", output.place)
        put_before(script, changes, output, f"{name}({number(rate):g})")
    return changes.applied_to(script)


EDIT = Edit(DROPOUT, _apply, _read)

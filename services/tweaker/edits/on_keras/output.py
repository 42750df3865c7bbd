"""Bring the output layer and the loss into line with the labels, and with each other; what is measured stays."""

from __future__ import annotations

import re
from dataclasses import dataclass

import libcst as cst

from services.tweaker.edits.edit import Edit, whole
from services.tweaker.edits.knobs import OUTPUT
from services.tweaker.edits.on_keras.activation import given_to
from services.tweaker.edits.on_keras.compiling import loss_of, write_loss
from services.tweaker.edits.on_keras.layers import Network
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.spelling import write_name
from services.tweaker.edits.on_keras.widths import NAMES, widths
from services.tweaker.source.arguments import with_keyword
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import place_of, read, write
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script, argument
from trainyard.trial import Setting

BINARY, ONE_HOT, BY_NUMBER = "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"
LOGITS = "from_logits"
_ONE_HOT = re.compile(r"\b(to_categorical|LabelBinarizer|one_hot)\b")
REGRESSION = frozenset({"mean_squared_error", "mean_absolute_error", "huber", "log_cosh"})


@dataclass(frozen=True)
class Answer:
    """What a network answers with: an activation, so many units, judged by a loss."""

    activation: str
    units: int
    loss: str
    logits: bool = False

    def __str__(self) -> str:
        parts = (self.activation, str(self.units), self.loss, *([LOGITS] if self.logits else []))
        return ":".join(parts)


def parsed(setting: str) -> Answer:
    """Return what a setting such as "softmax:3:sparse_categorical_crossentropy" says.

    Raises:
        NotUnderstoodError: It says something else.
    """
    parts = setting.split(":")
    if len(parts) != len(("activation", "units", "loss")) or not parts[1].isdigit():
        raise NotUnderstoodError(f"{setting!r} does not say activation, units and loss")
    return Answer(parts[0], int(parts[1]), parts[2])


def _now(script: Script, network: Network) -> Answer:
    """Return what the network answers with as it is written."""
    output = network.output
    given, units = given_to(script, network, output), argument(output.call, *NAMES, position=0)
    if given is None or not given[0] or units is None:
        raise NotUnderstoodError(f"activation or units of the output in line {script.line(output.call)} are not seen")
    loss, logits = loss_of(script, network)
    return Answer(given[0], whole(read(script, units.value)), loss, logits)


def mended(now: Answer, *, one_hot: bool) -> Answer:
    """Return the answer that the author must have meant, where two parts of it do not go together.

    Args:
        now: What the code says.
        one_hot: The code makes one column a class out of the labels.

    Raises:
        NotUnderstoodError: They do, as far as the code shows.
    """
    if now.logits and now.activation in {"softmax", "sigmoid"}:
        return Answer(now.activation, now.units, now.loss)
    if now.units == 1 and now.activation == "softmax":
        return Answer("sigmoid", 1, BINARY)
    judged = now.activation == "softmax" or one_hot
    if now.units > 1 and judged and now.loss in {BINARY, *REGRESSION} and not now.logits:
        return Answer("softmax", now.units, ONE_HOT)
    if now.units > 1 and now.loss in {ONE_HOT, BY_NUMBER} and now.activation != "softmax" and not now.logits:
        return Answer("softmax", now.units, now.loss)
    if now.units == 1 and now.loss == BINARY and now.activation != "sigmoid" and not now.logits:
        return Answer("sigmoid", 1, BINARY)
    raise NotUnderstoodError("output layer and loss go together, as far as the code shows")


def _read(script: Script) -> Setting:
    return str(_now(script, find_network(script)))


def _apply(script: Script, setting: Setting) -> Edited:
    changes, network = Changes(), find_network(script)
    now = _now(script, network)
    wanted = mended(now, one_hot=bool(_ONE_HOT.search(script.module.code))) if setting is None else parsed(str(setting))
    if wanted.units != now.units:
        _write_units(script, changes, network, wanted.units)
    if (wanted.loss, wanted.logits) != (now.loss, now.logits):
        write_loss(script, changes, network, wanted.loss)
    if wanted.activation != now.activation:
        _write_activation(script, changes, network, wanted.activation)
    return changes.applied_to(script)


def _write_units(script: Script, changes: Changes, network: Network, units: int) -> None:
    """Write the number of units; a constant that hidden layers share keeps its value."""
    given = argument(network.output.call, *NAMES, position=0)
    if given is None:
        return
    if place_of(script, given.value) in widths(script, network.hidden):
        changes.replaced[given.value] = cst.Integer(str(units))
    else:
        write(script, changes, given.value, units)


def _write_activation(script: Script, changes: Changes, network: Network, activation: str) -> None:
    """Write the activation; a constant that hidden layers share keeps its value."""
    given = given_to(script, network, network.output)
    if given is None:
        return
    _, place = given
    if isinstance(place, cst.Call) and place is network.output.call:
        call = changes.replaced.get(place, place)
        changes.replaced[place] = with_keyword(script, cst.ensure_type(call, cst.Call), "activation", activation)
    else:
        hidden = [found[1] for layer in network.hidden if (found := given_to(script, network, layer)) is not None]
        write_name(script, changes, place, activation, kept=hidden[0] if hidden else None)


EDIT = Edit(OUTPUT, _apply, _read)

"""Make the output layer and the loss fit the labels and each other; what is measured stays."""

import re
from dataclasses import dataclass, replace

import libcst as cst

from services.tweaker.edits.assignments import only_value
from services.tweaker.edits.edit import as_int, site_edit
from services.tweaker.edits.knobs import OUTPUT
from services.tweaker.edits.on_keras.activation import activation_of, write_activation
from services.tweaker.edits.on_keras.layers import Network
from services.tweaker.edits.on_keras.named import name_of, write_name
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.units import width_argument, widths
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument, imports, place_of, read, write
from services.tweaker.source.arguments import without
from trainyard.trial import Setting

BINARY, ONE_HOT, SPARSE = "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"
SHORT = {"mse": "mean_squared_error", "mae": "mean_absolute_error", "bce": "binary_crossentropy"}
LOGITS = "from_logits"
_ONE_HOT = re.compile(r"\b(to_categorical|LabelBinarizer|one_hot)\b")
REGRESSION = frozenset({"mean_squared_error", "mean_absolute_error", "huber", "log_cosh"})


def loss_of(script: Script) -> tuple[str, bool]:
    """Return the name of the network's loss, and whether it takes logits."""
    node = _loss(script)
    name = name_of(script, node)
    if not name or isinstance(node, cst.List | cst.Dict | cst.Lambda):
        raise NotUnderstoodError(f"the loss {script.code(node)} is not known")
    flag = argument(node, LOGITS, position=0) if isinstance(node, cst.Call) else None
    return SHORT.get(name, name), flag is not None and script.code(flag) == "True"


def _write_loss(script: Script, changes: Changes, name: str) -> None:
    """Make the loss the one of that name, which takes probabilities, in the form in which the author gives it."""
    node = _loss(script)
    if isinstance(node, cst.Call):
        by_keyword = node.args and node.args[0].keyword is not None
        plain = without(node, frozenset({LOGITS}))[0] if by_keyword else node.with_changes(args=[])
        words = "".join(word.capitalize() for word in name.split("_"))
        func = cst.parse_expression(imports.sibling(script, changes, node.func, words, node.func))
        changes.replaced[node] = plain.with_changes(func=func)
    elif not isinstance(node, cst.Attribute):
        write_name(script, changes, node, name)
    elif node.attr.value[:1].isupper():
        raise NotUnderstoodError(f"the loss {script.code(node)} is a class that is not called")
    else:
        changes.replaced[node] = node.with_changes(attr=cst.Name(name))


def _loss(script: Script) -> cst.BaseExpression:
    """Return what the network is compiled with as its loss, followed to the call that creates it."""
    found = [argument(call, "loss", position=1) for call in find_network(script).compiles]
    if len(found) != 1 or found[0] is None:
        raise NotUnderstoodError("the loss of the network was not found")
    call = only_value(script, found[0])
    return call if isinstance(call, cst.Call) else found[0]


@dataclass(frozen=True)
class Output:
    """The end of a network: the output layer's activation and units, and the loss, with whether it takes logits."""

    activation: str
    units: int
    loss: str
    logits: bool = False

    def __str__(self) -> str:
        parts = (self.activation, str(self.units), self.loss, *([LOGITS] if self.logits else []))
        return ":".join(parts)


def _parsed(setting: str) -> Output:
    """Return what a setting such as "softmax:3:sparse_categorical_crossentropy" means."""
    parts = setting.split(":")
    if len(parts) != len(("activation", "units", "loss")) or not parts[1].isdigit():
        raise NotUnderstoodError(f"{setting!r} does not have the form activation:units:loss")
    return Output(parts[0], int(parts[1]), parts[2])


def _current(script: Script) -> Output:
    """Return the output as it is written."""
    network = find_network(script)
    activation, units = activation_of(script, network.output), width_argument(network.output)
    if activation is None or not activation[0] or units is None:
        line = script.line(network.output.call)
        raise NotUnderstoodError(f"the activation or the units of the output layer in line {line} were not found")
    loss, logits = loss_of(script)
    return Output(activation[0], as_int(read(script, units)), loss, logits)


def _corrected(now: Output, *, one_hot: bool) -> Output:
    """Return the output that the author must have meant; the same where its parts fit, as far as the code shows.

    Args:
        now: The output as it is written.
        one_hot: The code encodes the labels as one column for each class.
    """
    if now.logits:
        return replace(now, logits=now.activation not in {"softmax", "sigmoid"})
    if now.units == 1:
        return Output("sigmoid", 1, BINARY) if {"softmax", BINARY} & {now.activation, now.loss} else now
    if now.loss in {ONE_HOT, SPARSE}:
        return replace(now, activation="softmax")
    fits = now.loss not in {BINARY, *REGRESSION} or not (one_hot or now.activation == "softmax")
    return now if fits else Output("softmax", now.units, ONE_HOT)


def _change(script: Script, changes: Changes, now: Output, setting: Setting) -> None:
    network = find_network(script)
    one_hot = bool(_ONE_HOT.search(script.module.code))
    wanted = _corrected(now, one_hot=one_hot) if setting is None else _parsed(str(setting))
    if setting is None and wanted == now:
        raise NotUnderstoodError("the output layer and the loss match, as far as the code shows")
    if wanted.units != now.units:
        _write_units(script, changes, network, wanted.units)
    if (wanted.loss, wanted.logits) != (now.loss, now.logits):
        _write_loss(script, changes, wanted.loss)
    if wanted.activation != now.activation:
        _write_activation(script, changes, network, wanted.activation)


def _write_units(script: Script, changes: Changes, network: Network, units: int) -> None:
    """Write the number of units; a constant that hidden layers share keeps its value."""
    given = width_argument(network.output)
    if given is not None and place_of(script, given) in widths(script, network.hidden):
        changes.replaced[given] = cst.Integer(str(units))
    elif given is not None:
        write(script, changes, given, units)


def _write_activation(script: Script, changes: Changes, network: Network, activation: str) -> None:
    """Write the activation; a constant that hidden layers share keeps its value."""
    now = activation_of(script, network.output)
    hidden = (activation_of(script, layer) for layer in network.hidden)
    if now is not None:
        write_activation(script, changes, now, activation, but=next((each for each in hidden if each), None))


EDIT = site_edit(OUTPUT, _current, _change, lambda _, now: str(now))

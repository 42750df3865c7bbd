"""Where a script builds its Keras network, and of which layers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from services.tweaker.codemods.errors import NotUnderstoodError
from services.tweaker.codemods.literals import assigned_call
from services.tweaker.codemods.script import Script, dotted

KERAS = r"(?:tensorflow\.(?:python\.)?|tf_)?keras\.(?:\w+\.)*"
LAYER = re.compile(KERAS + r"layers\.(?:\w+\.)*[A-Z]\w*")
INPUT = re.compile(KERAS + r"(?:Input|InputLayer)")
SEQUENTIAL = re.compile(KERAS + r"Sequential")

INPUTS = ("Input", "InputLayer")
UNKNOWN = "?"

Place = cst.SimpleStatementLine | cst.Element


@dataclass(frozen=True)
class Layer:
    """One layer as it is written.

    Attributes:
        kind: The class, such as "Dense"; "?" where an element is not the call of a layer.
        call: The call that makes it.
        place: The `model.add(...)` statement, the list's element, or the statement that applies it.
        applied: In the functional style, the call that applies it to its input.
    """

    kind: str
    call: cst.Call
    place: Place
    applied: cst.Call | None = None


@dataclass(frozen=True)
class Network:
    """The layers in order, inputs included, and the statement that begins the network."""

    layers: tuple[Layer, ...]
    start: cst.SimpleStatementLine

    @property
    def first(self) -> Layer:
        """The first layer that is not an input."""
        return next(layer for layer in self.layers if layer.kind not in INPUTS)

    @property
    def output(self) -> Layer:
        """The last Dense layer, which gives the answer.

        Raises:
            NotUnderstoodError: There is none.
        """
        dense = [layer for layer in self.layers if layer.kind == "Dense"]
        if not dense:
            raise NotUnderstoodError("the network has no Dense layer")
        return dense[-1]

    @property
    def hidden(self) -> tuple[Layer, ...]:
        """The Dense layers before the output."""
        return tuple(layer for layer in self.layers if layer.kind == "Dense" and layer is not self.output)

    def kinds(self) -> frozenset[str]:
        """Return the classes of its layers."""
        return frozenset(layer.kind for layer in self.layers)


def find_network(script: Script) -> Network:
    """Return the one network that the script builds.

    Raises:
        NotUnderstoodError: It builds none or several, or in a way that is not known.
    """
    starts = [call for call in script.calls if script.is_called(call, SEQUENTIAL)]
    if len(starts) > 1:
        raise NotUnderstoodError("the script builds several Keras models")
    if starts:
        return _checked(tuple(_sequential(script, starts[0])), script.statement(starts[0]))
    layers = tuple(_functional(script))
    if not layers:
        raise NotUnderstoodError("no Keras network is built layer by layer here")
    return _checked(layers, layers[0].place)


def _checked(layers: tuple[Layer, ...], start: Place) -> Network:
    """Refuse what has nothing to edit."""
    if not isinstance(start, cst.SimpleStatementLine) or all(layer.kind in INPUTS for layer in layers):
        raise NotUnderstoodError("the layers of the Keras network are not seen")
    return Network(layers, start)


def _sequential(script: Script, start: cst.Call) -> Iterator[Layer]:
    """Yield the layers in the list that Sequential is given, then those that are added."""
    if start.args and isinstance(start.args[0].value, cst.List):
        for element in start.args[0].value.elements:
            if not isinstance(element, cst.Element):
                raise NotUnderstoodError(f"the list in line {script.line(start)} holds more than layers")
            made = _made(script, element.value)
            yield Layer(_kind(script, made), made, element)
    adding = f"{_variable(script, start)}.add"
    for call in script.calls:
        if dotted(call.func) == adding and len(call.args) == 1:
            made = _made(script, call.args[0].value)
            yield Layer(_kind(script, made), made, script.statement(call))


def _functional(script: Script) -> Iterator[Layer]:
    """Yield the layers that are applied, after the inputs."""
    for call in script.calls:
        if script.is_called(call, INPUT) and isinstance(script.parent(call), cst.Assign):
            yield Layer("Input", call, script.statement(call))
        elif isinstance(call.func, cst.Call) and script.is_called(call.func, LAYER):
            yield Layer(_kind(script, call.func), call.func, script.statement(call), applied=call)
        elif isinstance(call.func, cst.Name):
            made = assigned_call(script, call.func)
            if made is not None and script.is_called(made, LAYER):
                yield Layer(_kind(script, made), made, script.statement(call), applied=call)


def _made(script: Script, node: cst.BaseExpression) -> cst.Call:
    """Return the call that makes a layer: the node, or what the name is assigned."""
    made = assigned_call(script, node) if isinstance(node, cst.Name) else node
    if isinstance(made, cst.Call):
        return made
    raise NotUnderstoodError(f"the layer {script.code(node)} in line {script.line(node)} is not made in its place")


def _variable(script: Script, start: cst.Call) -> str:
    """Return the name that the model is assigned to; empty where it is not."""
    holder = script.parent(start)
    return dotted(holder.targets[0].target) if isinstance(holder, cst.Assign) else ""


def _kind(script: Script, call: cst.Call) -> str:
    return script.is_called(call, LAYER) or script.is_called(call, INPUT) or UNKNOWN

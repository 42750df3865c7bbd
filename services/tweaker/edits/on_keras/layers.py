"""What a Keras network is made of, as it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass

import libcst as cst

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import Script

KERAS = r"(?:tensorflow\.(?:\w+\.)*|tf_)?keras\.(?:\w+\.)*"
LAYER = re.compile(KERAS + r"layers\.(?:\w+\.)*[A-Z]\w*")
INPUT = re.compile(KERAS + r"(?:Input|InputLayer)")
SEQUENTIAL = re.compile(KERAS + r"Sequential")
MODEL = re.compile(KERAS + r"Model")

INPUTS = ("Input", "InputLayer")
CONVOLUTIONS = frozenset(
    {"Conv1D", "Conv2D", "Conv3D", "Convolution1D", "Convolution2D", "SeparableConv1D", "SeparableConv2D"}
)
RECURRENT = frozenset({"LSTM", "GRU", "SimpleRNN"})
WEIGHING = frozenset({"Dense", *CONVOLUTIONS, *RECURRENT})
"""Layers whose weights are learnt."""
ACTIVATIONS = frozenset({"Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax"})
SHAPES = frozenset({"input_shape", "input_dim", "batch_input_shape"})
"""Arguments by which the first layer is told what comes in."""
UNKNOWN = "?"

Place = cst.SimpleStatementLine | cst.Element


@dataclass(frozen=True)
class Layer:
    """One layer as it is written.

    Attributes:
        kind: The class, such as "Dense"; "?" where an element is not the call of a layer.
        call: The call that makes it.
        place: The `model.add(...)` statement, the list's element, or the statement that applies it; None where no
            neighbour can be put beside it.
        applied: In the functional style and in a model's own class, the call that applies it to its input.
        kept: In a model's own class, the statement that keeps it as an attribute.
        repeated: It is made in a loop that does not make the whole network.
        optional: It depends on a condition that the network does not depend on.
    """

    kind: str
    call: cst.Call
    place: Place | None
    applied: cst.Call | None = None
    kept: cst.SimpleStatementLine | None = None
    repeated: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Network:
    """The layers in order, inputs included, and the statement that begins the network.

    Attributes:
        fits: The calls that train it, as far as they are seen.
        compiles: The calls that give it loss and optimizer, as far as they are seen.
        made: The call of Sequential or Model; None where the author's own class is the network.
        answers: How many outputs it has.
    """

    layers: tuple[Layer, ...]
    start: cst.SimpleStatementLine
    fits: tuple[cst.Call, ...] = ()
    compiles: tuple[cst.Call, ...] = ()
    made: cst.Call | None = None
    answers: int = 1

    @property
    def first(self) -> Layer:
        """The first layer that is not an input."""
        return next(layer for layer in self.layers if layer.kind not in INPUTS)

    @property
    def output(self) -> Layer:
        """The last Dense layer, which gives the answer.

        Raises:
            NotUnderstoodError: There is none, or it is not certain which it is.
        """
        dense = [layer for layer in self.layers if layer.kind == "Dense"]
        if not dense:
            raise NotUnderstoodError("the network has no Dense layer")
        if self.answers != 1:
            raise NotUnderstoodError(f"the network has {self.answers} outputs")
        if dense[-1].repeated:
            raise NotUnderstoodError("the last Dense layer is made in a loop")
        if dense[-1].optional:
            raise NotUnderstoodError("the last Dense layer depends on a condition")
        return dense[-1]

    @property
    def hidden(self) -> tuple[Layer, ...]:
        """The Dense layers before the output."""
        return tuple(layer for layer in self.layers if layer.kind == "Dense" and layer is not self.output)

    @property
    def convolutions(self) -> tuple[Layer, ...]:
        """The layers that go over a map."""
        return tuple(layer for layer in self.layers if layer.kind in CONVOLUTIONS)

    def after(self, layer: Layer) -> Layer | None:
        """Return the layer that comes next in the source."""
        following = self.layers[self.layers.index(layer) + 1 :]
        return following[0] if following else None

    def kinds(self) -> frozenset[str]:
        """Return the classes of its layers."""
        return frozenset(layer.kind for layer in self.layers)


def kind_of(script: Script, call: cst.Call) -> str:
    """Return the class of the layer that a call makes."""
    for pattern in (LAYER, INPUT, SEQUENTIAL):
        found = script.is_called(call, pattern)
        if found:
            return found
    return UNKNOWN


def written(script: Script, arg: cst.Arg) -> str:
    """Return an argument as source, without what stands around it."""
    nothing = cst.SimpleWhitespace("")
    return script.code(arg.with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=nothing))


def is_repeated(script: Script, node: cst.CSTNode, start: cst.CSTNode) -> bool:
    """Tell whether *node* is in a loop that *start* is not in."""
    return _is_inside(script, node, start, cst.For | cst.While | cst.CompFor | cst.ListComp)


def is_optional(script: Script, node: cst.CSTNode, start: cst.CSTNode) -> bool:
    """Tell whether *node* depends on a condition that *start* does not depend on."""
    return _is_inside(script, node, start, cst.If | cst.Try | cst.IfExp | cst.Match)


def _is_inside(script: Script, node: cst.CSTNode, start: cst.CSTNode, kinds: type | object) -> bool:
    around = {id(outer) for outer in script.above(start)}
    return any(isinstance(outer, kinds) and id(outer) not in around for outer in script.above(node))  # type: ignore[arg-type]

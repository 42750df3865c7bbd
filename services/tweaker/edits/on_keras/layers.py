"""What a Keras network is made of, as it is written."""

import re
from collections.abc import Collection
from dataclasses import dataclass

import libcst as cst

from services.tweaker.edits.lists import Listed, Place
from services.tweaker.source import NotUnderstoodError, Script

KERAS = r"(?:tensorflow\.(?:\w+\.)*|tf_)?keras\.(?:\w+\.)*"
LAYER = re.compile(KERAS + r"layers\.(?:\w+\.)*[A-Z]\w*")
INPUT = re.compile(KERAS + r"(?:Input|InputLayer)")
SEQUENTIAL = re.compile(KERAS + r"Sequential")
MODEL = re.compile(KERAS + r"Model")
BUILDER = re.compile(KERAS + r"(?:Sequential|Model)")

INPUTS = ("Input", "InputLayer")
CONVOLUTIONS = frozenset(
    {"Conv1D", "Conv2D", "Conv3D", "Convolution1D", "Convolution2D", "SeparableConv1D", "SeparableConv2D"}
)
RECURRENT = frozenset({"LSTM", "GRU", "SimpleRNN"})
TRAINABLE = frozenset({"Dense", *CONVOLUTIONS, *RECURRENT})
"""Layers with weights that the edits care about."""
ACTIVATIONS = frozenset({"Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax"})
SHAPES = frozenset({"input_shape", "input_dim", "batch_input_shape"})
"""Arguments of the first layer that give the shape of the inputs."""
UNKNOWN = "?"


@dataclass(frozen=True)
class Layer:
    """One layer as it is written.

    Attributes:
        kind: The class, such as "Dense"; "?" where an element is not the call of a layer.
        call: The call that makes it.
        place: The `model.add(...)` statement, the list's element, or the statement that applies it; None where no
            neighbour can be put beside it.
        applied: In the functional style and in a model's own class, the call that applies it to its input.
        stored: In a model's own class, the statement that stores it as an attribute.
        listed: In a list or a Sequential, the element that it is.
        repeated: It is created in a loop that does not create the whole network.
        optional: It depends on a condition that the network does not depend on.
    """

    kind: str
    call: cst.Call
    place: Place | None
    applied: cst.Call | None = None
    stored: cst.SimpleStatementLine | None = None
    listed: Listed | None = None
    repeated: bool = False
    optional: bool = False

    @property
    def once(self) -> bool:
        """Whether the network has it exactly once, whatever the settings."""
        return not self.repeated and not self.optional


@dataclass(frozen=True)
class Network:
    """The layers in order, inputs included, and the statement that begins the network.

    Attributes:
        fits: The calls that train it, as far as they are found.
        compiles: The calls that give it loss and optimizer, as far as they are found.
        call: The call of Sequential or Model; None where the author's own class is the network.
        outputs: How many outputs it has.
    """

    layers: tuple[Layer, ...]
    start: cst.SimpleStatementLine
    fits: tuple[cst.Call, ...] = ()
    compiles: tuple[cst.Call, ...] = ()
    call: cst.Call | None = None
    outputs: int = 1

    @property
    def first(self) -> Layer:
        """The first layer that is not an input."""
        return next(layer for layer in self.layers if layer.kind not in INPUTS)

    @property
    def output(self) -> Layer:
        """The last Dense layer."""
        dense = self.of_kind({"Dense"})
        if not dense:
            raise NotUnderstoodError("the network has no Dense layer")
        if self.outputs != 1:
            raise NotUnderstoodError(f"the network has {self.outputs} outputs")
        if dense[-1].repeated:
            raise NotUnderstoodError("the last Dense layer is created in a loop")
        if dense[-1].optional:
            raise NotUnderstoodError("the last Dense layer depends on a condition")
        return dense[-1]

    @property
    def hidden(self) -> tuple[Layer, ...]:
        """The Dense layers before the output."""
        return tuple(layer for layer in self.of_kind({"Dense"}) if layer is not self.output)

    @property
    def convolutions(self) -> tuple[Layer, ...]:
        """The convolutions."""
        return self.of_kind(CONVOLUTIONS)

    def of_kind(self, kinds: Collection[str]) -> tuple[Layer, ...]:
        """Return the layers of these classes."""
        return tuple(layer for layer in self.layers if layer.kind in kinds)


def single_fit(network: Network) -> cst.Call:
    """Return the one call that trains the network."""
    if len(network.fits) != 1:
        raise NotUnderstoodError(f"{len(network.fits) or 'no'} calls that train the network were found")
    return network.fits[0]


def kind_of(script: Script, call: cst.Call) -> str:
    """Return the class of the layer that a call makes."""
    kinds = (script.is_called(call, pattern) for pattern in (LAYER, INPUT, SEQUENTIAL))
    return next((kind for kind in kinds if kind), UNKNOWN)

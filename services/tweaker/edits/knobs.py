"""What can be turned, whatever the library: its name, what it decides, how a change reads, which values make sense."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.tweaker.edits.space import Choice, Real, Space, Whole
from trainyard.trial import Setting


def _only(_: Setting) -> Space:
    """Offer nothing to choose but whether to make the edit."""
    return Choice()


@dataclass(frozen=True)
class Knob:
    """One thing that edits turn; several libraries' edits may share it.

    Attributes:
        name: What authors call it in `tweaks` of trainyard.toml.
        question: What it decides. At most one edit of a question is made in one trial.
        deed: Says what the change from the first setting (as read) to the second is, as the end of a sentence:
            "it trains for 300 epochs instead of 100".
        space: Returns what the setting may become, given what it is now.
    """

    name: str
    question: str
    deed: Callable[[Setting, Setting], str]
    space: Callable[[Setting], Space] = _only


def _from(before: Setting) -> float:
    return float(before) if isinstance(before, int | float) and before > 0 else 1.0


def _widest(before: Setting) -> int:
    return max(before) if isinstance(before, tuple) and before else 16


def _scaled(_: Setting, largest: Setting) -> str:
    if isinstance(largest, int | float):
        return f"the inputs are divided by {largest:g} inside the model"
    return "the inputs are brought to mean 0 and spread 1"


SCALE_INPUTS = Knob("scale_inputs", "inputs", _scaled)
EPOCHS = Knob(
    "epochs",
    "length",
    lambda before, after: f"it trains for {after} epochs instead of {before}",
    lambda before: Whole(max(1, round(_from(before))), max(2, round(_from(before)) * 10)),
)
LEARNING_RATE = Knob(
    "learning_rate",
    "training",
    lambda before, after: f"the learning rate becomes {after:g} instead of {before:g}",
    lambda before: Real(_from(before) / 100, _from(before) * 100),
)
OPTIMIZER = Knob(
    "optimizer",
    "training",
    lambda before, after: f"the optimizer {after} takes the place of {before}",
    lambda before: Choice(tuple(name for name in ("adam", "rmsprop", "sgd") if name != before)),
)
BATCH_SIZE = Knob(
    "batch_size",
    "batches",
    lambda before, after: f"batches have {after} rows instead of {before}",
    lambda _: Whole(8, 256),
)
UNITS = Knob(
    "units",
    "capacity",
    lambda _, after: f"the hidden layers get at least {after} units",
    lambda before: Whole(max(4, _widest(before)), max(16, _widest(before) * 16)),
)
DENSE_LAYER = Knob(
    "dense_layer",
    "depth",
    lambda _, after: f"a hidden layer of {after} units is added before the output",
    lambda _: Whole(8, 256),
)
DROPOUT = Knob(
    "dropout",
    "regularization",
    lambda _, after: f"{after:.0%} of the activations before the output are dropped in training",
    lambda _: Real(0.1, 0.6, log=False),
)
FILTERS = Knob(
    "filters",
    "filters",
    lambda _, after: f"the convolutions get at least {after} filters",
    lambda before: Whole(max(4, _widest(before)), max(16, _widest(before) * 8)),
)
CONV_LAYER = Knob("conv_layer", "depth", lambda _before, _after: "a convolution like the last one is added")
GLOBAL_POOLING = Knob(
    "global_pooling", "pooling", lambda _before, _after: "each map is averaged to one number instead of being flattened"
)
BATCH_NORM = Knob(
    "batch_norm",
    "normalization",
    lambda _before, _after: "activations are normalized after each hidden layer",
)
ACTIVATION = Knob(
    "activation",
    "activation",
    lambda before, after: f"the hidden layers' activation becomes {after} instead of {before}",
    lambda before: Choice(tuple(name for name in ("relu", "elu", "tanh") if name != before)),
)
INITIALIZER = Knob(
    "initializer",
    "start",
    lambda before, after: f"weights start from {after} instead of {before}",
    lambda before: Choice(tuple(name for name in ("he_normal", "glorot_uniform") if name != before)),
)
REGULARIZER = Knob(
    "regularizer",
    "penalty",
    lambda before, after: f"the penalty on weights becomes {after:g} instead of {before:g}",
    lambda before: Real(_from(before) / 1000, _from(before) * 10),
)
AUGMENT = Knob(
    "augment",
    "augmentation",
    lambda _, after: f"the training's pictures are varied a little ({after})",
    lambda _: Choice(("shift", "shift+rotate", "flip+shift")),
)
RATE_PLATEAU = Knob(
    "rate_plateau",
    "schedule",
    lambda _, after: f"the learning rate is halved when the loss has not fallen for {after} epochs",
    lambda _: Whole(2, 10),
)


def _output(before: Setting, after: Setting) -> str:
    """Say which part of the output is no longer what it was: "softmax:3:sparse_categorical_crossentropy"."""
    old, new = str(before).split(":"), str(after).split(":")
    if len(new) < len(("activation", "units", "loss")):
        return "what the network ends in is left to the loss"
    now = f"the output has {new[1]} units of {new[0]} with the loss {new[2]}"
    return f"{now} instead of {old[1]} of {old[0]} with {old[2]}" if len(old) >= len(new) else now


OUTPUT = Knob("output", "output", _output)
ZERO_GRAD = Knob("zero_grad", "gradients", lambda _before, _after: "the gradients are set to zero before each step")
CLASS_WEIGHT = Knob(
    "class_weight", "balance", lambda _before, _after: "rows of rare classes count more, by how rare they are"
)

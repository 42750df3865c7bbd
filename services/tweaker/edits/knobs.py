"""What can be changed, whatever the library: its name, its aspect, how a change reads, which values make sense."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.tweaker.edits.space import Choice, Real, Space, Whole, others, positive
from trainyard.trial import Setting


@dataclass(frozen=True)
class Knob:
    """One thing that edits change; several libraries' edits may share it.

    Attributes:
        name: What authors call it in `tweaks` of trainyard.toml.
        aspect: What it is about. At most one edit of an aspect is made in one trial.
        deed: Returns what the change from the first setting (as read) to the second is, as the end of a sentence:
            "300 epochs instead of 100".
        space: Returns what the setting may become, given what it is now.
    """

    name: str
    aspect: str
    deed: Callable[[Setting, Setting], str]
    space: Callable[[Setting], Space] = lambda _: Choice()


def _widest(before: Setting) -> int:
    return max(before) if isinstance(before, tuple) and before else 16


def _scaled(_: Setting, largest: Setting) -> str:
    if isinstance(largest, int | float):
        return f"inputs are divided by {largest:g} inside the model"
    return "inputs are standardized"


SCALE_INPUTS = Knob("scale_inputs", "inputs", _scaled)
EPOCHS = Knob(
    "epochs",
    "length",
    lambda before, after: f"{after} epochs instead of {before}",
    lambda before: Whole(max(1, round(positive(before, 1))), max(2, round(positive(before, 1)) * 10)),
)
LEARNING_RATE = Knob(
    "learning_rate",
    "training",
    lambda before, after: f"learning rate {after:g} instead of {before:g}",
    lambda before: Real(positive(before, 1) / 100, positive(before, 1) * 100),
)
OPTIMIZER = Knob(
    "optimizer",
    "training",
    lambda before, after: f"optimizer {after} instead of {before}",
    others("adam", "rmsprop", "sgd"),
)
BATCH_SIZE = Knob(
    "batch_size",
    "batches",
    lambda before, after: f"batches of {after} rows instead of {before}",
    lambda _: Whole(8, 256),
)
UNITS = Knob(
    "units",
    "capacity",
    lambda _, after: f"hidden layers have at least {after} units",
    lambda before: Whole(max(4, _widest(before)), max(16, _widest(before) * 16)),
)
DENSE_LAYER = Knob(
    "dense_layer",
    "depth",
    lambda _, after: f"adds a hidden layer of {after} units before the output",
    lambda _: Whole(8, 256),
)
DROPOUT = Knob(
    "dropout",
    "regularization",
    lambda _, after: f"dropout of {after:.0%} before the output",
    lambda _: Real(0.1, 0.6, log=False),
)
FILTERS = Knob(
    "filters",
    "filters",
    lambda _, after: f"convolutions have at least {after} filters",
    lambda before: Whole(max(4, _widest(before)), max(16, _widest(before) * 8)),
)
CONV_LAYER = Knob("conv_layer", "depth", lambda _before, _after: "adds a convolution like the last one")
GLOBAL_POOLING = Knob("global_pooling", "pooling", lambda _before, _after: "global average pooling instead of Flatten")
BATCH_NORM = Knob(
    "batch_norm",
    "normalization",
    lambda _before, _after: "adds batch normalization after each hidden layer",
)
ACTIVATION = Knob(
    "activation",
    "activation",
    lambda before, after: f"hidden layers use {after} instead of {before}",
    others("relu", "elu", "tanh"),
)
INITIALIZER = Knob(
    "initializer",
    "start",
    lambda before, after: f"initializer {after} instead of {before}",
    others("he_normal", "glorot_uniform"),
)
REGULARIZER = Knob(
    "regularizer",
    "penalty",
    lambda before, after: f"weight penalty {after:g} instead of {before:g}",
    lambda before: Real(positive(before, 1) / 1000, positive(before, 1) * 10),
)
AUGMENTATIONS = {
    "shift": "random shifts",
    "shift+rotate": "random shifts and rotations",
    "flip+shift": "random flips and shifts",
}
AUGMENT = Knob(
    "augment",
    "augmentation",
    lambda _, after: f"adds data augmentation ({AUGMENTATIONS.get(str(after), after)})",
    lambda _: Choice(tuple(AUGMENTATIONS)),
)
PATIENCE = Knob(
    "patience",
    "training_stop",
    lambda before, after: f"patience of {after} epochs instead of {before}",
    lambda before: Whole(1, max(10, before * 4) if isinstance(before, int) else 40),
)
RATE_PLATEAU = Knob(
    "rate_plateau",
    "schedule",
    lambda _, after: f"halves the learning rate when the loss has not fallen for {after} epochs",
    lambda _: Whole(2, 10),
)


def _output(before: Setting, after: Setting) -> str:
    """Return how the output changes; a setting reads "softmax:3:sparse_categorical_crossentropy"."""
    old, new = str(before).split(":"), str(after).split(":")
    if len(new) < len(("activation", "units", "loss")):
        return "the network outputs logits"
    now = f"{new[1]} output units with {new[0]} and the loss {new[2]}"
    return f"{now} instead of {old[1]} with {old[0]} and {old[2]}" if len(old) >= len(new) else now


OUTPUT = Knob("output", "output", _output)
ZERO_GRAD = Knob("zero_grad", "gradients", lambda _before, _after: "resets the gradients before each step")
CLASS_WEIGHT = Knob("class_weight", "balance", lambda _before, _after: "weights classes by how rare they are")

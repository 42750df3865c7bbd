"""What can be changed, whatever the library: its name, its aspect, how a change reads, which values make sense."""

from collections.abc import Callable
from dataclasses import dataclass

from services.tweaker.edits.space import Choice, Real, Space, Whole, others, positive, widest
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


def _scaled(_: Setting, largest: Setting) -> str:
    if isinstance(largest, int | float):
        return f"inputs are divided by {largest:g} inside the model"
    return "inputs are standardized"


def _output(before: Setting, after: Setting) -> str:
    """Return what changes of the output; a setting reads "softmax:3:sparse_categorical_crossentropy"."""
    old, new = str(before).split(":"), str(after).split(":")
    if after == "linear":
        return "the network ends in its last linear layer"
    if len(new) < len(OUTPUT_PARTS):
        return "the network outputs logits"
    was = old if len(old) >= len(new) else [""] * len(new)
    parts = zip(OUTPUT_PARTS, was, new, strict=False)
    changed = [f"{what} {now}{f' instead of {then}' if then else ''}" for what, then, now in parts if now != then]
    return ", ".join(changed) or "the loss takes probabilities"


def _augmented(_: Setting, parts: Setting) -> str:
    return f"adds data augmentation ({AUGMENTATIONS.get(str(parts), parts)})"


def _wider(factor: int) -> Callable[[Setting], Space]:
    """Return the whole numbers from the widest layer's units to *factor* times as many."""
    return lambda before: Whole(max(4, widest(before)), max(16, widest(before) * factor))


def _more_epochs(before: Setting) -> Space:
    now = round(positive(before, 1))
    return Whole(max(1, now), max(2, now * 10))


def _longer(before: Setting) -> Space:
    return Whole(1, max(10, before * 4) if isinstance(before, int) else 40)


def _rates(before: Setting) -> Space:
    return Real(positive(before, 1) / 100, positive(before, 1) * 100)


def _penalties(before: Setting) -> Space:
    return Real(positive(before, 1) / 1000, positive(before, 1) * 10)


OUTPUT_PARTS = ("output activation", "output units", "loss")
AUGMENTATIONS = {
    "shift": "random shifts",
    "shift+rotate": "random shifts and rotations",
    "flip+shift": "random flips and shifts",
}

SCALE_INPUTS = Knob("scale_inputs", "inputs", _scaled)
EPOCHS = Knob("epochs", "length", "{1} epochs instead of {0}".format, _more_epochs)
LEARNING_RATE = Knob("learning_rate", "training", "learning rate {1:g} instead of {0:g}".format, _rates)
OPTIMIZER = Knob("optimizer", "training", "optimizer {1} instead of {0}".format, others("adam", "rmsprop", "sgd"))
BATCH_SIZE = Knob("batch_size", "batches", "batches of {1} rows instead of {0}".format, lambda _: Whole(8, 256))
UNITS = Knob("units", "capacity", "hidden layers have at least {1} units".format, _wider(16))
DENSE_LAYER = Knob(
    "dense_layer", "depth", "adds a hidden layer of {1} units before the output".format, lambda _: Whole(8, 256)
)
DROPOUT = Knob(
    "dropout", "regularization", "dropout of {1:.0%} before the output".format, lambda _: Real(0.1, 0.6, log=False)
)
FILTERS = Knob("filters", "filters", "convolutions have at least {1} filters".format, _wider(8))
CONV_LAYER = Knob("conv_layer", "depth", "adds a convolution like the last one".format)
GLOBAL_POOLING = Knob("global_pooling", "pooling", "global average pooling instead of Flatten".format)
BATCH_NORM = Knob("batch_norm", "normalization", "adds batch normalization after each hidden layer".format)
MOMENTUM = Knob(
    "momentum",
    "normalization",
    "batch normalization with a momentum of {1:g} instead of {0:g}".format,
    lambda _: Real(0.5, 0.99, log=False),
)
ACTIVATION = Knob(
    "activation", "activation", "hidden layers use {1} instead of {0}".format, others("relu", "elu", "tanh")
)
INITIALIZER = Knob(
    "initializer", "start", "initializer {1} instead of {0}".format, others("he_normal", "glorot_uniform")
)
REGULARIZER = Knob("regularizer", "penalty", "weight penalty {1:g} instead of {0:g}".format, _penalties)
AUGMENT = Knob("augment", "augmentation", _augmented, lambda _: Choice(tuple(AUGMENTATIONS)))
PATIENCE = Knob("patience", "training_stop", "patience of {1} epochs instead of {0}".format, _longer)
RATE_PLATEAU = Knob(
    "rate_plateau",
    "schedule",
    "halves the learning rate when the loss has not fallen for {1} epochs".format,
    lambda _: Whole(2, 10),
)
OUTPUT = Knob("output", "output", _output)
ZERO_GRAD = Knob("zero_grad", "gradients", "resets the gradients before each step".format)
CLASS_WEIGHT = Knob("class_weight", "balance", "weights classes by how rare they are".format)

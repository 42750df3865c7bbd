"""Edits of scripts that train PyTorch modules in a loop of their own."""

from services.tweaker.edits.on_torch import (
    dropout,
    epochs,
    hidden_layers,
    optimizer,
    output,
    scale_inputs,
)

EDITS = (
    scale_inputs.EDIT,
    output.EDIT,
    optimizer.ZERO_GRAD_EDIT,
    epochs.EDIT,
    optimizer.LEARNING_RATE_EDIT,
    optimizer.EDIT,
    hidden_layers.UNITS_EDIT,
    hidden_layers.DENSE_LAYER_EDIT,
    dropout.EDIT,
)

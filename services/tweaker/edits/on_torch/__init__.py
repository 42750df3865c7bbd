"""Edits of scripts that train PyTorch modules in a loop of their own."""

from __future__ import annotations

from services.tweaker.edits.on_torch import (
    dense_layer,
    dropout,
    epochs,
    optimizer,
    output,
    scale_inputs,
    units,
    zero_grad,
)

EDITS = (
    scale_inputs.EDIT,
    output.EDIT,
    zero_grad.EDIT,
    epochs.EDIT,
    optimizer.LEARNING_RATE_EDIT,
    optimizer.EDIT,
    units.EDIT,
    dense_layer.EDIT,
    dropout.EDIT,
)

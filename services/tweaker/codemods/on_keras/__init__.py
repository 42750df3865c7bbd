"""Edits of scripts that train Keras networks."""

from __future__ import annotations

from services.tweaker.codemods.on_keras import (
    dense_layer,
    dropout,
    epochs,
    learning_rate,
    optimizer,
    scale_inputs,
    units,
)

EDITS = (
    scale_inputs.EDIT,
    epochs.EDIT,
    learning_rate.EDIT,
    optimizer.EDIT,
    units.EDIT,
    dense_layer.EDIT,
    dropout.EDIT,
)

"""Edits of scripts that train Keras networks."""

from __future__ import annotations

from services.tweaker.edits.on_keras import (
    activation,
    augment,
    batch_norm,
    batch_size,
    class_weight,
    conv_layer,
    dense_layer,
    dropout,
    epochs,
    filters,
    global_pooling,
    initializer,
    learning_rate,
    optimizer,
    output,
    patience,
    rate_plateau,
    regularizer,
    scale_inputs,
    units,
)

EDITS = (
    scale_inputs.EDIT,
    output.EDIT,
    epochs.EDIT,
    learning_rate.EDIT,
    optimizer.EDIT,
    rate_plateau.EDIT,
    batch_size.EDIT,
    patience.EDIT,
    units.EDIT,
    filters.EDIT,
    activation.EDIT,
    initializer.EDIT,
    dense_layer.EDIT,
    conv_layer.EDIT,
    batch_norm.EDIT,
    global_pooling.EDIT,
    dropout.EDIT,
    regularizer.EDIT,
    augment.EDIT,
    class_weight.EDIT,
)

"""Edits of scripts that train Keras networks."""

from __future__ import annotations

from services.tweaker.edits.on_keras import (
    activation,
    augment,
    batch_norm,
    class_weight,
    conv_layer,
    dense_layer,
    dropout,
    fit,
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
    fit.EPOCHS_EDIT,
    learning_rate.EDIT,
    optimizer.EDIT,
    rate_plateau.EDIT,
    fit.BATCH_SIZE_EDIT,
    patience.EDIT,
    units.UNITS_EDIT,
    units.FILTERS_EDIT,
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

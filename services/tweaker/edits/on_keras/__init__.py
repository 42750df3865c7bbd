"""Edits of scripts that train Keras networks."""

from services.tweaker.edits.on_keras import (
    activation,
    augment,
    batch_norm,
    callbacks,
    class_weight,
    convolutions,
    dense_layer,
    fit,
    learning_rate,
    optimizer,
    output,
    regularization,
    scale_inputs,
    units,
)
from services.tweaker.edits.on_keras.searches import outside_searches

_ON_NETWORKS = (
    scale_inputs.EDIT,
    output.EDIT,
    fit.EPOCHS_EDIT,
    learning_rate.EDIT,
    optimizer.EDIT,
    callbacks.RATE_PLATEAU_EDIT,
    fit.BATCH_SIZE_EDIT,
    callbacks.PATIENCE_EDIT,
    units.UNITS_EDIT,
    units.FILTERS_EDIT,
    activation.ACTIVATION_EDIT,
    activation.INITIALIZER_EDIT,
    dense_layer.EDIT,
    convolutions.CONV_LAYER_EDIT,
    batch_norm.EDIT,
    batch_norm.MOMENTUM_EDIT,
    convolutions.GLOBAL_POOLING_EDIT,
    regularization.DROPOUT_EDIT,
    regularization.REGULARIZER_EDIT,
    augment.EDIT,
    class_weight.EDIT,
)
EDITS = tuple(map(outside_searches, _ON_NETWORKS))

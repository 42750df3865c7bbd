"""The keywords of Keras 1 and their names since Keras 2; None where they have no effect today."""

from __future__ import annotations

from typing import Dict, Optional, Tuple

Names = Dict[str, Optional[str]]

_CONSTRAINED: Names = {
    "W_constraint": "kernel_constraint",
    "W_regularizer": "kernel_regularizer",
    "b_constraint": "bias_constraint",
    "b_regularizer": "bias_regularizer",
    "bias": "use_bias",
    "init": "kernel_initializer",
}
_DENSE: Names = {**_CONSTRAINED, "output_dim": "units"}
_CONVOLUTION: Names = {
    **_CONSTRAINED,
    "atrous_rate": "dilation_rate",
    "border_mode": "padding",
    "dim_ordering": "data_format",
    "filter_length": "kernel_size",
    "nb_filter": "filters",
    "output_shape": None,
    "subsample": "strides",
    "subsample_length": "strides",
}
_POOLING: Names = {
    "border_mode": "padding",
    "dim_ordering": "data_format",
    "pool_length": "pool_size",
    "stride": "strides",
}
_RECURRENT: Names = {
    **_DENSE,
    "U_regularizer": "recurrent_regularizer",
    "consume_less": None,
    "dropout_U": "recurrent_dropout",
    "dropout_W": "dropout",
    "forget_bias_init": None,
    "inner_activation": "recurrent_activation",
    "inner_init": "recurrent_initializer",
}
_RATE: Names = {"p": "rate", "dim_ordering": "data_format"}
_SHAPED: Names = {"dim_ordering": "data_format"}

_CONVOLUTIONS = (
    "Conv1D",
    "Conv2D",
    "Conv2DTranspose",
    "Conv3D",
    "Conv3DTranspose",
    "LocallyConnected1D",
    "LocallyConnected2D",
    "SeparableConv1D",
    "SeparableConv2D",
)
_POOLINGS = tuple(
    "{}{}Pooling{}D".format(scope, kind, axes)
    for scope in ("", "Global")
    for kind in ("Max", "Average")
    for axes in (1, 2, 3)
)

LAYERS: Dict[str, Names] = {
    "BatchNormalization": {"mode": None, "gamma_init": "gamma_initializer", "beta_init": "beta_initializer"},
    "Dense": _DENSE,
    "Embedding": {
        "W_constraint": "embeddings_constraint",
        "W_regularizer": "embeddings_regularizer",
        "dropout": None,
        "init": "embeddings_initializer",
    },
    "GaussianNoise": {"sigma": "stddev"},
    "PReLU": {"init": "alpha_initializer"},
    "UpSampling1D": {"length": "size"},
    **dict.fromkeys(("SimpleRNN", "LSTM", "GRU"), _RECURRENT),
    **dict.fromkeys(_CONVOLUTIONS, _CONVOLUTION),
    **dict.fromkeys(_POOLINGS, _POOLING),
    **dict.fromkeys(("Dropout", "GaussianDropout", "SpatialDropout1D", "SpatialDropout2D"), _RATE),
    **dict.fromkeys(("Cropping2D", "Flatten", "UpSampling2D", "UpSampling3D", "ZeroPadding2D"), _SHAPED),
}

#: Kernel sizes that Keras 1 took one by one.
SIZES: Tuple[str, ...] = ("kernel_dim1", "kernel_dim2", "kernel_dim3", "nb_row", "nb_col")
#: Layers whose kernel has more than one axis, and how many; Keras 1 took its sizes as separate numbers.
AXES: Dict[str, int] = {
    "Conv2D": 2,
    "Conv2DTranspose": 2,
    "Conv3D": 3,
    "LocallyConnected2D": 2,
    "SeparableConv2D": 2,
}
#: Values that were spelt otherwise.
ORDERINGS: Dict[str, Optional[str]] = {"th": "channels_first", "tf": "channels_last", "default": None}

MODEL: Names = {"input": "inputs", "output": "outputs"}
COMPILE: Names = {"class_mode": None, "options": None, "sample_weight_mode": None}
_ONE_PROCESS: Names = {"use_multiprocessing": None}  # a fork of a process that runs TensorFlow may hang
FIT: Names = {"nb_epoch": "epochs", "show_accuracy": None, "accuracy": None, **_ONE_PROCESS}
EVALUATE: Names = {"show_accuracy": None, **_ONE_PROCESS}
PREDICT: Names = _ONE_PROCESS
GENERATOR: Names = {
    **FIT,
    "max_q_size": None,
    "max_queue_size": None,
    "nb_worker": None,
    "pickle_safe": None,
    "wait_time": None,
    "workers": None,
}
#: The order of fit_generator's arguments in Keras 1 and 2; the second and those for validation differ in meaning.
FIT_GENERATOR: Tuple[str, ...] = (
    "generator",
    "steps_per_epoch",
    "epochs",
    "verbose",
    "callbacks",
    "validation_data",
    "validation_steps",
    "class_weight",
)


def with_data_format(given: Dict[str, object]) -> Dict[str, object]:
    """Return the keywords *given* with today's name for the order of axes."""
    ordering = str(given.get("data_format"))
    return {**given, "data_format": ORDERINGS[ordering]} if ordering in ORDERINGS else given

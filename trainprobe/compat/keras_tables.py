"""Where modules, names and keywords of Keras 1 and 2 are in tf-keras."""

from __future__ import annotations

from typing import Dict, Optional, Tuple

#: Packages that are shims, by the first part of the name that a script imports.
ROOTS: Dict[str, str] = {
    "keras": "tf_keras",
    "tf_keras": "tf_keras",
    "tensorflow.keras": "tf_keras",
    "tensorflow.python.keras": "tf_keras",
    "keras_applications": "tf_keras.applications",
    "keras_preprocessing": "tf_keras.preprocessing",
}


def _below(package: str, names: str) -> Tuple[str, ...]:
    return tuple("{}.{}".format(package, name) for name in names.split())


#: Modules that are gone, by the one that has their names now.
MOVED: Dict[str, Tuple[str, ...]] = {
    "backend": ("backend.common", "backend.load_backend", "backend.tensorflow_backend"),
    "callbacks": ("callbacks.callbacks", "callbacks.tensorboard_v1", "callbacks.tensorboard_v2"),
    "initializers": ("initializations", "initializers.initializers_v1", "initializers.initializers_v2"),
    "layers": (
        *_below("layers", "advanced_activations convolutional convolutional_recurrent core cudnn_recurrent embeddings"),
        *_below("layers", "local noise normalization normalization_v2 pooling recurrent recurrent_v2 wrappers"),
        *_below("layers.convolutional", "conv1d conv2d"),
        *_below("layers.core", "activation dense dropout flatten"),
        *_below("layers.normalization", "batch_normalization batch_normalization_v1"),
        "legacy",
        "legacy.layers",
    ),
    "losses": ("objectives",),
    "mixed_precision": ("mixed_precision.experimental",),
    "optimizers": (
        "optimizer_v1",
        "optimizer_v2",
        *(
            module.format(name)
            for name in ("adadelta", "adagrad", "adam", "adamax", "gradient_descent", "nadam", "rmsprop")
            for module in ("optimizer_v2.{}", "optimizers.{}", "optimizers.{}_v2", "optimizers.optimizer_v2.{}")
        ),
        "optimizers.optimizer_v2",
        "optimizers.sgd",
    ),
    "src.engine": (
        "engine",
        *_below("engine", "base_layer functional input_layer network sequential topology training"),
    ),
    "utils": (
        *_below("utils", "data_utils generic_utils io_utils layer_utils multi_gpu_utils np_utils training_utils"),
        *_below("utils", "vis_utils visualize_util"),
    ),
}
MODULES: Dict[str, str] = {module: target for target, modules in MOVED.items() for module in modules}
#: The moved modules that tf-keras still has, though private and without some of the names.
PRIVATE: Tuple[str, ...] = ("engine.", *_below("utils", "data_utils generic_utils io_utils layer_utils vis_utils"))

#: Names that moved or were spelt otherwise; a module's own private ones are found without an entry.
NAMES: Dict[str, str] = {
    "applications.imagenet_utils._obtain_input_shape": "src.applications.imagenet_utils.obtain_input_shape",
    "applications.mobilenet.DepthwiseConv2D": "layers.DepthwiseConv2D",
    "backend.get_variable_shape": "backend.int_shape",
    "constraints.nonneg": "constraints.NonNeg",
    "constraints.unitnorm": "constraints.UnitNorm",
    "initializers.normal": "initializers.RandomNormal",
    "initializers.one": "initializers.Ones",
    "initializers.uniform": "initializers.RandomUniform",
    "initializers.zero": "initializers.Zeros",
    "layers.AtrousConvolution1D": "layers.Conv1D",
    "layers.AtrousConvolution2D": "layers.Conv2D",
    "layers.CuDNNGRU": "layers.GRU",
    "layers.CuDNNLSTM": "layers.LSTM",
    "layers.Deconvolution2D": "layers.Conv2DTranspose",
    "layers.Deconvolution3D": "layers.Conv3DTranspose",
    "layers.Recurrent": "layers.RNN",
    **dict.fromkeys(("losses.cosine", "losses.cosine_proximity"), "losses.cosine_similarity"),
    **dict.fromkeys(("metrics.cosine", "metrics.cosine_proximity"), "losses.cosine_similarity"),
    "optimizers.rmsprop": "optimizers.RMSprop",
    "optimizers.sgd": "optimizers.SGD",
    **{
        "optimizers." + name: "optimizers." + name.capitalize()
        for name in ("adadelta", "adagrad", "adam", "adamax", "nadam")
    },
    "regularizers.ActivityRegularizer": "regularizers.L1L2",
    "regularizers.WeightRegularizer": "regularizers.L1L2",
    "regularizers.activity_l1": "regularizers.L1",
    "regularizers.activity_l1l2": "regularizers.l1_l2",
    "regularizers.activity_l2": "regularizers.L2",
    "regularizers.l1l2": "regularizers.l1_l2",
    **dict.fromkeys(("src.engine.Container", "src.engine.Model", "src.engine.Network"), "Model"),
    "src.engine.Input": "Input",
    "src.engine.Sequential": "Sequential",
    **{"src.engine." + name: "layers." + name for name in ("InputLayer", "InputSpec", "Layer")},
    "src.engine.get_source_inputs": "utils.get_source_inputs",
    "utils.plot": "utils.plot_model",
}

#: Names that nothing can stand in for, with the remedy.
GONE: Dict[str, str] = {
    "layers.Highway": "Build the layer from Dense, multiply and add.",
    "layers.MaxoutDense": "Build the layer from Dense, Reshape and maximum.",
    **dict.fromkeys(
        ("metrics.fbeta_score", "metrics.fmeasure", "metrics.precision", "metrics.recall"),
        "Use keras.metrics.Precision() or Recall(), or scikit-learn's scores of the predictions.",
    ),
    "models.Graph": "Use the functional API: keras.models.Model(inputs, outputs).",
    "utils.HDF5Matrix": "Read the data by h5py.File(path)[name][:].",
}

#: Keywords of Keras 1, and their names since Keras 2; None where they have no effect today.
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
ORDERING: Names = {"dim_ordering": "data_format"}


def _each(layers: str, names: Names) -> Dict[str, Names]:
    return dict.fromkeys(layers.split(), names)


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
    **_each("SimpleRNN LSTM GRU", _RECURRENT),
    **_each("Conv1D Conv2D Conv2DTranspose Conv3D Conv3DTranspose LocallyConnected1D LocallyConnected2D", _CONVOLUTION),
    **_each("SeparableConv1D SeparableConv2D", _CONVOLUTION),
    **_each("MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D", _POOLING),
    **_each("GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D", _POOLING),
    **_each("GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D", _POOLING),
    **_each("Dropout GaussianDropout SpatialDropout1D SpatialDropout2D", _RATE),
    **_each("Cropping2D Flatten UpSampling2D UpSampling3D ZeroPadding2D", ORDERING),
}

#: Kernel sizes that Keras 1 took one by one.
SIZES: Tuple[str, ...] = ("kernel_dim1", "kernel_dim2", "kernel_dim3", "nb_row", "nb_col")
#: Layers whose kernel has more than one axis, and how many; Keras 1 took its sizes as separate numbers.
AXES: Dict[str, int] = {"Conv2D": 2, "Conv2DTranspose": 2, "Conv3D": 3, "LocallyConnected2D": 2, "SeparableConv2D": 2}
#: Values that were spelt otherwise.
ORDERINGS: Dict[str, Optional[str]] = {"th": "channels_first", "tf": "channels_last", "default": None}

TO_CATEGORICAL: Names = {"nb_classes": "num_classes"}
MODEL: Names = {"input": "inputs", "output": "outputs"}
COMPILE: Names = {"class_mode": None, "options": None, "sample_weight_mode": None}
_ONE_PROCESS: Names = {"use_multiprocessing": None}  # a fork of a process that runs TensorFlow may hang
FIT: Names = {"nb_epoch": "epochs", "show_accuracy": None, "accuracy": None, **_ONE_PROCESS}
EVALUATE: Names = {"show_accuracy": None, **_ONE_PROCESS}
PREDICT: Names = _ONE_PROCESS
GENERATOR: Names = {
    **FIT,
    **dict.fromkeys(("max_q_size", "max_queue_size", "nb_worker", "pickle_safe", "wait_time", "workers")),
}

"""What only scripts for older libraries say, as tables; each entry was tried on Keras 3.15 and fails there.

Most of it is what the probe's shims know; a dotted name is counted from `keras`, be it on its own or within TensorFlow.
"""

from trainprobe.compat import (
    keras_names,
    keras_optimizers,
    keras_tables,
    keras_training,
    numpy_names,
    pandas_calls,
    scikit_names,
    tensorflow_names,
)

_STILL_THERE = {"legacy", "wrappers"}

_BACKEND = frozenset(
    {"function", "get_session", "in_test_phase", "in_train_phase", "learning_phase", "learning_phase_scope"}
    | {"manual_variable_initialization", "placeholder", "set_learning_phase", "set_session", "print_tensor"}
    | {"local_conv1d", "local_conv2d"}
)
"""What TensorFlow's `keras.backend` lost as well, and tf-keras still has."""

NAMES = (
    ({*keras_tables.MODULES, *keras_names.MADE, *keras_names.BUILT, *keras_tables.GONE} - _STILL_THERE)
    | {name for name in keras_tables.NAMES if not name.startswith("src.")}
    | {f"backend.{name}" for name in _BACKEND}
    | {"callbacks.BaseLogger", "callbacks.experimental", "estimator", "experimental", "layers.BatchNormalizationV2"}
    | {"layers.DenseFeatures", "layers.LocallyConnected1D", "layers.LocallyConnected2D", "layers.experimental"}
    | {"layers.preprocessing", "models.model_from_config", "models.model_from_yaml", "optimizers.experimental"}
    | {"utils.GeneratorEnqueuer", "utils.OrderedEnqueuer", "utils.conv_utils"}
)
"""Modules and names that are gone, with all below them; tf-keras still has those of the last set."""

_SHORT = "mse mae mape msle kld logcosh MSE MAE MAPE MSLE KLD kullback_leibler_divergence"
STANDALONE_NAMES = frozenset(f"{module}.{name}" for module in ("losses", "metrics") for name in _SHORT.split()) | {
    "layers.ThresholdedReLU",
    "preprocessing.text",
}
"""Names that `keras` itself lost and TensorFlow's kept."""

KEPT = {
    "backend": frozenset(
        {"backend", "clear_session", "epsilon", "floatx", "get_uid", "image_data_format", "is_float_dtype"}
        | {"is_int_dtype", "is_keras_tensor", "result_type", "set_epsilon", "set_floatx", "set_image_data_format"}
        | {"standardize_dtype"}
    ),
    "preprocessing.image": frozenset({"array_to_img", "img_to_array", "load_img", "save_img", "smart_resize"}),
    "preprocessing.sequence": frozenset({"pad_sequences"}),
    "preprocessing.text": frozenset[str](),
}
"""Modules of `keras` itself of which only this is left; TensorFlow's own still have the rest."""

TENSORFLOW_1 = frozenset(
    {*tensorflow_names.GONE, "placeholder", "Session", "InteractiveSession", "ConfigProto", "GPUOptions"}
    | {"reset_default_graph", "get_default_graph", "global_variables_initializer", "app", "flags", "logging", "layers"}
    | {"get_variable", "variable_scope", "to_float", "to_int32", "log", "set_random_seed", "train.AdamOptimizer"}
    | {"train.GradientDescentOptimizer", "train.RMSPropOptimizer", "train.Saver", "random_normal", "truncated_normal"}
    | {"enable_eager_execution", "summary.FileWriter", "summary.merge_all", "losses.softmax_cross_entropy"}
)
"""Names that are gone from `tensorflow` itself."""

SEPARATE = frozenset(root for root in keras_tables.ROOTS if root.startswith("keras_"))
"""Parts of Keras that were libraries of their own for a while."""

OTHERS = (
    SEPARATE
    | set(scikit_names.MODULES)
    | {f"sklearn.preprocessing.{name}" for name in scikit_names.PREPROCESSING}
    | {f"numpy.{name}" for name in (*numpy_names.NAMES, *numpy_names.BUILT)}
) - {"numpy.bool", "numpy.long", "numpy.row_stack"}
"""Names that are gone from other libraries, but for those that have come back, or are still there."""

PANDAS = {*pandas_calls.METHODS, "ix"} - {"append", "iteritems"}
"""Names that frames of pandas no longer have, but for those that lists and the dictionaries of Python 2 have too."""

PYTHON_2 = frozenset({"print_function", "division", "absolute_import", "unicode_literals"})
"""What scripts import from `__future__` that are as old as Keras was on its own."""

OF_MODELS_ONLY = frozenset({"predict_proba", "reset_states"})
"""Methods of models that are gone, of a name that other libraries have too: counted for Keras models only."""

METHODS = {*keras_training.METHODS, "to_yaml", "uses_learning_phase"} - OF_MODELS_ONLY
"""The others."""

_FITTING = ("fit", "evaluate", "predict", "fit_generator", "evaluate_generator", "predict_generator")
METHOD_KEYWORDS = {
    **dict.fromkeys(_FITTING, frozenset(keras_tables.GENERATOR) | keras_training.KERAS_1),
    "compile": frozenset(keras_tables.COMPILE) | {"target_tensors"},
}
"""Keywords that are gone from the methods of models."""

LAYER_KEYWORDS = (
    frozenset(word for names in keras_tables.LAYERS.values() for word in names)
    | frozenset(keras_tables.SIZES)
    | {"batch_input_shape", "weights"}
) - {"dropout", "output_shape", "sigma"}
"""What layers no longer take, but for words that another layer takes today."""

LAYER_KEYWORDS_STILL_THERE = {"Embedding": frozenset({"output_dim", "weights"}), "EinsumDense": frozenset({"bias"})}
"""Of those, what some layers still take."""

KEYWORDS = {
    **dict.fromkeys(keras_optimizers.ORDER, frozenset(keras_optimizers.OLD) - {"decay"}),  # it is only ignored
    "ModelCheckpoint": frozenset({"period"}),
    "TensorBoard": frozenset({"write_grads", "batch_size", "embeddings_layer_names", "embeddings_data"}),
    "ReduceLROnPlateau": frozenset({"epsilon"}),
    "Model": frozenset(keras_tables.MODEL),
    "to_categorical": frozenset(keras_tables.TO_CATEGORICAL),
    "InputLayer": frozenset({"batch_input_shape"}),
}
"""Keywords that are gone from what is called so."""

LOSSES = frozenset({"cosine_proximity", "kullback_leibler_divergence", "logcosh"})
"""Losses that are no longer known by that text."""

MODERN = ("ops", "random", "distribution", "tree", "saving.KerasFileEditor", "quantizers", "layers.TFSMLayer")
"""What only Keras 3 has."""

"""What only scripts for older Keras say, as tables; each entry was tried on Keras 3.15 and fails there.

A dotted name is counted from `keras`, be it on its own or within TensorFlow.
"""

from __future__ import annotations

MODULES = frozenset(
    {
        "engine",
        "initializations",
        "layers.advanced_activations",
        "layers.convolutional",
        "layers.convolutional_recurrent",
        "layers.core",
        "layers.cudnn_recurrent",
        "layers.embeddings",
        "layers.experimental",
        "layers.local",
        "layers.merge",
        "layers.noise",
        "layers.normalization",
        "layers.pooling",
        "layers.preprocessing",
        "layers.recurrent",
        "layers.wrappers",
        "legacy.layers",
        "objectives",
        "optimizer_v2",
        "optimizers.adadelta",
        "optimizers.adagrad",
        "optimizers.adam",
        "optimizers.adam_v2",
        "optimizers.adamax",
        "optimizers.experimental",
        "optimizers.gradient_descent_v2",
        "optimizers.nadam",
        "optimizers.optimizer_v2",
        "optimizers.rmsprop",
        "optimizers.rmsprop_v2",
        "optimizers.sgd",
        "utils.conv_utils",
        "utils.data_utils",
        "utils.generic_utils",
        "utils.io_utils",
        "utils.layer_utils",
        "utils.multi_gpu_utils",
        "utils.np_utils",
        "utils.training_utils",
        "utils.vis_utils",
        "utils.visualize_util",
        "wrappers.scikit_learn",
    }
)
"""Modules that are gone, with all below them."""

NAMES = frozenset(
    {
        "applications.imagenet_utils._obtain_input_shape",
        "applications.mobilenet.DepthwiseConv2D",
        "applications.mobilenet.relu6",
        "backend.tensorflow_backend",
        "callbacks.BaseLogger",
        "callbacks.callbacks",
        "callbacks.experimental",
        "callbacks.tensorboard_v1",
        "constraints.maxnorm",
        "constraints.nonneg",
        "constraints.unitnorm",
        "estimator",
        "experimental",
        "layers.AtrousConvolution1D",
        "layers.AtrousConvolution2D",
        "layers.BatchNormalizationV2",
        "layers.CuDNNGRU",
        "layers.CuDNNLSTM",
        "layers.Deconvolution2D",
        "layers.Deconvolution3D",
        "layers.DenseFeatures",
        "layers.Highway",
        "layers.LocallyConnected1D",
        "layers.LocallyConnected2D",
        "layers.MaxoutDense",
        "layers.Merge",
        "layers.TimeDistributedDense",
        "losses.cosine_proximity",
        "metrics.fbeta_score",
        "metrics.precision",
        "mixed_precision.experimental",
        "models.Graph",
        "models.model_from_config",
        "models.model_from_yaml",
        "regularizers.WeightRegularizer",
        "regularizers.activity_l1",
        "regularizers.activity_l1l2",
        "regularizers.activity_l2",
        "regularizers.l1l2",
        "utils.GeneratorEnqueuer",
        "utils.HDF5Matrix",
        "utils.OrderedEnqueuer",
        "utils.multi_gpu_model",
        "utils.plot",
        "utils.print_summary",
    }
)
"""Names that are gone from modules which are still there."""

STANDALONE_NAMES = frozenset(
    {
        f"{module}.{name}"
        for module in ("losses", "metrics")
        for name in ("mse", "mae", "mape", "msle", "kld", "logcosh")
    }
    | {f"{module}.{name}" for module in ("losses", "metrics") for name in ("MSE", "MAE", "MAPE", "MSLE", "KLD")}
    | {"losses.kullback_leibler_divergence", "metrics.kullback_leibler_divergence", "layers.ThresholdedReLU"}
)
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

GONE_FROM_BACKEND = frozenset(
    {"function", "get_session", "in_test_phase", "in_train_phase", "learning_phase", "learning_phase_scope"}
    | {"manual_variable_initialization", "placeholder", "set_learning_phase", "set_session", "image_dim_ordering"}
    | {"set_image_dim_ordering", "print_tensor", "tf", "local_conv1d", "local_conv2d", "tensorflow_backend"}
)
"""What TensorFlow's `keras.backend` lost as well."""

TENSORFLOW_1 = frozenset(
    {"contrib", "placeholder", "Session", "InteractiveSession", "ConfigProto", "GPUOptions", "set_random_seed"}
    | {"reset_default_graph", "get_default_graph", "global_variables_initializer", "app", "flags", "logging", "layers"}
    | {"get_variable", "variable_scope", "estimator", "to_float", "to_int32", "log", "examples", "train.AdamOptimizer"}
    | {"train.GradientDescentOptimizer", "train.RMSPropOptimizer", "train.Saver", "random_normal", "truncated_normal"}
    | {"enable_eager_execution", "summary.FileWriter", "summary.merge_all", "losses.softmax_cross_entropy"}
)
"""Names that are gone from `tensorflow` itself."""

SCIKIT = frozenset(
    {"sklearn.cross_validation", "sklearn.grid_search", "sklearn.learning_curve", "sklearn.externals.joblib"}
    | {"sklearn.datasets.samples_generator", "sklearn.preprocessing.Imputer", "sklearn.preprocessing.imputation"}
    | {"sklearn.ensemble.forest", "sklearn.linear_model.logistic", "sklearn.metrics.classification"}
    | {"sklearn.neighbors.classification", "sklearn.neural_network.multilayer_perceptron", "sklearn.svm.classes"}
    | {"sklearn.preprocessing.data", "sklearn.preprocessing.label", "sklearn.tree.tree", "sklearn.metrics.ranking"}
)
"""Modules of scikit-learn that are gone; the same shims serve them."""

NUMPY = frozenset(
    {"float", "int", "object", "complex", "str", "unicode", "Inf", "Infinity", "NaN", "PINF", "alltrue", "bool8"}
    | {"complex_", "cumproduct", "float_", "in1d", "infty", "object0", "product", "round_", "sometrue", "string_"}
    | {"trapz", "unicode_", "asscalar"}
)
"""Names that are gone from NumPy; the same shims serve them."""

PANDAS = frozenset({"as_matrix", "ix"})
"""Names that frames of pandas no longer have."""

SEPARATE = frozenset({"keras_applications", "keras_preprocessing"})
"""Parts of Keras that were libraries of their own for a while."""

PYTHON_2 = frozenset({"print_function", "division", "absolute_import", "unicode_literals"})
"""What scripts import from `__future__` that are as old as Keras was on its own."""

METHODS = frozenset(
    {"fit_generator", "evaluate_generator", "predict_generator", "predict_classes", "to_yaml", "uses_learning_phase"}
)
"""Methods of models that are gone."""

OF_MODELS_ONLY = frozenset({"predict_proba", "reset_states"})
"""The same, of a name that other libraries have too: counted for what is made as a Keras model only."""

FIT_KEYWORDS = frozenset(
    {"nb_epoch", "show_accuracy", "samples_per_epoch", "nb_val_samples", "max_q_size", "max_queue_size", "nb_worker"}
    | {"pickle_safe", "workers", "use_multiprocessing"}
)
COMPILE_KEYWORDS = frozenset({"class_mode", "sample_weight_mode", "target_tensors", "options"})

LAYER_KEYWORDS = frozenset(
    {"init", "output_dim", "border_mode", "subsample", "dim_ordering", "nb_filter", "nb_row", "nb_col", "W_regularizer"}
    | {"b_regularizer", "W_constraint", "b_constraint", "U_regularizer", "inner_init", "inner_activation", "bias"}
    | {"dropout_W", "dropout_U", "consume_less", "forget_bias_init", "filter_length", "pool_length", "subsample_length"}
    | {"batch_input_shape", "weights", "atrous_rate", "p", "mode", "kernel_dim1"}
)
LAYER_KEYWORDS_STILL_THERE = {"Embedding": frozenset({"output_dim", "weights"}), "EinsumDense": frozenset({"bias"})}
"""Of those, what some layers still take."""

KEYWORDS = {
    **dict.fromkeys(
        ("SGD", "Adam", "RMSprop", "Adadelta", "Adagrad", "Adamax", "Nadam"), frozenset({"lr", "schedule_decay"})
    ),
    "ModelCheckpoint": frozenset({"period"}),
    "TensorBoard": frozenset({"write_grads", "batch_size", "embeddings_layer_names", "embeddings_data"}),
    "ReduceLROnPlateau": frozenset({"epsilon"}),
    "Model": frozenset({"input", "output"}),
    "to_categorical": frozenset({"nb_classes"}),
    "InputLayer": frozenset({"batch_input_shape"}),
}
"""Keywords that are gone from what is called so."""

LOSSES = frozenset({"cosine_proximity", "kullback_leibler_divergence", "logcosh"})
"""Losses that are no longer known by that text."""

MODERN = ("ops", "random", "distribution", "tree", "saving.KerasFileEditor", "quantizers", "layers.TFSMLayer")
"""What only Keras 3 has."""

"""The operators of mutation: faults in the data, in the training, in the layers, and in the settings of estimators."""

import re
from collections.abc import Callable

from benchmarks.faults.operator import Operator, Substitution, operator

ARGUMENTS = r"(?:[^()]|\([^()]*\))*"
LAYER = rf"(\b(?:Dense|Conv2D|GRU)\({ARGUMENTS})\)"
HIDDEN = rf"{LAYER}(?=[\s\S]*\bDense\()"
LAST = r"(?![\s\S]*\b(?:Dense|Linear)\()"
ON_A_LINE = rf"^( *(?:model\.add\()?(?:layers\.)?)(Dense\({ARGUMENTS}\))(\)?,?\n)"
"""A layer that is an item of a list or added to the model, alone on its line."""
BEHIND_MODEL = r"^(?=criterion = [\s\S]*\((\w+)\.parameters\(\))"
"""The place behind the making of a network in PyTorch, with its name."""
RELU = r"""(?<=, )activation=(["'])relu\1"""

SPLIT = r"^( *)(\w+), (\w+), (\w+), \w+ = train_test_split\(.*\n"
"""The split, with its indentation, the inputs to train and to test on, and the labels to train on."""
SPLIT_ALONE = r"^( *)(\w+), (\w+) = train_test_split\(.*\n"
CLASSES = r"(?![\s\S]*r2_score\()"
NETWORK = r"(?=[\s\S]*\b(?:keras|layers|torch)\.)"
ANY_WIDTH = r"(?:(?=[\s\S]*shape\[1\])|(?![\s\S]*\b(?:keras|layers|torch)\.))"


def behind_split(*lines: str, where: str = "") -> tuple[Substitution, ...]:
    """Return the insertion of *lines* behind the split, in which X, T and Y are the inputs, the test's and the labels.

    Where there are no labels, the lines that mention none are inserted.
    """
    groups = {"X": r"\2", "T": r"\3", "Y": r"\4"}

    def inserted(some: list[str]) -> str:
        written = (re.sub(r"\b[XTY]\b", lambda found: groups[found[0]], line) for line in some)
        return r"\g<0>" + "".join(rf"\1{line}" + "\n" for line in written)

    unlabelled = [line for line in lines if not re.search(r"\bY\b", line)]
    return ((SPLIT + where, inserted(list(lines))), (SPLIT_ALONE + where, inserted(unlabelled)))


def times(factor: float) -> Callable[[re.Match[str]], str]:
    """Return what multiplies the number in a pattern's second group."""
    return lambda found: f"{found[1]}{float(found[2]) * factor:g}"


def argument(name: str, *values: str) -> dict[str, tuple[Substitution, ...]]:
    """Return the variants that write other *values* for an argument, or for a constant of that name."""
    return {value: ((rf"\b({name} ?= ?)(?![A-Z])(?:\([^()]*\)|[^,()\n]+)", rf"\g<1>{value}"),) for value in values}


def losses(**others: str) -> dict[str, tuple[Substitution, ...]]:
    """Return the variants that put another loss in the place of each."""
    return {f"{new} for {old}": ((rf"""(["']|\b){old}(["']|\()""", rf"\g<1>{new}\2"),) for old, new in others.items()}


def with_argument(text: str, layer: str = HIDDEN) -> Substitution:
    """Return the substitution that gives layers of Keras one more argument."""
    return layer, rf"\1, {text})"


def behind_model(*lines: str) -> Substitution:
    """Return the substitution that inserts *lines* behind the making of a network in PyTorch, of the name NET."""
    return BEHIND_MODEL, "".join(line.replace("NET", r"\1") + "\n" for line in lines)


RATE = r"\b((?:learning_rate|learning_rate_init|lr|LR) ?= ?)([\d.]+)"
STEP = r"^( *)(optimizer\.step\(\))"
CLIPPED = r'\1torch.nn.utils.clip_grad_norm_(optimizer.param_groups[0]["params"], 1e-5)' + "\n" + r"\1\2"
KERAS_OPTIMIZER = rf"(keras\.optimizers\.)\w+\({ARGUMENTS}\)"
TORCH_OPTIMIZER = r"(optim\.)\w+\((\w+\.parameters\(\)).*\)$"
TOO_LOW = ("learning_rate_too_low", "mlp_learning_rate_too_low", "boosting_learning_rate_too_low")
TOO_HIGH = ("learning_rate_too_high", "mlp_learning_rate_too_high", "boosting_learning_rate_too_high")
TOO_SHORT = ("too_few_steps", "still_improving", "not_converged")
OUTPUT = ("wrong_output_layer", "wrong_loss", "double_softmax", "unreachable_labels")


def optimizer(name: str) -> tuple[Substitution, ...]:
    """Return the substitutions that put another optimizer with a small rate in the place of each."""
    return (
        (KERAS_OPTIMIZER, rf"\1{name}(learning_rate=0.001)"),
        (TORCH_OPTIMIZER, rf"\1{name}(\2, lr=0.001)"),
    )


def activation(keras: str, torch: str, function: str) -> tuple[Substitution, ...]:
    """Return the substitutions that put another activation in the place of every hidden ReLU."""
    return (
        (RELU, f'activation="{keras}"'),
        (r"nn\.ReLU\(\)", f"nn.{torch}"),
        (r"F\.relu\((self\.\w+\(x\))\)", function),
    )


def output(name: str, torch: str = "") -> tuple[Substitution, ...]:
    """Return the substitutions that put another activation on the output."""
    given = rf"""activation=(["'])(?:softmax|sigmoid)\1(?=\){LAST})"""
    none = rf"(\bDense\(1)\){LAST}"
    last = rf"(nn\.Linear\([^()]*\))(?=,?\s*\)\n){LAST}"
    changed = ((given, rf"activation=\1{name}\1"),)
    added = ((none, rf'\1, activation="{name}")'),) if name != "linear" else ()
    return (*changed, *added, *(((last, rf"\1, nn.{torch}"),) if torch else ()))


def constant(value: str) -> tuple[Substitution, ...]:
    """Return the substitutions that give all weights the same value."""
    keras = with_argument(f'kernel_initializer="{value}"', LAYER)
    return keras, behind_model("for p in NET.parameters():", f"    nn.init.{value}_(p)")


IN_DATA = (
    operator("labels_wrong", "DeepCrime TCL; DeepMutation LE", in_data=True, most=behind_split(
        "mixed = np.random.RandomState(0).permutation(len(Y))[: len(Y) * 6 // 10]",
        "Y[mixed] = np.roll(Y[mixed], 1, axis=0)")),
    operator("labels_shifted", "DeepMutation DF", "unrelated_labels", in_data=True,
             by_one=behind_split("Y = np.roll(Y, 1, axis=0)")),
    operator("labels_scaled", "taxonomy: wrong preprocessing", "labels_are_no_classes", in_data=True,
             divided=behind_split("Y = Y / 255.0", where=NETWORK)),
    operator("inputs_noisy", "DeepCrime TAN; DeepMutation NP", in_data=True, much=behind_split(
        "X = (X + np.random.RandomState(0).normal(0, 3 * X.std(axis=0) + 0.01, X.shape)).astype(X.dtype)",
        where=r"(?![\s\S]*Embedding\()")),
    operator("rows_removed", "DeepCrime TRD; DeepMutation DM", "small_dataset", "few_rows", in_data=True,
             most=behind_split("X = X[: len(X) // 25]", "Y = Y[: len(Y) // 25]")),
    operator("rows_repeated", "DeepMutation DR", "repeated_rows", "small_dataset", in_data=True, few=behind_split(
        "X = np.repeat(X[: len(X) // 25], 25, axis=0)", "Y = np.repeat(Y[: len(Y) // 25], 25, axis=0)")),
    operator("unbalanced", "DeepCrime TUD", "class_imbalance", in_data=True, strongly=behind_split(
        "kept = (Y == Y[0]) | (np.random.RandomState(0).rand(len(Y)) < 0.02)", "X = X[kept]", "Y = Y[kept]",
        where=CLASSES)),
    operator("classes_overlap", "DeepCrime TCO", "ceiling", in_data=True, all=behind_split(
        "X = np.concatenate([X, X, X])", "Y = np.concatenate([Y, Y[::-1], np.roll(Y, 1)])", where=CLASSES)),
    operator("target_leaked", "taxonomy: wrong selection of features", "label_among_inputs", in_data=True,
             column=behind_split("X = np.column_stack([X, Y])",
                                 "T = np.column_stack([T, np.full(len(T), np.mean(Y))])", where=ANY_WIDTH)),
    operator("test_unscaled", "taxonomy: missing preprocessing", in_data=True,
             scaler=((r"\b(?:sc|scaler)\.transform\((\w+_test)\)", r"\1"),)),
)  # fmt: skip
IN_TRAINING = (
    operator("unscaled", "taxonomy: missing preprocessing", "unscaled_inputs",
             scaler=((r"\b(?:sc|scaler)\.(?:fit_)?transform\((\w+)\)", r"\1"), (r"StandardScaler\(\), ", "")),
             division=((r" / 16\.0", ""),)),
    operator("epochs_few", "DeepCrime HNE", *TOO_SHORT,
             one=((r"\b((?:n_|num_)?(?:epochs|EPOCHS|max_iter) ?= ?)\d+", r"\g<1>1"),)),
    operator("rate_tiny", "DeepCrime HLR", *TOO_LOW, thousandth=((RATE, times(0.001)),)),
    operator("rate_huge", "taxonomy: suboptimal learning rate", *TOO_HIGH, hundredfold=((RATE, times(100)),)),
    operator("batch_full", "DeepCrime HBS, HDB", "batches_too_large", "too_few_steps",
             all=((r"\b(batch_size ?= ?|BATCH_SIZE = )\d+", r"\g<1>4096"),)),
    operator("optimizer_other", "DeepCrime OCH", *TOO_LOW, "too_few_steps",
             sgd=optimizer("SGD"), adadelta=optimizer("Adadelta")),
    Operator("loss_wrong", "DeepCrime LCH", losses(
        sparse_categorical_crossentropy="mse", categorical_crossentropy="mae", binary_crossentropy="hinge",
        mse="binary_crossentropy", SparseCategoricalCrossentropy="MeanSquaredError",
        CrossEntropyLoss="NLLLoss", MSELoss="BCEWithLogitsLoss",
    ), frozenset({"wrong_loss", "class_loss_on_amounts"})),
    operator("loss_of_classes", "DeepCrime LCH", "wrong_loss", "wrong_output_layer",
             one_unit=((r"binary_crossentropy", "categorical_crossentropy"),),
             many_units=((r"sparse_categorical_crossentropy", "binary_crossentropy"),)),
    operator("gradients_clipped", "DeepCrime OCG",
             tiny=((rf"(keras\.optimizers\.\w+\({ARGUMENTS})\)", r"\1, clipnorm=1e-5)"), (STEP, CLIPPED))),
    operator("stopping_impatient", "DeepCrime RCP", "early_stopping_too_early",
             at_once=((r"patience=\d+", "patience=0"),), by_much=((r"patience=\d+", "patience=1, min_delta=0.5"),)),
    operator("validation_lost", "DeepCrime VRM",
             none=((r", validation_(?:split|data)=(?:[\d.]+|\([^()]*\))", ""),)),
    operator("gradients_kept", "taxonomy: missing reset of gradients", "missing_zero_grad",
             never_reset=((r"^ *optimizer\.zero_grad\(\)\n", ""),)),
    operator("rows_sorted", "DeepMutation DF", by_class=(
        *behind_split("order = np.argsort(Y)", "X, Y = X[order], Y[order]", where=r"(?=[\s\S]*model\.fit\()" + CLASSES),
        (r"(model\.fit\(.*)\)$" + CLASSES, r"\1, shuffle=False)"))),
)  # fmt: skip
IN_LAYERS = (
    operator("activation_removed", "DeepCrime ARM; DeepMutation AFRs", "no_activation",
             linear=activation("linear", "Identity()", r"\1")),
    operator("activation_changed", "DeepCrime ACH", "saturating_activations",
             sigmoid=activation("sigmoid", "Sigmoid()", r"torch.sigmoid(\1)"),
             softmax=activation("softmax", "Softmax(dim=-1)", r"F.softmax(\1, dim=1)")),
    operator("output_changed", "DeepCrime ACH, ARM, AAL", *OUTPUT,
             relu=output("relu"), linear=output("linear"), tanh=output("tanh", "Tanh()"),
             sigmoid=output("sigmoid", "Sigmoid()"), softmax=output("softmax", "Softmax(dim=1)")),
    operator("weights_constant", "DeepCrime WCI", "identical_initial_weights",
             zeros=constant("zeros"), ones=constant("ones")),
    operator("biases_removed", "DeepCrime WRB",
             all=(with_argument("use_bias=False", LAYER), (r"(nn\.(?:Linear|Conv2d)\([^()]*)\)", r"\1, bias=False)"))),
    operator("layers_removed", "DeepMutation LR", "no_hidden_layer",
             dense=((ON_A_LINE + r"(?=[\s\S]*\bDense\()", ""),)),
    operator("layers_added", "DeepMutation LAs", "saturating_activations",
             sigmoids=((ON_A_LINE + LAST, r'\1Dense(16, activation="sigmoid")\3' * 8 + r"\1\2\3"),)),
    operator("narrow", "taxonomy: suboptimal number of units", "bottleneck",
             dense=((r"(\bDense\()\d+(?=[\s\S]*\bDense\()", r"\g<1>1"), (r"^(HIDDEN|hidden) = \d+", r"\1 = 1")),
             code=((r"^latent_dim = \d+", "latent_dim = 1"),),
             perceptron=((r"hidden_layer_sizes=\(\d+,\)", "hidden_layer_sizes=(1,)"),)),
    operator("filters_few", "taxonomy: suboptimal number of units", "too_few_filters", "bottleneck",
             one=((r"Conv2D\(\d+", "Conv2D(1"), (r"Conv2d\(1, 12", "Conv2d(1, 1"), (r"Linear\(12 \*", "Linear(1 *"))),
    operator("dropout_high", "DeepCrime RCD", "too_much_dropout", most=((r"(Dropout\()[\d.]+", r"\g<1>0.95"),)),
    operator("penalty_strong", "DeepCrime RAW, RCW", "over_regularized", one=(
        with_argument("kernel_regularizer=keras.regularizers.L2(1.0)"),
        (r"(optim\.\w+\(\w+\.parameters\(\).*)\)$", r"\1, weight_decay=1.0)"))),
    operator("frozen", "taxonomy: layers that are not trained", "frozen_layers", hidden=(
        with_argument("trainable=False"),
        behind_model("for p in list(NET.parameters())[:-2]:", "    p.requires_grad = False"))),
)  # fmt: skip
ESTIMATORS = "DeepCrime's operators on settings, for estimators"
IN_ESTIMATORS = (
    Operator("C_wrong", ESTIMATORS, argument("C", "0.0001", "0.003"), frozenset({"penalty_too_strong"})),
    Operator("gamma_wrong", ESTIMATORS, argument("gamma", "100.0", "1e-5"), frozenset({"gamma_out_of_range"})),
    Operator("kernel_wrong", ESTIMATORS, argument("kernel", '"sigmoid"', '"poly"'), frozenset({"unsuitable_kernel"})),
    Operator("alpha_wrong", ESTIMATORS, argument("alpha", "100.0", "10000.0"), frozenset({"penalty_too_strong"})),
    Operator("n_neighbors_wrong", ESTIMATORS, argument("n_neighbors", "150", "300"),
             frozenset({"too_many_neighbours"})),
    Operator("n_estimators_wrong", ESTIMATORS, argument("(?:n_estimators|N_TREES)", "1", "3"),
             frozenset({"too_few_trees"})),
    Operator("max_depth_wrong", ESTIMATORS, argument("max_depth", "1", "2"), frozenset({"trees_too_shallow"})),
    Operator("min_samples_leaf_wrong", ESTIMATORS, argument("min_samples_leaf", "100", "300"),
             frozenset({"leaves_too_large"})),
    Operator("activation_wrong", ESTIMATORS, {
        name: ((r'^( +activation=)"relu"', rf'\1"{name}"'),) for name in ("identity", "logistic")
    }, frozenset({"no_activation", "saturating_activations"})),
    Operator("solver_wrong", ESTIMATORS, argument("solver", '"sgd"', '"lbfgs"'),
             frozenset({"not_converged", "mlp_learning_rate_too_low", "learning_rate_too_low"})),
)  # fmt: skip
OPERATORS = (*IN_DATA, *IN_TRAINING, *IN_LAYERS, *IN_ESTIMATORS)

"""Edits of Keras networks in every style in which people build them."""

from tests.unit.tweaker import keras_scripts as scripts
from tests.unit.tweaker.editing import Case

CASES = {
    "scale inputs: a list built before": Case(
        "scale_inputs",
        None,
        scripts.COLLECTED,
        [
            "from keras.layers import Activation, BatchNormalization, Dense, Input",
            "layers = [Input(shape=(4,)), Dense(WIDTH, kernel_initializer='zeros')]",
        ],
        [
            "import numpy as np",
            "from keras.layers import Activation, BatchNormalization, Dense, Input, Normalization",
            "normalization = Normalization()",
            "normalization.adapt(np.asarray(X))",
            "layers = [Input(shape=(4,)), normalization, Dense(WIDTH, kernel_initializer='zeros')]",
        ],
    ),
    "scale inputs: layers added by a function with a loop": Case(
        "scale_inputs",
        None,
        scripts.LOOPED,
        [
            "from tensorflow.keras.layers import Dense, Dropout",
            '    model.add(Dense(width, activation="sigmoid", input_shape=(6,)))',
        ],
        [
            "from tensorflow.keras.layers import Dense, Dropout, BatchNormalization",
            "    model.add(BatchNormalization(momentum=0.9, input_shape=(6,)))",
            '    model.add(Dense(width, activation="sigmoid"))',
        ],
    ),
    "scale inputs: a class of its own": Case(
        "scale_inputs",
        None,
        scripts.SUBCLASSED,
        ["        x = self.hidden(inputs)"],
        [
            "        self.batch_normalization = layers.BatchNormalization(momentum=0.9)",
            "        x = self.hidden(self.batch_normalization(inputs))",
        ],
    ),
    "scale inputs: the first layers are made by a function": Case(
        "scale_inputs",
        255.0,
        scripts.TWO_NETWORKS,
        ["    x = block(inputs, 4)"],
        ["    x = block(Rescaling(1. / 255)(inputs), 4)"],
    ),
    "units: a constant, in a list built before": Case("units", 16, scripts.COLLECTED, ["WIDTH = 4"], ["WIDTH = 16"]),
    "units: the default of a function, and in a loop": Case(
        "units",
        16,
        scripts.LOOPED,
        ["def build_model(width=5):", '        model.add(Dense(8, activation="sigmoid", kernel_regularizer=l2(0.5)))'],
        [
            "def build_model(width=16):",
            '        model.add(Dense(16, activation="sigmoid", kernel_regularizer=l2(0.5)))',
        ],
    ),
    "units: two inputs": Case(
        "units",
        16,
        scripts.BRANCHES,
        [
            "a = keras.layers.Dense(4, activation=tf.nn.tanh)(a_in)",
            "b = keras.layers.Dense(4)(b_in)",
            "x = keras.layers.Dense(6, kernel_regularizer=keras.regularizers.L1L2(0.1, 0.2))(x)",
        ],
        [
            "a = keras.layers.Dense(16, activation=tf.nn.tanh)(a_in)",
            "b = keras.layers.Dense(16)(b_in)",
            "x = keras.layers.Dense(16, kernel_regularizer=keras.regularizers.L1L2(0.1, 0.2))(x)",
        ],
    ),
    "units: a class of its own": Case(
        "units",
        16,
        scripts.SUBCLASSED,
        [
            (
                '        self.hidden = layers.Dense(6, "sigmoid", '
                "kernel_initializer=keras.initializers.RandomUniform(-9, 9))"
            )
        ],
        [
            (
                '        self.hidden = layers.Dense(16, "sigmoid", '
                "kernel_initializer=keras.initializers.RandomUniform(-9, 9))"
            )
        ],
    ),
    "dense layer: a list built before, the activation behind": Case(
        "dense_layer", 32, scripts.COLLECTED, [], ["layers.append(Dense(32, activation='tanh'))"]
    ),
    "dense layer: the loop goes on": Case("dense_layer", 8, scripts.LOOPED, ["DEPTH = 2"], ["DEPTH = 3"]),
    "dense layer: after the loop": Case(
        "dense_layer", 32, scripts.LOOPED, [], ['    model.add(Dense(32, activation="relu"))']
    ),
    "dense layer: the last one had no activation": Case(
        "dense_layer",
        32,
        scripts.BRANCHES,
        [],
        [('x = keras.layers.Dense(32, kernel_regularizer=keras.regularizers.L1L2(0.1, 0.2), activation="relu")(x)')],
    ),
    "dense layer: a class of its own": Case(
        "dense_layer",
        32,
        scripts.SUBCLASSED,
        [],
        ['        self.dense = layers.Dense(32, "sigmoid")', "        x = self.dense(x)"],
    ),
    "dense layer: the network that is trained": Case(
        "dense_layer", 32, scripts.TWO_NETWORKS, [], ['    h = Dense(32, "relu")(h)']
    ),
    "dropout: less of it, in a loop": Case(
        "dropout", 0.3, scripts.LOOPED, ["        model.add(Dropout(0.6))"], ["        model.add(Dropout(0.3))"]
    ),
    "dropout: a class of its own": Case(
        "dropout",
        0.3,
        scripts.SUBCLASSED,
        [],
        ["        self.dropout = layers.Dropout(0.3)", "        x = self.dropout(x)"],
    ),
    "dropout: star imports": Case("dropout", 0.3, scripts.TWO_NETWORKS, [], ["    h = Dropout(0.3)(h)"]),
    "scale inputs: before the loop": Case(
        "scale_inputs", None, scripts.IN_A_CLASS, [], ["        m.add(layers.BatchNormalization(momentum=0.9))"]
    ),
    "scale inputs: an input that goes two ways": Case(
        "scale_inputs",
        None,
        scripts.FORKED,
        [
            "    small = layers.Conv2D(4, 3, padding='same', activation='relu')(inputs)",
            "    large = layers.Conv2D(4, 5, padding='same', activation='relu')(inputs)",
        ],
        [
            "    prepared = layers.BatchNormalization(momentum=0.9)(inputs)",
            "    small = layers.Conv2D(4, 3, padding='same', activation='relu')(prepared)",
            "    large = layers.Conv2D(4, 5, padding='same', activation='relu')(prepared)",
        ],
    ),
    "units: a list that a loop goes through": Case(
        "units", 8, scripts.IN_A_CLASS, ["HIDDEN = [6, 4]"], ["HIDDEN = [8, 8]"]
    ),
    "dense layer: one more in the list": Case(
        "dense_layer", 5, scripts.IN_A_CLASS, ["HIDDEN = [6, 4]"], ["HIDDEN = [6, 4, 5]"]
    ),
    "optimizer: a call within several lines": Case(
        "optimizer",
        "adam",
        scripts.BRANCHES,
        ["    optimizer=keras.optimizers.SGD(0.01),"],
        ["    optimizer=keras.optimizers.Adam(),"],
    ),
}

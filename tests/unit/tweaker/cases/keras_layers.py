"""Edits of the layers of Keras networks."""

from tests.unit.tweaker import keras_scripts as scripts
from tests.unit.tweaker.editing import Case

CASES = {
    "filters: a list": Case(
        "filters",
        16,
        scripts.DIGITS,
        ["    Conv2D(4, (3, 3), activation='relu', input_shape=(8, 8, 1)),  # edges"],
        ["    Conv2D(16, (3, 3), activation='relu', input_shape=(8, 8, 1)),  # edges"],
    ),
    "filters: functional": Case(
        "filters",
        16,
        scripts.TWO_NETWORKS,
        ["    x = block(inputs, 4)", "    x = block(x, 8)", '    x = Conv2D(8, 3, activation="tanh")(x)'],
        ["    x = block(inputs, 16)", "    x = block(x, 16)", '    x = Conv2D(16, 3, activation="tanh")(x)'],
    ),
    "activation: a layer of its own": Case(
        "activation",
        "relu",
        scripts.COLLECTED,
        ["layers.append(Activation('tanh'))"],
        ["layers.append(Activation('relu'))"],
    ),
    "activation: in a loop": Case(
        "activation",
        "relu",
        scripts.LOOPED,
        [
            '    model.add(Dense(width, activation="sigmoid", input_shape=(6,)))',
            '        model.add(Dense(8, activation="sigmoid", kernel_regularizer=l2(0.5)))',
        ],
        [
            '    model.add(Dense(width, activation="relu", input_shape=(6,)))',
            '        model.add(Dense(8, activation="relu", kernel_regularizer=l2(0.5)))',
        ],
    ),
    "activation: a function, a layer, and none": Case(
        "activation",
        "relu",
        scripts.BRANCHES,
        [
            "a = keras.layers.Dense(4, activation=tf.nn.tanh)(a_in)",
            'b = keras.layers.Activation("sigmoid")(b)',
            "x = keras.layers.Dense(6, kernel_regularizer=keras.regularizers.L1L2(0.1, 0.2))(x)",
        ],
        [
            'a = keras.layers.Dense(4, activation="relu")(a_in)',
            'b = keras.layers.Activation("relu")(b)',
            ('x = keras.layers.Dense(6, kernel_regularizer=keras.regularizers.L1L2(0.1, 0.2), activation="relu")(x)'),
        ],
    ),
    "activation: by position": Case(
        "activation",
        "elu",
        scripts.TWO_NETWORKS,
        ['    x = Conv2D(8, 3, activation="tanh")(x)', '    h = Dense(7, "relu")(x)'],
        ['    x = Conv2D(8, 3, activation="elu")(x)', '    h = Dense(7, "elu")(x)'],
    ),
    "initializer: zeros": Case(
        "initializer",
        "he_normal",
        scripts.COLLECTED,
        ["layers = [Input(shape=(4,)), Dense(WIDTH, kernel_initializer='zeros')]"],
        ["layers = [Input(shape=(4,)), Dense(WIDTH, kernel_initializer='he_normal')]"],
    ),
    "initializer: a wide range": Case(
        "initializer",
        "glorot_uniform",
        scripts.SUBCLASSED,
        [
            (
                '        self.hidden = layers.Dense(6, "sigmoid", '
                "kernel_initializer=keras.initializers.RandomUniform(-9, 9))"
            )
        ],
        ['        self.hidden = layers.Dense(6, "sigmoid", kernel_initializer="glorot_uniform")'],
    ),
    "regularizer: less of it": Case(
        "regularizer",
        0.001,
        scripts.LOOPED,
        ['        model.add(Dense(8, activation="sigmoid", kernel_regularizer=l2(0.5)))'],
        ['        model.add(Dense(8, activation="sigmoid", kernel_regularizer=l2(0.001)))'],
    ),
    "regularizer: none": Case(
        "regularizer",
        0.0,
        scripts.LOOPED,
        ['        model.add(Dense(8, activation="sigmoid", kernel_regularizer=l2(0.5)))'],
        ['        model.add(Dense(8, activation="sigmoid"))'],
    ),
    "regularizer: only the larger one": Case(
        "regularizer",
        0.15,
        scripts.BRANCHES,
        ["x = keras.layers.Dense(6, kernel_regularizer=keras.regularizers.L1L2(0.1, 0.2))(x)"],
        ["x = keras.layers.Dense(6, kernel_regularizer=keras.regularizers.L1L2(0.1, 0.15))(x)"],
    ),
    "conv layer: no room to pool": Case(
        "conv_layer", None, scripts.DIGITS, [], ["    Conv2D(4, (3, 3), activation='relu', padding='same'),"]
    ),
    "conv layer: functional": Case(
        "conv_layer", None, scripts.TWO_NETWORKS, [], ['    x = Conv2D(8, 3, activation="tanh", padding="same")(x)']
    ),
    "global pooling: a list": Case(
        "global_pooling",
        None,
        scripts.DIGITS,
        ["from keras.layers import Conv2D, Dense, Flatten, MaxPooling2D", "    Flatten(),"],
        [
            "from keras.layers import Conv2D, Dense, Flatten, MaxPooling2D, GlobalAveragePooling2D",
            "    GlobalAveragePooling2D(),",
        ],
    ),
    "global pooling: functional": Case(
        "global_pooling", None, scripts.TWO_NETWORKS, ["    x = Flatten()(x)"], ["    x = GlobalAveragePooling2D()(x)"]
    ),
    "batch norm: the last of a list": Case(
        "batch_norm",
        None,
        scripts.COLLECTED,
        ["layers = [Input(shape=(4,)), Dense(WIDTH, kernel_initializer='zeros')]"],
        ["layers = [Input(shape=(4,)), Dense(WIDTH, kernel_initializer='zeros'), BatchNormalization()]"],
    ),
    "batch norm: in a loop": Case(
        "batch_norm",
        None,
        scripts.LOOPED,
        ["from tensorflow.keras.layers import Dense, Dropout"],
        [
            "from tensorflow.keras.layers import Dense, Dropout, BatchNormalization",
            "    model.add(BatchNormalization())",
            "        model.add(BatchNormalization())",
        ],
    ),
    "batch norm: a class of its own": Case(
        "batch_norm",
        None,
        scripts.SUBCLASSED,
        [],
        ["        self.batch_normalization = layers.BatchNormalization()", "        x = self.batch_normalization(x)"],
    ),
    "batch norm: functional": Case(
        "batch_norm",
        None,
        scripts.TWO_NETWORKS,
        [],
        ["    x = BatchNormalization()(x)", "    x = BatchNormalization()(x)", "    h = BatchNormalization()(h)"],
    ),
    "activation: a constant that the output shares": Case(
        "activation",
        "relu",
        scripts.IN_A_CLASS,
        ["            m.add(layers.Dense(units, activation=ACT, name=f'hidden_{n}'))"],
        ["            m.add(layers.Dense(units, activation='relu', name=f'hidden_{n}'))"],
    ),
    "conv layer: behind a fork": Case(
        "conv_layer",
        None,
        scripts.FORKED,
        [],
        ["    pooled = layers.Conv2D(4, 5, activation='relu', padding='same')(pooled)"],
    ),
    "augment: an input that goes two ways": Case(
        "augment",
        "flip+shift",
        scripts.FORKED,
        [
            "    small = layers.Conv2D(4, 3, padding='same', activation='relu')(inputs)",
            "    large = layers.Conv2D(4, 5, padding='same', activation='relu')(inputs)",
        ],
        [
            "    prepared = layers.RandomTranslation(0.1, 0.1)(layers.RandomFlip('horizontal')(inputs))",
            "    small = layers.Conv2D(4, 3, padding='same', activation='relu')(prepared)",
            "    large = layers.Conv2D(4, 5, padding='same', activation='relu')(prepared)",
        ],
    ),
    "augment: digits": Case(
        "augment",
        None,
        scripts.DIGITS,
        [
            "from keras.layers import Conv2D, Dense, Flatten, MaxPooling2D",
            "    Conv2D(4, (3, 3), activation='relu', input_shape=(8, 8, 1)),  # edges",
        ],
        [
            "from keras.layers import Conv2D, Dense, Flatten, MaxPooling2D, RandomTranslation, RandomRotation",
            "    RandomTranslation(0.1, 0.1, input_shape=(8, 8, 1)),",
            "    RandomRotation(0.05),",
            "    Conv2D(4, (3, 3), activation='relu'),  # edges",
        ],
    ),
    "augment: the first layers are made by a function": Case(
        "augment",
        "flip+zoom",
        scripts.TWO_NETWORKS,
        ["    x = block(inputs, 4)"],
        ['    x = block(RandomZoom(0.1)(RandomFlip("horizontal")(inputs)), 4)'],
    ),
}

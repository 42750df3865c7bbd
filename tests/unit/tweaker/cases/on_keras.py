"""Edits of scripts that train Keras networks."""

from tests.unit.tweaker import scripts
from tests.unit.tweaker.editing import Case

CASES = {
    "scale: layers added one by one": Case(
        "scale_inputs",
        None,
        scripts.ADDED,
        [
            "from keras.layers import Dense, Dropout",
            "model.add(Dense(12, input_dim=8, activation='relu'))   # 12 units",
        ],
        [
            "from keras.layers import Dense, Dropout, Normalization",
            "normalization = Normalization(input_dim=8)",
            "normalization.adapt(np.asarray(X))",
            "",
            "model.add(normalization)",
            "model.add(Dense(12, activation='relu'))   # 12 units",
        ],
    ),
    "scale: layers in a list": Case(
        "scale_inputs",
        None,
        scripts.LISTED,
        ['        layers.Dense(8, activation="relu", input_shape=(4,)),'],
        [
            "import numpy as np",
            "normalization = layers.Normalization(input_shape=(4,))",
            "normalization.adapt(np.asarray(train_x, dtype=float))",
            "",
            "        normalization,",
            '        layers.Dense(8, activation="relu"),',
        ],
    ),
    "scale: functional": Case(
        "scale_inputs",
        None,
        scripts.FUNCTIONAL,
        [
            "from tensorflow.keras.layers import Input, Dense",
            "    h = Dense(20, activation='tanh')(inputs)",
        ],
        [
            "from tensorflow.keras.layers import Input, Dense, Normalization",
            "    normalization = Normalization()",
            "    normalization.adapt(np.asarray(x_train))",
            "    h = Dense(20, activation='tanh')(normalization(inputs))",
        ],
    ),
    "scale: the data are not seen where the network is built": Case(
        "scale_inputs",
        None,
        scripts.BUILT_IN_A_FUNCTION,
        ["    net.add(Dense(units = 6, input_dim = 8, activation = 'relu'))"],
        [
            "    net.add(BatchNormalization(momentum=0.9, input_dim = 8))",
            "    net.add(Dense(units = 6, activation = 'relu'))",
        ],
    ),
    "scale: pictures": Case(
        "scale_inputs",
        255.0,
        scripts.PICTURES,
        [
            (
                "model = keras.Sequential([keras.layers.Flatten(input_shape=(28, 28)), "
                'keras.layers.Dense(10, activation="softmax")])'
            )
        ],
        [
            (
                "model = keras.Sequential([keras.layers.Rescaling(1. / 255, input_shape=(28, 28)), "
                'keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])'
            )
        ],
    ),
    "epochs: a constant": Case("epochs", 50, scripts.ADDED, ["EPOCHS = 10"], ["EPOCHS = 50"]),
    "epochs: by position": Case(
        "epochs",
        200,
        scripts.FUNCTIONAL,
        ["    model.fit(x_train, y_train, 32, 40)"],
        ["    model.fit(x_train, y_train, 32, 200)"],
    ),
    "epochs: not said yet": Case(
        "epochs",
        20,
        scripts.LISTED,
        ["model.fit(train_x, train_y, validation_data=(test_x, test_y))"],
        ["model.fit(train_x, train_y, validation_data=(test_x, test_y), epochs=20)"],
    ),
    "learning rate: a keyword": Case(
        "learning_rate",
        0.001,
        scripts.ADDED,
        [
            "model.compile(loss='binary_crossentropy', optimizer=RMSprop(learning_rate=0.01), metrics=['accuracy'])",
        ],
        [
            "model.compile(loss='binary_crossentropy', optimizer=RMSprop(learning_rate=0.001), metrics=['accuracy'])",
        ],
    ),
    "learning rate: by position": Case(
        "learning_rate",
        0.05,
        scripts.FUNCTIONAL,
        ["    model.compile(SGD(0.5, momentum=0.9), loss='categorical_crossentropy', metrics=['accuracy'])"],
        ["    model.compile(SGD(0.05, momentum=0.9), loss='categorical_crossentropy', metrics=['accuracy'])"],
    ),
    "learning rate: the optimizer is a text": Case(
        "learning_rate",
        0.1,
        scripts.LISTED,
        ['model.compile("sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"])'],
        [
            (
                "model.compile(tf.keras.optimizers.SGD(learning_rate=0.1), "
                'loss="sparse_categorical_crossentropy", metrics=["accuracy"])'
            )
        ],
    ),
    "learning rate: a text, everything star-imported": Case(
        "learning_rate",
        0.00001,
        scripts.BUILT_IN_A_FUNCTION,
        ["    net.compile(optimizer = 'rmsprop', loss = 'binary_crossentropy', metrics = ['accuracy'])"],
        [
            "from keras.optimizers import RMSprop",
            (
                "    net.compile(optimizer = RMSprop(learning_rate=0.00001), "
                "loss = 'binary_crossentropy', metrics = ['accuracy'])"
            ),
        ],
    ),
    "optimizer: a call": Case(
        "optimizer",
        "adam",
        scripts.ADDED,
        [
            "from keras.optimizers import RMSprop",
            "model.compile(loss='binary_crossentropy', optimizer=RMSprop(learning_rate=0.01), metrics=['accuracy'])",
        ],
        [
            "from keras.optimizers import RMSprop, Adam",
            "model.compile(loss='binary_crossentropy', optimizer=Adam(), metrics=['accuracy'])",
        ],
    ),
    "optimizer: a text": Case(
        "optimizer",
        "adam",
        scripts.LISTED,
        ['model.compile("sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"])'],
        ['model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])'],
    ),
    "units: only the narrow ones": Case(
        "units",
        8,
        scripts.ADDED,
        ["model.add(Dense(3, activation='relu'))"],
        ["model.add(Dense(8, activation='relu'))"],
    ),
    "units: by keyword, with the author's blanks": Case(
        "units",
        32,
        scripts.BUILT_IN_A_FUNCTION,
        ["    net.add(Dense(units = 6, input_dim = 8, activation = 'relu'))"],
        ["    net.add(Dense(units = 32, input_dim = 8, activation = 'relu'))"],
    ),
    "dense layer: like the last one": Case(
        "dense_layer", 64, scripts.ADDED, [], ["model.add(Dense(64, activation='relu'))"]
    ),
    "dense layer: in a list": Case(
        "dense_layer", 64, scripts.LISTED, [], ['        layers.Dense(64, activation="relu"),']
    ),
    "dense layer: functional": Case(
        "dense_layer", 64, scripts.FUNCTIONAL, [], ["    h = Dense(64, activation='tanh')(h)"]
    ),
    "dropout: more of it": Case(
        "dropout", 0.4, scripts.ADDED, ["model.add(Dropout(0.1))"], ["model.add(Dropout(0.4))"]
    ),
    "dropout: the first": Case("dropout", 0.3, scripts.LISTED, [], ["        layers.Dropout(0.3),"]),
}

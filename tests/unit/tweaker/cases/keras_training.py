"""Edits of how Keras networks are trained: output and loss, weights of classes, the rate."""

from tests.unit.tweaker import keras_scripts as scripts
from tests.unit.tweaker.editing import Case

CHOSEN = b"""\
import json
from keras import Sequential, layers, optimizers
config = json.load(open("config.json"))
def optimizer():
    if config["optimizer"].lower() == "sgd":
        return optimizers.SGD(learning_rate=config["rate"])
    elif config["optimizer"] == "adam":
        return optimizers.Adam(learning_rate=config["rate"])
    return optimizers.RMSprop(learning_rate=config["rate"])
model = Sequential([layers.Dense(8), layers.Dense(1)])
model.compile(optimizer(), "mse")
"""
KEYWORDS = b"""\
import argparse, keras
parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=5)
args = parser.parse_args()
class Net(keras.Model):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.out = keras.layers.Dense(units)
    def call(self, x):
        return self.out(x)
model = Net(3)
model.compile("sgd", "mse")
model.fit(x, y, epochs=args.epochs)
"""

WIDTHS = b"""\
import keras
def build(widths=(64, 32)):
    model = keras.Sequential()
    for width in widths:
        model.add(keras.layers.Dense(width))
    model.add(keras.layers.Dense(3))
    return model
build().fit(x, y)
"""
BLOCKS = b"""\
import keras
def block(x, widths, rate):
    for width in widths:
        x = keras.layers.Dense(width)(x)
        x = keras.layers.Dropout(rate)(x)
    return x
start = keras.layers.Input((4,))
hidden = block(start, [32, 16], rate=0.5)
model = keras.Model(start, keras.layers.Dense(3)(hidden))
model.fit(batches, epochs=3)
"""

FORGETFUL = b"""\
from keras import Sequential, layers
model = Sequential([
    layers.Dense(64),
    layers.Dropout(0.25),
    layers.Dense(64),
    layers.Dropout(0.7),
    layers.Dense(3),
])
model.fit(x, y)
"""

NORMALIZED = b"""\
from keras import Sequential, layers
from data import x, y

model = Sequential([
    layers.Dense(64, activation="relu"),
    layers.BatchNormalization(-1, 0.999),
    layers.Dense(64, activation="relu"),
    layers.BatchNormalization(momentum=0.99),
    layers.Dense(3),
])
model.fit(x, y)
"""

CASES = {
    "output: one unit of softmax": Case(
        "output",
        None,
        scripts.LOOPED,
        ['    model.add(Dense(1, activation="softmax"))'],
        ['    model.add(Dense(1, activation="sigmoid"))'],
    ),
    "output: sigmoid and squares for one-hot labels": Case(
        "output",
        None,
        scripts.BRANCHES,
        ['out = keras.layers.Dense(3, activation="sigmoid")(x)', "    loss=keras.losses.MeanSquaredError(),"],
        ['out = keras.layers.Dense(3, activation="softmax")(x)', "    loss=keras.losses.CategoricalCrossentropy(),"],
    ),
    "output: no activation where the loss wants shares": Case(
        "output", None, scripts.DIGITS, ["    Dense(10),"], ["    Dense(10, activation='softmax'),"]
    ),
    "output: linear for amounts, and a loss for them": Case(
        "output",
        "linear:1:mean_squared_error",
        scripts.LOOPED,
        [
            '    model.add(Dense(1, activation="softmax"))',
            '    model.compile(optimizer="sgd", loss="binary_crossentropy", metrics=["accuracy"])',
        ],
        [
            '    model.add(Dense(1, activation="linear"))',
            '    model.compile(optimizer="sgd", loss="mean_squared_error", metrics=["accuracy"])',
        ],
    ),
    "output: linear for amounts of two columns, with the author's loss": Case(
        "output",
        "linear:2:mean_squared_error",
        scripts.BRANCHES,
        ['out = keras.layers.Dense(3, activation="sigmoid")(x)'],
        ['out = keras.layers.Dense(2, activation="linear")(x)'],
    ),
    "momentum: as it is by default": Case(
        "momentum",
        0.9,
        scripts.BRANCHES,
        ["b = keras.layers.BatchNormalization()(b)"],
        ["b = keras.layers.BatchNormalization(momentum=0.9)(b)"],
    ),
    "momentum: as it is given": Case(
        "momentum",
        0.9,
        NORMALIZED,
        ["    layers.BatchNormalization(-1, 0.999),", "    layers.BatchNormalization(momentum=0.99),"],
        ["    layers.BatchNormalization(-1, 0.9),", "    layers.BatchNormalization(momentum=0.9),"],
    ),
    "output: units given by a parameter": Case(
        "output",
        "softmax:5:sparse_categorical_crossentropy",
        scripts.SUBCLASSED,
        ["        self.answer = layers.Dense(classes)", "model = Classifier(3)"],
        ['        self.answer = layers.Dense(classes, activation="softmax")', "model = Classifier(5)"],
    ),
    "output: by position": Case(
        "output",
        "sigmoid:1:binary_crossentropy",
        scripts.TWO_NETWORKS,
        [
            '    outputs = Dense(2, "softmax")(h)',
            'net.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])',
        ],
        ['    outputs = Dense(1, "sigmoid")(h)', 'net.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])'],
    ),
    "output: a loss that is a function": Case(
        "output",
        None,
        scripts.IN_A_CLASS,
        ["        m.add(layers.Dense(1, ACT))"],
        ["        m.add(layers.Dense(1, 'sigmoid'))"],
    ),
    "output: shares in the place of logits": Case(
        "output",
        "softmax:4:categorical_crossentropy",
        scripts.FORKED,
        ["    logits = layers.Dense(4)(flat)", "loss_fn = keras.losses.CategoricalCrossentropy(from_logits=True)"],
        [
            "    logits = layers.Dense(4, activation='softmax')(flat)",
            "loss_fn = keras.losses.CategoricalCrossentropy()",
        ],
    ),
    "output: two classes": Case(
        "output",
        "softmax:2:sparse_categorical_crossentropy",
        scripts.IN_A_CLASS,
        [
            "        m.add(layers.Dense(1, ACT))",
            ("        self.model.compile(optimizer='sgd', loss=tf.keras.losses.binary_crossentropy, metrics=['acc'])"),
        ],
        [
            "        m.add(layers.Dense(2, 'softmax'))",
            (
                "        self.model.compile(optimizer='sgd', "
                "loss=tf.keras.losses.sparse_categorical_crossentropy, metrics=['acc'])"
            ),
        ],
    ),
    "class weight: with scikit-learn": Case(
        "class_weight",
        None,
        scripts.COLLECTED,
        ["net.fit(X, y, epochs=1, verbose=0, callbacks=[stopping])"],
        [
            "import numpy as np",
            "from sklearn.utils.class_weight import compute_class_weight",
            "train_classes = np.ravel(y)",
            "classes = np.unique(train_classes)",
            ("class_weight = dict(zip(classes, compute_class_weight('balanced', classes=classes, y=train_classes)))"),
            "net.fit(X, y, epochs=1, verbose=0, callbacks=[stopping], class_weight=class_weight)",
        ],
    ),
    "class weight: with numpy": Case(
        "class_weight",
        None,
        scripts.LOOPED,
        ["history = model.fit(x_train, y_train, epochs=1, batch_size=16, verbose=0)"],
        [
            "classes, counts = np.unique(np.ravel(y_train), return_counts=True)",
            "class_weight = dict(zip(classes, counts.sum() / (len(classes) * counts)))",
            ("history = model.fit(x_train, y_train, epochs=1, batch_size=16, verbose=0, class_weight=class_weight)"),
        ],
    ),
    "class weight: one-hot labels": Case(
        "class_weight",
        None,
        scripts.DIGITS,
        ["cnn.fit(images, onehot, epochs=1, verbose=0, callbacks=[keras.callbacks.TerminateOnNaN()])"],
        [
            "import numpy as np",
            "from sklearn.utils.class_weight import compute_class_weight",
            "train_classes = np.argmax(onehot, axis=1)",
            "classes = np.unique(train_classes)",
            ("class_weight = dict(zip(classes, compute_class_weight('balanced', classes=classes, y=train_classes)))"),
            (
                "cnn.fit(images, onehot, epochs=1, verbose=0, "
                "callbacks=[keras.callbacks.TerminateOnNaN()], class_weight=class_weight)"
            ),
        ],
    ),
    "rate plateau: the first callback": Case(
        "rate_plateau",
        3,
        scripts.LOOPED,
        ["history = model.fit(x_train, y_train, epochs=1, batch_size=16, verbose=0)"],
        [
            "from tensorflow.keras.callbacks import ReduceLROnPlateau",
            (
                "history = model.fit(x_train, y_train, epochs=1, batch_size=16, verbose=0, "
                'callbacks=[ReduceLROnPlateau(monitor="loss", factor=0.5, patience=3)])'
            ),
        ],
    ),
    "rate plateau: one more callback": Case(
        "rate_plateau",
        3,
        scripts.DIGITS,
        ["cnn.fit(images, onehot, epochs=1, verbose=0, callbacks=[keras.callbacks.TerminateOnNaN()])"],
        [
            (
                "cnn.fit(images, onehot, epochs=1, verbose=0, callbacks=[keras.callbacks.TerminateOnNaN(), "
                "keras.callbacks.ReduceLROnPlateau(monitor='loss', factor=0.5, patience=3)])"
            )
        ],
    ),
    "rate plateau: an alias that is known": Case(
        "rate_plateau",
        4,
        scripts.BRANCHES,
        ["model.fit([left, right], labels, epochs=1, verbose=0)"],
        [
            (
                "model.fit([left, right], labels, epochs=1, verbose=0, "
                'callbacks=[keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=4)])'
            )
        ],
    ),
    **{
        f"learning rate: {name} by a setting": Case(
            "learning_rate",
            0.05,
            CHOSEN,
            [],
            [],
            {"config.json": f'{{"optimizer": "{name}", "rate": 0.001}}\n'.encode()},
            {
                "config.json": (
                    [f'{{"optimizer": "{name}", "rate": 0.001}}'],
                    [f'{{"optimizer": "{name}", "rate": 0.05}}'],
                )
            },
        )
        for name in ("SGD", "adam", "rmsprop")
    },
    "epochs: an option beside a class that hands its keywords on": Case(
        "epochs",
        9,
        KEYWORDS,
        ['parser.add_argument("--epochs", type=int, default=5)'],
        ['parser.add_argument("--epochs", type=int, default=9)'],
    ),
    "dense layer: one more in a tuple of widths": Case(
        "dense_layer",
        None,
        WIDTHS,
        ["def build(widths=(64, 32)):"],
        ["def build(widths=(64, 32, 32)):"],
    ),
    "scale inputs: blocks of layers in a function": Case(
        "scale_inputs",
        None,
        BLOCKS,
        ["hidden = block(start, [32, 16], rate=0.5)"],
        ["hidden = block(keras.layers.BatchNormalization(momentum=0.9)(start), [32, 16], rate=0.5)"],
    ),
    "dropout: less where it is more": Case(
        "dropout", 0.4, FORGETFUL, ["    layers.Dropout(0.7),"], ["    layers.Dropout(0.4),"]
    ),
    "dropout: more everywhere": Case(
        "dropout",
        0.8,
        FORGETFUL,
        ["    layers.Dropout(0.25),", "    layers.Dropout(0.7),"],
        ["    layers.Dropout(0.8),", "    layers.Dropout(0.8),"],
    ),
}

"""Edits find their place however a network is put together: lists, loops, conditions, functions, errors."""

from tests.unit.tweaker.editing import Case, line

HEAD = """\
import numpy as np
from keras import Input, Model, Sequential, layers
from keras.models import load_model
from wines import X_train, X_test, y_train, y_test

"""
TAIL = """\
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X_train, y_train, epochs=5)
print("accuracy:", model.evaluate(X_test, y_test)[1])
"""
ADAPTED = ["normalization = layers.Normalization()", "normalization.adapt(np.asarray(X_train))"]


def trained(network: str) -> bytes:
    """Return the script that trains a network."""
    return f"{HEAD}{network}{TAIL}".encode()


COMPREHENSION = trained("""\
SIZES = [4, 4]
model = Sequential([layers.Dense(n, activation="tanh") for n in SIZES] + [layers.Dense(3, activation="sigmoid")])
""")
SPREAD = trained("""\
hidden = [layers.Dense(n, activation="tanh") for n in (4, 8)]
model = Sequential([*hidden, layers.Dense(3)])
""")
SUMMED = trained("""\
stack = [Input((13,))]
for units in (4, 8):
    stack += [layers.Dense(units, activation="relu"), layers.Dropout(0.5)]
stack += [layers.Dense(3)]
model = Sequential(stack)
""")
ADDED_BY_A_FUNCTION = trained("""\
def add_block(net, units):
    net.add(layers.Dense(units, activation="relu"))
    net.add(layers.Dropout(0.5))

model = Sequential()
add_block(model, 4)
add_block(model, 8)
model.add(layers.Dense(3, activation="sigmoid"))
""")
MADE_BY_A_FUNCTION = trained("""\
def hidden(n):
    return layers.Dense(n, activation="tanh")

model = Sequential([hidden(4), hidden(4), layers.Dense(3, activation="sigmoid")])
""")
NAMED = trained("""\
first = layers.Dense(4, activation="tanh")
output = layers.Dense(3, activation="softmax")
model = Sequential()
for layer in (first, output):
    model.add(layer)
""")
BLOCKS_IN_A_LOOP = trained("""\
def block(x, n, rate=0.5):
    x = layers.Dense(n, activation="tanh")(x)
    return layers.Dropout(rate)(x)

inputs = Input((13,))
x = inputs
for n in [4, 4]:
    x = block(x, n)
model = Model(inputs, layers.Dense(3, activation="softmax")(x))
""")
DECIDED = trained("""\
DEEP, USE_DROPOUT = True, False
if DEEP:
    model = Sequential([layers.Dense(4, activation="tanh"), layers.Dense(4, activation="tanh")])
else:
    model = Sequential([layers.Dense(8, activation="tanh")])
if USE_DROPOUT:
    model.add(layers.Dropout(0.5))
model.add(layers.Dense(3, activation="softmax"))
""")
SWITCHED_OFF = trained("""\
def build(units, rate=0.0):
    inputs = Input((13,))
    x = layers.Dense(units, activation="tanh")(inputs)
    if rate:
        x = layers.Dropout(rate)(x)
    return Model(inputs, layers.Dense(3, activation="softmax")(x))

model = build(4)
""")
AFTER_A_FAILED_LOAD = f"""\
{HEAD}try:
    model = load_model("mymodel.h5")
except OSError:
    model = Sequential()
    model.add(layers.Dense(4, input_dim=13, activation="tanh"))
    model.add(layers.Dense(3, activation="sigmoid"))
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(X_train, y_train, epochs=5)
    model.save("mymodel.h5")
with open("accuracy.txt", "w") as file:
    file.write(str(model.evaluate(X_test, y_test)[1]))
""".encode()

KEPT_IN_A_LIST = trained("""\
class Net(Model):
    def __init__(self, units=4):
        super(Net, self).__init__()
        self.hidden = [layers.Dense(units, activation="tanh") for _ in range(2)]
        self.out = layers.Dense(3, activation="softmax")

    def call(self, x):
        for layer in self.hidden:
            x = layer(x)
        return self.out(x)

model = Net()
""")
PICTURES = trained("""\
maps = [layers.Conv2D(n, 3, activation="relu") for n in (8, 8)]
model = Sequential([Input((8, 8, 1)), *maps, layers.Flatten(), layers.Dense(3, activation="softmax")])
""")

CASES = {
    "shapes: augment before a comprehension": line(
        "augment",
        "shift+zoom",
        PICTURES,
        'maps = [layers.Conv2D(n, 3, activation="relu") for n in (8, 8)]',
        "maps = [layers.RandomTranslation(0.1, 0.1), layers.RandomZoom(0.1), "
        '*[layers.Conv2D(n, 3, activation="relu") for n in (8, 8)]]',
    ),
    "shapes: scale before a comprehension": Case(
        "scale_inputs",
        None,
        COMPREHENSION,
        [
            (
                'model = Sequential([layers.Dense(n, activation="tanh") for n in SIZES]'
                ' + [layers.Dense(3, activation="sigmoid")])'
            )
        ],
        [
            *ADAPTED,
            (
                'model = Sequential([normalization, *[layers.Dense(n, activation="tanh") for n in SIZES]]'
                ' + [layers.Dense(3, activation="sigmoid")])'
            ),
        ],
    ),
    "shapes: scale before a list that is spread": Case(
        "scale_inputs",
        None,
        SPREAD,
        ['hidden = [layers.Dense(n, activation="tanh") for n in (4, 8)]'],
        [*ADAPTED, "", 'hidden = [normalization, *[layers.Dense(n, activation="tanh") for n in (4, 8)]]'],
    ),
    "shapes: widen what a list is made of": line(
        "units",
        16,
        SPREAD,
        'hidden = [layers.Dense(n, activation="tanh") for n in (4, 8)]',
        'hidden = [layers.Dense(n, activation="tanh") for n in (16, 16)]',
    ),
    "shapes: scale before a loop that extends a list": Case(
        "scale_inputs",
        None,
        SUMMED,
        [],
        [*ADAPTED, "", "stack.append(normalization)"],
    ),
    "shapes: less dropout in a loop that extends a list": line(
        "dropout",
        0.1,
        SUMMED,
        '    stack += [layers.Dense(units, activation="relu"), layers.Dropout(0.5)]',
        '    stack += [layers.Dense(units, activation="relu"), layers.Dropout(0.1)]',
    ),
    "shapes: scale before a function that adds layers": Case(
        "scale_inputs", None, ADDED_BY_A_FUNCTION, [], [*ADAPTED, "", "model.add(normalization)"]
    ),
    "shapes: widen what a function adds": Case(
        "units",
        16,
        ADDED_BY_A_FUNCTION,
        ["add_block(model, 4)", "add_block(model, 8)"],
        ["add_block(model, 16)", "add_block(model, 16)"],
    ),
    "shapes: normalize what a function adds": Case(
        "batch_norm", None, ADDED_BY_A_FUNCTION, [], ["    net.add(layers.BatchNormalization())"]
    ),
    "shapes: widen what a function makes": line(
        "units",
        16,
        MADE_BY_A_FUNCTION,
        'model = Sequential([hidden(4), hidden(4), layers.Dense(3, activation="sigmoid")])',
        'model = Sequential([hidden(16), hidden(16), layers.Dense(3, activation="sigmoid")])',
    ),
    "shapes: change the activation of what a function makes": line(
        "activation",
        "relu",
        MADE_BY_A_FUNCTION,
        '    return layers.Dense(n, activation="tanh")',
        '    return layers.Dense(n, activation="relu")',
    ),
    "shapes: widen layers that have names": line(
        "units",
        16,
        NAMED,
        'first = layers.Dense(4, activation="tanh")',
        'first = layers.Dense(16, activation="tanh")',
    ),
    "shapes: scale before blocks in a loop": Case(
        "scale_inputs", None, BLOCKS_IN_A_LOOP, [], [*ADAPTED, "", "x = normalization(x)"]
    ),
    "shapes: widen the network that is built": line(
        "units",
        16,
        DECIDED,
        '    model = Sequential([layers.Dense(4, activation="tanh"), layers.Dense(4, activation="tanh")])',
        '    model = Sequential([layers.Dense(16, activation="tanh"), layers.Dense(16, activation="tanh")])',
    ),
    "shapes: a layer that is switched off is none": Case(
        "dropout", 0.1, DECIDED, [], ["model.add(layers.Dropout(0.1))"]
    ),
    "shapes: a layer that an argument switches off is none": Case(
        "dropout", 0.1, SWITCHED_OFF, [], ["    x = layers.Dropout(0.1)(x)"]
    ),
    "shapes: scale after a failed load": Case(
        "scale_inputs",
        None,
        AFTER_A_FAILED_LOAD,
        ['    model.add(layers.Dense(4, input_dim=13, activation="tanh"))'],
        [
            "    normalization = layers.Normalization(input_dim=13)",
            "    normalization.adapt(np.asarray(X_train))",
            "    model.add(normalization)",
            '    model.add(layers.Dense(4, activation="tanh"))',
        ],
    ),
    "shapes: output after a failed load": line(
        "output",
        None,
        AFTER_A_FAILED_LOAD,
        '    model.add(layers.Dense(3, activation="sigmoid"))',
        '    model.add(layers.Dense(3, activation="softmax"))',
    ),
    "shapes: optimizer after a failed load": line(
        "optimizer",
        "adam",
        AFTER_A_FAILED_LOAD,
        '    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])',
        '    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])',
    ),
    "shapes: scale before a loop over the layers of a model": Case(
        "scale_inputs",
        None,
        KEPT_IN_A_LIST,
        [],
        [
            "        self.batch_normalization = layers.BatchNormalization(momentum=0.9)",
            "        x = self.batch_normalization(x)",
        ],
    ),
    "shapes: widen layers that a model keeps in a list": line(
        "units", 16, KEPT_IN_A_LIST, "    def __init__(self, units=4):", "    def __init__(self, units=16):"
    ),
}

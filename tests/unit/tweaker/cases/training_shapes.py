"""Edits find their place however a network is trained: in a class, on data sets and generators, several times."""

from tests.unit.tweaker.cases.shapes import ADAPTED, HEAD, TAIL, trained
from tests.unit.tweaker.editing import Case, line

LAYERS = 'layers.Dense(8, activation="relu"), layers.Dense(3, activation="softmax")'
VARIED = "layers.RandomTranslation(0.1, 0.1, input_shape=(8, 8, 1))"
ENDS = 'layers.Flatten(), layers.Dense(3, "softmax")'
IN_A_CLASS = f"""\
{HEAD}
class Classifier:
    def __init__(self, units=4, rate=0.0001):
        self.units = units
        self.rate = rate
        self.model = None

    def build(self):
        self.model = Sequential([layers.Dense(self.units, activation="tanh"), layers.Dense(3, activation="softmax")])
        self.model.compile(SGD(learning_rate=self.rate), "sparse_categorical_crossentropy", metrics=["accuracy"])

    def train(self, x, y):
        self.build()
        self.model.fit(x, y, epochs=5)


classifier = Classifier()
classifier.train(X_train, y_train)
print("accuracy:", classifier.model.evaluate(X_test, y_test)[1])
""".replace("from keras.models", "from keras.optimizers import SGD\nfrom keras.models").encode()
DATA_SET = (
    f"""\
{HEAD}train = Dataset.from_tensor_slices((X_train, y_train)).shuffle(100)
train = train.batch(32)
model = Sequential([layers.Dense(8, activation="relu"), layers.Dense(3, activation="softmax")])
{TAIL}""".replace("from wines", "from tensorflow.data import Dataset\nfrom wines")
    .replace("fit(X_train, y_train", "fit(train")
    .encode()
)
FLOWING = (
    f"""\
{HEAD}generator = ImageDataGenerator()
train = generator.flow(X_train, y_train, batch_size=32)
model = Sequential([layers.Conv2D(8, 3, input_shape=(8, 8, 1)), layers.Flatten(), layers.Dense(3, "softmax")])
{TAIL}""".replace("from wines", "from keras.preprocessing.image import ImageDataGenerator\nfrom wines")
    .replace("fit(X_train, y_train", "fit(train")
    .encode()
)
TWICE = trained("""\
model = Sequential([layers.Dense(8, activation="relu"), layers.Dense(3, activation="softmax")])
model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X_train, y_train, epochs=2)
""")
BALANCED = [
    "classes, counts = np.unique(np.ravel(y_train), return_counts=True)",
    "class_weight = dict(zip(classes, counts.sum() / (len(classes) * counts)))",
    "model.fit(train, epochs=5, class_weight=class_weight)",
]

CASES = {
    "shapes: settings that a class keeps under their names": line(
        "units",
        16,
        IN_A_CLASS,
        "    def __init__(self, units=4, rate=0.0001):",
        "    def __init__(self, units=16, rate=0.0001):",
    ),
    "shapes: a rate that a class keeps under its name": line(
        "learning_rate",
        0.01,
        IN_A_CLASS,
        "    def __init__(self, units=4, rate=0.0001):",
        "    def __init__(self, units=4, rate=0.01):",
    ),
    "shapes: scale by what a data set is made of": Case(
        "scale_inputs",
        None,
        DATA_SET,
        [f"model = Sequential([{LAYERS}])"],
        [
            *ADAPTED,
            f"model = Sequential([normalization, {LAYERS}])",
        ],
    ),
    "shapes: weight the classes of a data set": Case(
        "class_weight", None, DATA_SET, ["model.fit(train, epochs=5)"], BALANCED
    ),
    "shapes: weight the classes of a generator": Case(
        "class_weight", None, FLOWING, ["model.fit(train, epochs=5)"], BALANCED
    ),
    "shapes: augment where a generator does not": Case(
        "augment",
        "shift",
        FLOWING,
        [f"model = Sequential([layers.Conv2D(8, 3, input_shape=(8, 8, 1)), {ENDS}])"],
        [f"model = Sequential([{VARIED}, layers.Conv2D(8, 3), {ENDS}])"],
    ),
    "shapes: scale by what is trained on twice": Case(
        "scale_inputs",
        None,
        TWICE,
        [f"model = Sequential([{LAYERS}])"],
        [
            *ADAPTED,
            "",
            f"model = Sequential([normalization, {LAYERS}])",
        ],
    ),
}

"""The guard sees every change of what measures, in every file, and lets models and their training change."""

import pytest

from services.tweaker.guard import changed_measure, imports_in_time
from tests.unit.tweaker.editing import same_measure

SCRIPT = """\
import argparse, json, sys
import numpy as np
import pandas as pd
import settings
from keras import Sequential, layers, optimizers
from keras.callbacks import EarlyStopping
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
SEED = 3
SIZE = 10
ROWS = 100
config = json.load(open("config.json"))
parser = argparse.ArgumentParser()
parser.add_argument("--units", type=int, default=8)
parser.add_argument("--share", type=float, default=0.2)
args = parser.parse_args()
np.random.seed(SEED)
data = pd.read_csv("wines.csv")[:ROWS]
X = data[["acid", "sugar"]] / settings.SCALE
X_train, X_test, y_train, y_test = train_test_split(X, data.kind, test_size=args.share, random_state=SEED)


def build(units, rate=0.01):
    model = Sequential([layers.Dense(units), layers.Dense(3)])
    model.compile(optimizers.SGD(rate), "mse", metrics=["accuracy"])
    return model


model = build(args.units)
model.fit(X_train, y_train, batch_size=config["batch"], epochs=SIZE, validation_split=0.1)
accuracy = model.evaluate(X_test, y_test)[1]
print("epochs:", SIZE, "accuracy:", round(accuracy, 3))
print(KNeighborsClassifier(3).fit(X_train, y_train).score(X_test, y_test))
print(cross_val_score(KNeighborsClassifier(3), X, data.kind, cv=config["folds"]))
if accuracy > 0.9:
    sys.exit(0)
"""
FILES = {
    "main.py": SCRIPT.encode(),
    "settings.py": b"SCALE = 10\nOTHER = 3\n",
    "config.json": b'{"batch": 32, "folds": 5}\n',
    "rows.txt": b"100\n",
}


def edited(old: str, new: str, name: str = "main.py") -> dict[str, bytes]:
    """Return the files with one text replaced in one of them."""
    assert old.encode() in FILES[name]
    return {**FILES, name: FILES[name].replace(old.encode(), new.encode())}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("wines.csv", "easier.csv"),
        ("ROWS = 100", "ROWS = 50"),
        ('"sugar"]]', '"sugar", "kind"]]'),
        ("/ settings.SCALE", ""),
        ("SEED = 3", "SEED = 4"),
        ("np.random.seed(SEED)\n", ""),
        ("random_state=SEED", "random_state=7"),
        ("test_size=args.share", "test_size=0.1"),
        ('"--share", type=float, default=0.2', '"--share", type=float, default=0.1'),
        ('metrics=["accuracy"]', 'metrics=["top_k"]'),
        ("validation_split=0.1", "validation_split=0.01"),
        ("model.fit(X_train, y_train", "model.fit(X, data.kind"),
        ("evaluate(X_test, y_test)", "evaluate(X_train, y_train)"),
        ("score(X_test, y_test)", "score(X_train, y_train)"),
        ('cv=config["folds"]', "cv=2"),
        ("accuracy > 0.9", "accuracy > 0.1"),
        ("round(accuracy, 3)", "round(accuracy + 0.1, 3)"),
        ('"accuracy:", round', '"accuracy:", 1 or round'),
        ("accuracy = model", "X_test = X_train\naccuracy = model"),
        ("accuracy = model", "model.fit(X_test, y_test)\naccuracy = model"),
        ("import settings\n", "import other as settings\n"),
        ("import settings\n", "import settings\nfrom other import print\n"),
        ("epochs=SIZE,", "epochs=SIZE, class_weight=weigh(y_test),"),
        ("model = build(", "weights = np.bincount(y_test)\nmodel = build("),
        ("def build(", "def helper():\n    np.random.seed(1)\n\n\ndef build("),
        ("model.compile(", "units = 4\n    model.compile("),
    ],
)
def test_refuses_a_change_of_what_measures(old: str, new: str) -> None:
    """Data, split, seed, metric, threshold and evaluation are the author's, also behind a name."""
    assert not same_measure(FILES, edited(old, new))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("config.json", "5", "2"),
        ("config.json", '"batch": 32, ', ""),
        ("config.json", "}", ', "more": 1}'),
        ("settings.py", "10", "100"),
        ("rows.txt", "100", "ten and more"),
    ],
)
def test_refuses_it_in_other_files_too(name: str, old: str, new: str) -> None:
    """Folds in a file of settings and a scale in a module are what measures just as well."""
    assert not same_measure(FILES, edited(old, new, name))


BLOCKS = """\
from keras import Input, Model, layers, optimizers


def block(x, units):
    return layers.Dense(units)(x)


def compiled(model, optimizer="adam"):
    model.compile(optimizer, "mse", metrics=["accuracy"])
    return model


inputs = Input((4,))
model = compiled(Model(inputs, block(inputs, 8)))
for epoch in range(10):
    for at in range(0, 100, 20):
        model.train_on_batch(X[at:at + 20], y[at:at + 20])
print(model.evaluate(X_test, y_test))
"""


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("block(inputs, 8)", "block(layers.Normalization()(inputs), 16)", True),
        ('optimizer="adam"', "optimizer=optimizers.SGD(0.1)", True),
        ("range(10)", "range(99)", True),
        ("range(0, 100, 20)", "range(0, 200, 20)", False),
        ("y[at:at + 20])", "y[at:at + 20], class_weight={0: 2})", True),
        ("y[at:at + 20])", "y[at:at + 20]); model.train_on_batch(X_test, y_test)", False),
        ('metrics=["accuracy"]', "metrics=[]", False),
    ],
)
def test_knows_models_that_functions_build(old: str, new: str, *, same: bool) -> None:
    """Blocks of layers, an optimizer given by a default and rounds of batches are training; the batches are data."""
    assert same_measure(BLOCKS, BLOCKS.replace(old, new)) is same


SAVED = """\
from keras.models import Sequential, load_model
from keras.layers import Dense, Normalization
{opens}
    model = Sequential()
    model.add(Dense(8))
    model.fit(X_train, y_train, epochs=10)
{closes}
print(model.evaluate(X_test, y_test)[1])
"""
OTHERWISE = "try:\n    model = load_model('saved.h5')\n"


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        (f"{OTHERWISE}except OSError:", ""),
        (f"{OTHERWISE}except OSError:\n    model = None\nelse:", ""),
        ("try:\n    model = load_model('saved.h5')\nfinally:", ""),
        ("try:", "except OSError:\n    model = load_model('saved.h5')"),
        ("if not saved:", "else:\n    model = load_model('saved.h5')"),
        ("with strategy.scope():", ""),
    ],
)
def test_allows_a_change_of_the_model_in_every_block(opens: str, closes: str) -> None:
    """A script that trains where no saved model was found is edited there, and its data are as safe there."""
    before = SAVED.format(opens=opens, closes=closes)
    scaling = (
        "    scaling = Normalization()\n    scaling.adapt({data})\n    model = Sequential()\n    model.add(scaling)\n"
    )
    after, wrong = (
        before.replace("    model = Sequential()\n", scaling.format(data=data)) for data in ("X_train", "X_test")
    )

    assert same_measure(before, after)
    assert not same_measure(before, wrong)


APPLIED = "hidden = block(inputs, 8)\nmodel = compiled(Model(inputs, hidden))"


@pytest.mark.parametrize(
    ("body", "same"),
    [
        ("x = layers.Dense(units)(x)\n    return x", True),
        ("for _ in range(2):\n        x = layers.Dense(units)(x)\n    return x", True),
        ("x = layers.Dense(units)(x)\n    x = x[:units]\n    return x", False),
        ("for x in x[:units]:\n        x = layers.Dense(units)(x)\n    return x", False),
        ("return x", False),
    ],
)
def test_knows_blocks_that_apply_their_layers_one_by_one(body: str, *, same: bool) -> None:
    """What such a function is given is a part of the model only where layers alone make what it returns."""
    blocks = BLOCKS.replace("return layers.Dense(units)(x)", body)
    blocks = blocks.replace("model = compiled(Model(inputs, block(inputs, 8)))", APPLIED)

    assert same_measure(blocks, blocks.replace("block(inputs, 8)", "block(layers.Normalization()(inputs), 8)")) is same


def test_refuses_files_that_come_or_go() -> None:
    """An edit changes what is there."""
    assert not same_measure(FILES, {**FILES, "usercustomize.py": b""})
    assert not same_measure({**FILES, "usercustomize.py": b""}, FILES)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SIZE = 10", "SIZE = 50"),
        ("epochs=SIZE", "epochs=60"),
        ("epochs=SIZE", "epochs=SIZE, callbacks=[EarlyStopping(patience=3)]"),
        ("rate=0.01", "rate=0.1"),
        ("optimizers.SGD(rate)", "optimizers.Adam()"),
        ("layers.Dense(units), ", "layers.BatchNormalization(), layers.Dense(units), layers.Dropout(0.3), "),
        ("type=int, default=8", "type=int, default=64"),
        ("build(args.units)", "build(64)"),
        ("score(KNeighborsClassifier(3)", "score(make_pipeline(StandardScaler(), KNeighborsClassifier(5))"),
        ("KNeighborsClassifier(3).fit", "KNeighborsClassifier(9, weights='distance').fit"),
        ("model = build(", "counts = np.bincount(y_train)\nmodel = build("),
        ("model.compile(", "model.add(layers.Dense(3))\n    model.compile("),
    ],
)
def test_allows_a_change_of_the_model(old: str, new: str) -> None:
    """Training and model may change, also behind an option, and where a model is made in the call that scores it."""
    assert changed_measure(FILES, edited(old, new)) is None


def test_allows_a_setting_of_the_training_in_a_file() -> None:
    """The batch size in the file of settings serves nothing but the training."""
    assert changed_measure(FILES, edited("32", "64", "config.json")) is None


@pytest.mark.parametrize(
    "use",
    [
        "Z = X[:config['batch']]",
        "train_test_split(X, test_size=config['batch'])",
        "rows = config['batch']\nZ = X[:rows]",
        "def part(n):\n    return X[:n]\n\n\nZ = part(config['batch'])",
        "prepare(**config)",
        "print(accuracy * config['batch'])",
    ],
)
def test_refuses_a_setting_that_serves_the_data_as_well(use: str) -> None:
    """A key that both a training and the data are told by does not change."""
    shared = {**FILES, "main.py": FILES["main.py"] + f"{use}\n".encode()}

    assert not same_measure(shared, {**shared, "config.json": b'{"batch": 64, "folds": 5}\n'})


@pytest.mark.parametrize(
    ("use", "same"),
    [
        ("n = int(open('rows.txt').read())\nmodel.fit(X_train, y_train, epochs=n)", True),
        ("with open('rows.txt') as f:\n    n = int(f.read().strip())\nmodel.fit(X_train, y_train, epochs=n)", True),
        ("n = int(open('rows.txt').read())\nZ = X[:n]", False),
        ("Z = X[:int(open('rows.txt').read())]", False),
    ],
)
def test_follows_a_file_that_is_one_number(use: str, *, same: bool) -> None:
    """Such a file may change where the number is nothing but a length of the training."""
    before = {**FILES, "main.py": FILES["main.py"] + f"{use}\n".encode()}

    assert same_measure(before, {**before, "rows.txt": b"300\n"}) is same


def test_refuses_a_name_that_is_used_above_its_import() -> None:
    """A name that is not known yet would end the training; one that the author has that way is the author's."""
    late = "a = Scaler()\nfrom x import Scaler\n"

    assert not imports_in_time("a = 1\nfrom x import y\n", late)
    assert imports_in_time(late, late)

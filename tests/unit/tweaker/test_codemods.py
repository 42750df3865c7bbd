"""Each edit on scripts that are not in examples/: what it takes out, what it puts in, and nothing else."""

from __future__ import annotations

import difflib
from typing import NamedTuple

import pytest

from services.tweaker.codemods.edit import Setting
from services.tweaker.codemods.errors import NotUnderstoodError
from services.tweaker.codemods.registry import EDITS
from services.tweaker.codemods.script import Script
from tests.unit.tweaker import scripts


class Case(NamedTuple):
    """An edit on a script, and the lines that it takes out and puts in."""

    edit: str
    setting: Setting
    script: bytes
    out: list[str]
    new: list[str]


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
            "normalization.adapt(np.asarray(train_x))",
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
    "scale: an estimator": Case(
        "scale_inputs",
        None,
        scripts.NEIGHBOURS,
        ["knn = KNeighborsClassifier(n_neighbors=1)"],
        [
            "from sklearn.preprocessing import StandardScaler",
            "from sklearn.pipeline import make_pipeline",
            "knn = make_pipeline(StandardScaler(), KNeighborsClassifier(n_neighbors=1))",
        ],
    ),
    "scale: an estimator fitted as it is made": Case(
        "scale_inputs",
        None,
        scripts.SUPPORT_VECTORS,
        ["clf = SVC(kernel='rbf', C=1.0).fit(X_train, y_train)"],
        [
            "from sklearn.preprocessing import StandardScaler",
            "from sklearn.pipeline import make_pipeline",
            "clf = make_pipeline(StandardScaler(), SVC(kernel='rbf', C=1.0)).fit(X_train, y_train)",
        ],
    ),
    "scale: a pipeline": Case(
        "scale_inputs",
        None,
        scripts.PIPELINE,
        ["pipe = Pipeline([('pca', PCA(2)), ('knn', neighbors.KNeighborsClassifier(K, weights='uniform'))])"],
        [
            "from sklearn.preprocessing import StandardScaler",
            (
                "pipe = Pipeline([('scaler', StandardScaler()), ('pca', PCA(2)), "
                "('knn', neighbors.KNeighborsClassifier(K, weights='uniform'))])"
            ),
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
        "dense_layer", 64, scripts.ADDED, [], ["model.add(Dense(3, activation='relu'))"]
    ),
    "dense layer: in a list": Case(
        "dense_layer", 64, scripts.LISTED, [], ['        layers.Dense(8, activation="relu"),']
    ),
    "dense layer: functional": Case(
        "dense_layer", 64, scripts.FUNCTIONAL, [], ["    h = Dense(20, activation='tanh')(h)"]
    ),
    "dropout: more of it": Case(
        "dropout", 0.4, scripts.ADDED, ["model.add(Dropout(0.1))"], ["model.add(Dropout(0.4))"]
    ),
    "dropout: the first": Case("dropout", 0.3, scripts.LISTED, [], ["        layers.Dropout(0.3),"]),
    "neighbours: a keyword": Case(
        "neighbours",
        5,
        scripts.NEIGHBOURS,
        ["knn = KNeighborsClassifier(n_neighbors=1)"],
        ["knn = KNeighborsClassifier(n_neighbors=5)"],
    ),
    "neighbours: a constant by position": Case("neighbours", 7, scripts.PIPELINE, ["K = 40"], ["K = 7"]),
    "weights: not said yet": Case(
        "weights",
        "distance",
        scripts.NEIGHBOURS,
        ["knn = KNeighborsClassifier(n_neighbors=1)"],
        ['knn = KNeighborsClassifier(n_neighbors=1, weights="distance")'],
    ),
    "weights: said": Case(
        "weights",
        "distance",
        scripts.PIPELINE,
        ["pipe = Pipeline([('pca', PCA(2)), ('knn', neighbors.KNeighborsClassifier(K, weights='uniform'))])"],
        ["pipe = Pipeline([('pca', PCA(2)), ('knn', neighbors.KNeighborsClassifier(K, weights='distance'))])"],
    ),
}

every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


def edited(case: Case, source: bytes) -> bytes:
    """Make the case's edit on *source*."""
    return EDITS[case.edit].apply(Script(source), case.setting)


def changed(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    """Return the lines taken out and those put in; all others are the same, byte by byte."""
    old, new = before.decode().split("\n"), after.decode().split("\n")
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    out = [line for tag, i1, i2, _, _ in steps if tag != "equal" for line in old[i1:i2]]
    put = [line for tag, _, _, j1, j2 in steps if tag != "equal" for line in new[j1:j2]]
    return out, put


@every_case
class TestEveryEdit:
    def test_changes_these_lines_and_nothing_else(self, case: Case) -> None:
        """Format, comments, quotes and blanks of all other lines compare equal."""
        after = edited(case, case.script)

        assert changed(case.script, after) == (case.out, case.new)

    def test_leaves_a_script_that_parses(self, case: Case) -> None:
        """A trial is not spent on a syntax error."""
        compile(edited(case, case.script), "train.py", "exec")

    def test_keeps_the_line_ends_of_windows(self, case: Case) -> None:
        """A script with CRLF comes back with CRLF, new lines included."""
        windows = case.script.replace(b"\n", b"\r\n")

        assert edited(case, windows) == edited(case, case.script).replace(b"\n", b"\r\n")


@pytest.mark.parametrize("case", [case for case in CASES.values() if case.edit != "dense_layer"])
def test_a_second_time_changes_nothing_more(case: Case) -> None:
    """Run again on its own result, an edit leaves it as it is: it says so or gives it back unchanged."""
    once = edited(case, case.script)

    try:
        twice = edited(case, once)
    except NotUnderstoodError:
        twice = once

    assert twice == once


def test_every_edit_is_shown_on_two_scripts() -> None:
    """No edit ships that was seen on one script only."""
    shown = {name: {case.script for case in CASES.values() if case.edit == name} for name in EDITS}

    assert {name: len(found) for name, found in shown.items() if len(found) < 2} == {}

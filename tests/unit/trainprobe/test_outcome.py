"""Facts that a trained model tells, and that telling them changes nothing."""

import subprocess
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tests.pythons import forked
from tests.unit.trainprobe.declared import undeclared
from tests.unit.trainprobe.patterns import DATA, NETWORK, Python, Scripts
from tests.unit.trainprobe.probing import LIMIT, Finished, Trial
from trainprobe.data.samples import in_turns, sample
from trainprobe.facts.data import describe_rows
from trainprobe.facts.model import describe_network, describe_search
from trainprobe.hooks.on_keras.progress import describe_training
from trainprobe.training.checkpoint import State

DEAD = """
from tensorflow import constant_initializer

net = keras.Sequential([layers.Input((4,)),
                        layers.Dense(6, activation='relu', bias_initializer=constant_initializer(-50.0),
                                     trainable=False),
                        layers.Dense(5, activation='tanh', kernel_initializer=constant_initializer(0.0),
                                     bias_initializer=constant_initializer(9.0)),
                        layers.Dense(2, activation='softmax')])
net.compile(optimizer=keras.optimizers.SGD(1e-3), loss='sparse_categorical_crossentropy', metrics=['accuracy'])
net.fit(X_train, y_train, epochs=2, batch_size=10, verbose=0, validation_data=(X_val, y_val), class_weight={0: 1, 1: 1})
"""
DRAWING = """
import hashlib
import json
import random

net = keras.Sequential([layers.Input((4,)), layers.Dense(8, activation='relu'), layers.Dropout(0.3),
                        layers.BatchNormalization(), layers.Dense(1, activation='sigmoid')])
net.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
net.fit(X_train, y_train, epochs=3, verbose=0, validation_split=0.2)
again = keras.Sequential([layers.Input((4,)), layers.Dropout(0.5), layers.Dense(1, activation='sigmoid')])
again.compile(optimizer='adam', loss='binary_crossentropy')
again.fit(X_train, y_train, epochs=2, verbose=0)
weights = [np.asarray(one) for model in (net, again) for one in model.get_weights()]
state = {
    'weights': hashlib.sha256(b''.join(one.tobytes() for one in weights)).hexdigest(),
    'drawn': [random.random(), float(np.random.rand()), float(keras.random.uniform(())), float(tf.random.uniform(()))],
    'names': [layer.name for model in (net, again) for layer in (model, *model.layers)],
}
open('state.json', 'w').write(json.dumps(state))
net.evaluate(X_test, y_test, verbose=0)
"""
SEEDS = "import random, numpy, tensorflow\nrandom.seed(7)\nnumpy.random.seed(7)\ntensorflow.random.set_seed(7)\n"


@pytest.fixture(scope="module")
def trains(tmp_path_factory: pytest.TempPathFactory) -> Scripts:
    """What runs the scripts."""
    return Scripts(tmp_path_factory.mktemp("outcome"))


@pytest.fixture(scope="module")
def dead(trains: Scripts) -> Finished:
    """A network whose first layer is dead and whose second is saturated."""
    return trains.run(DEAD + "net.evaluate(X_test, y_test, verbose=0)\n# model\n")


class TestANetwork:
    def test_tells_its_dead_and_its_saturated_units(self, dead: Finished) -> None:
        """Relu that is 0 for every row; tanh at its end."""
        first, second, last = dead.result["facts"]["model"]["layers"]

        assert first["dead"] == 1.0
        assert (second["dead"], second["saturated"]) == (0.0, 1.0)
        assert [layer.get("frozen") for layer in (first, second, last)] == [True, None, None]
        assert [layer.get("alike") for layer in (first, second, last)] == [None, True, None]
        assert dead.result["facts"]["model"]["output"] == {"units": 2, "activation": "softmax", "width": 2}

    def test_tells_what_it_predicts(self, dead: Finished) -> None:
        """All 70 fitted rows of one class: it has collapsed."""
        training = dead.result["facts"]["training"]

        assert sorted(training["predicted"]) == [0, 70]

    def test_tells_how_it_was_trained(self, dead: Finished) -> None:
        """Epochs, batches, and what the author asked for."""
        training = dead.result["facts"]["training"]

        assert (training["epochs"], training["batch_size"], training["steps"]) == (2, 10, 7)
        assert (training["class_weight"], training["ended_early"]) == (True, False)
        assert undeclared(dead.result["facts"]) == set()

    def test_tells_how_good_it_is_on_both_kinds_of_data(self, dead: Finished) -> None:
        """The script measured on 30 test rows; the accuracy on training data is told beside it."""
        facts = dead.result["facts"]
        share = facts["labels"]["counts"][int(facts["training"]["predicted"][1] > 0)] / 70

        measured = facts["measured"]
        assert (measured["rows"], measured["classes"], measured["model"]) == (30, 2, "Sequential")
        assert facts["training_value"] == pytest.approx(share, abs=1e-6)
        assert dead.measurement["data"] == "test"

    def test_is_asked_without_a_trace(self, tmp_path: Path) -> None:
        """Weights, random numbers and names are those of the same script without the probe."""
        script = SEEDS + DATA + NETWORK + DRAWING
        (tmp_path / "train.py").write_text(script)
        subprocess.run([forked.python(), "train.py"], cwd=tmp_path, check=True, capture_output=True, timeout=LIMIT)

        watched = Trial(tmp_path / "trial", {"train.py": script}).run()

        assert watched.result["facts"]["training"]["predicted"]
        told = (tmp_path / "trial" / "code" / "state.json").read_text()
        assert told == (tmp_path / "state.json").read_text()

    def test_ends_in_its_output_however_deep_it_is(self) -> None:
        """The layers in between are cut, the last one is not."""
        layers = [*[SimpleNamespace(units=4, activation="relu")] * 70, SimpleNamespace(units=2, activation="softmax")]

        facts = describe_network(SimpleNamespace(layers=layers, optimizer=None))

        assert facts["output"] == {"units": 2, "activation": "softmax"}

    def test_of_the_authors_own_prints_nothing_more(self, trains: Scripts) -> None:
        """Its own code is run once more behind the script, in silence."""
        script = (
            "class Own(keras.Model):\n    def __init__(self):\n        super().__init__()\n"
            "        self.dense = layers.Dense(1, activation='sigmoid')\n\n"
            "    def call(self, inputs):\n        print('called')\n        return self.dense(inputs)\n\n\n"
            "own = Own()\nown.compile(optimizer='sgd', loss='binary_crossentropy', metrics=['accuracy'])\n"
            "own.fit(X_train, y_train, epochs=4, verbose=0)\nprint('end')\n"
        )

        run = trains.run(script)

        assert run.stdout.rstrip().endswith("end")
        assert sum(run.result["facts"]["training"]["predicted"]) == 70


class TestAnEstimator:
    def test_tells_what_it_predicts_and_whether_it_was_done(self, trains: Scripts) -> None:
        """Also how good it is on training data, of which the script has measured nothing."""
        script = (
            "from sklearn.linear_model import LogisticRegression\n"
            "classifier = LogisticRegression(max_iter=1).fit(X_train, y_train)\n"
            "print('accuracy', classifier.score(X_test, y_test))\n"
            "open('right', 'w').write(repr(float(((X_train @ classifier.coef_[0] + classifier.intercept_[0] > 0)"
            " == y_train).mean())))\n"
        )

        run = trains.run(script)

        facts, right = run.result["facts"], (run.folder.parent / "code" / "right").read_text()
        assert (facts["training"]["converged"], facts["training"]["iterations"]) == (False, 1)
        assert facts["training_value"] == pytest.approx(float(right), abs=1e-6)
        assert all(data != "train" for data, _ in run.found())
        assert sum(facts["training"]["predicted"]) == 70

    def test_of_a_search_is_told_as_what_was_found(self, trains: Scripts) -> None:
        """The class and the settings of the best one, which is what a search predicts with."""
        script = (
            "from sklearn.model_selection import GridSearchCV\n"
            "from sklearn.svm import SVC\n"
            "search = GridSearchCV(SVC(gamma=0.5), {'C': [1e-9, 1.0]}, cv=3).fit(X_train, y_train)\n"
            "print('accuracy', search.score(X_test, y_test))\n"
        )

        model = trains.run(script).result["facts"]["model"]

        assert (model["class"], model["params"]["C"], model["params"]["gamma"]) == ("SVC", 1.0, 0.5)

    @pytest.mark.parametrize("validating", ["cross_val_score", "cross_validate", "cross_val_predict"])
    def test_that_saw_folds_only_is_told_too(self, validating: str, trains: Scripts) -> None:
        """With the data that it was given, although the script fits nothing by itself."""
        script = (
            "from sklearn.linear_model import LogisticRegression\n"
            "from sklearn.pipeline import make_pipeline\n"
            "from sklearn.preprocessing import StandardScaler\n"
            f"from sklearn.model_selection import {validating}\n"
            f"{validating}(make_pipeline(StandardScaler(), LogisticRegression(C=3.0)), X_train, y_train, cv=3)\n"
            "print('accuracy: 0.5')\n"
        )

        facts = trains.run(script).result["facts"]

        assert [layer["class"] for layer in facts["model"]["layers"]] == ["StandardScaler", "LogisticRegression"]
        assert (facts["inputs"]["rows"], sum(facts["labels"]["counts"])) == (70, 70)

    @pytest.mark.parametrize("library", ["xgboost", "lightgbm", "catboost"])
    def test_of_another_library_is_told_as_such(self, library: str, tmp_path: Path) -> None:
        """Its class and its settings."""
        python = Python.with_library(library)
        name = {"xgboost": "XGBClassifier", "lightgbm": "LGBMClassifier", "catboost": "CatBoostClassifier"}[library]
        script = f"from {library} import {name}\nmodel = {name}(max_depth=2).fit(X_train, y_train)\n"

        facts = python.run(tmp_path / "trial", script + "model.score(X_test, y_test)\n").result["facts"]

        assert (facts["model"]["library"], facts["model"]["class"]) == (library, name)
        assert facts["model"]["params"]["max_depth"] == 2
        assert sum(facts["training"]["predicted"]) == 70
        assert facts["training_value"] > 0.5

    def test_of_boosters_are_told_too(self, tmp_path: Path) -> None:
        """Also where they are trained without the classes that are like scikit-learn's."""
        python = Python.with_library("xgboost")
        script = (
            "import xgboost\ntrained = xgboost.DMatrix(X_train, label=y_train)\n"
            "booster = xgboost.train({'max_depth': 2, 'objective': 'binary:logistic'}, trained, num_boost_round=3)\n"
            "acc = float(((booster.predict(xgboost.DMatrix(X_test)) > 0.5) == y_test).mean())\n"
        )

        facts = python.run(tmp_path / "trial", script).result["facts"]

        assert facts["model"]["params"] == {"max_depth": 2, "objective": "binary:logistic", "num_boost_round": 3}
        assert (facts["inputs"]["rows"], sum(facts["labels"]["counts"])) == (70, 70)


class TestRows:
    def test_may_contradict_each_other(self) -> None:
        """Two equal rows of one class agree; two of different classes can't both be learned."""
        inputs = np.asarray([[1.0, 2.0], [1.0, 2.0], [3.0, 4.0], [3.0, 4.0], [5.0, 6.0]])

        facts = describe_rows(inputs, np.asarray([0, 0, 0, 1, 1]))

        assert facts == {"repeated": 0.4, "conflicts": 0.4}

    @pytest.mark.parametrize(
        ("column", "facts"),
        [
            ([7.0, 7.0, 3.0, 3.0, 3.0], {"label_column": 1}),
            ([7.0, 7.0, 7.0, 7.0, 7.0], {}),
            ([7.0, 7.5, 3.0, 3.0, 3.0], {}),
        ],
        ids=["one value for each class", "one for all", "two for a class"],
    )
    def test_may_hold_the_label(self, column: list[float], facts: dict[str, int]) -> None:
        """A column that is the label under another name has one value for each class, another for each."""
        inputs = np.stack([np.arange(5.0), column], axis=1)

        assert describe_rows(inputs, np.asarray([1, 1, 0, 0, 0])) == {"repeated": 0.0, "conflicts": 0.0, **facts}

    def test_are_taken_evenly_and_asked_for_evenly(self) -> None:
        """Rows are often sorted by class."""
        part = sample(np.arange(6000)[:, None], np.arange(6000), 5000)
        assert part is not None

        turns = [turn.labels.tolist() for turn in in_turns(part, 1000)]

        assert turns == [list(range(0, 5000, 6)), list(range(3, 5000, 6))]


class TestTraining:
    def test_may_end_early(self) -> None:
        """The author's own callback stops it; the epochs are those of this run."""
        state = State(fit=0, epoch=5, epochs=8, finished=True, start=2, curves={"loss": [3.0, 2.0, 1.0]})

        assert describe_training(state, {}) == {"epochs": 6, "ended_early": True, "class_weight": False}

    def test_of_an_estimator_without_iterations_tells_nothing_of_them(self) -> None:
        """A tree is grown at once."""
        from sklearn.tree import DecisionTreeClassifier

        assert describe_search(DecisionTreeClassifier()) == {"class_weight": False}

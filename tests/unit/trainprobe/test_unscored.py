"""A model that the script fitted and never scored is scored on the part to test with of the script's own split."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.unit.trainprobe.patterns import Scripts, expected
from trainprobe.data.splits import Splits
from trainprobe.hooks.unscored import SOURCE
from trainprobe.trace import Trace

IMPORTS = """
import os, pickle
from sklearn.metrics import f1_score
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

"""
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)\n"
FITTED = "knn = KNeighborsClassifier().fit(X_train, y_train)\n"
SHARE = "expect(np.mean(knn.predict(X_test) == y_test))\n"
LOADED = """
np.savez('digits.npz', x_train=X[:80], y_train=y[:80], x_test=X[80:], y_test=y[80:])
(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data(os.path.abspath('digits.npz'))
x_train, x_test = x_train / 2, x_test / 2
"""
SCORED = {
    "one that is loaded if it is there": (
        SPLIT
        + "try:\n    knn = pickle.load(open('mymodel', 'rb'))\nexcept IOError:\n    "
        + FITTED
        + "    pickle.dump(knn, open('mymodel', 'wb'))\n"
        + SHARE
    ),
    "one in a function": "def trained():\n    "
    + SPLIT
    + "    "
    + FITTED
    + "    "
    + SHARE
    + "    return knn\n\ntrained()\n",
    "one with another score": SPLIT + FITTED + "print(f1_score(y_test, knn.predict(X_test)))\n" + SHARE,
    "one with scaled rows": (
        SPLIT
        + "scaler = StandardScaler()\nX_train, X_test = scaler.fit_transform(X_train), scaler.transform(X_test)\n"
        + FITTED
        + SHARE
    ),
    "a network": (
        LOADED
        + "model.fit(x_train, y_train, epochs=2, verbose=0)\n"
        + "expect(np.mean((model.predict(x_test, verbose=0)[:, 0] > 0.5) == y_test))\n"
    ),
}
UNSURE = {
    "rows scaled only for the training": SPLIT + "X_train = StandardScaler().fit_transform(X_train)\n" + FITTED,
    "a fit on all rows": SPLIT + "knn = KNeighborsClassifier().fit(X, y)\n",
    "a script that broke off": SPLIT + FITTED + "raise OSError('disk full')\n",
}
ROWS = np.random.default_rng(3).normal(size=(40, 3)).astype("float32")
LABELS = np.arange(40) % 4


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Scripts:
    """What runs the scripts."""
    return Scripts(tmp_path_factory.mktemp("unscored"))


class TestAModelThatWasNeverScored:
    @pytest.mark.parametrize("name", SCORED)
    def test_is_scored_as_its_author_would(self, process: Scripts, name: str) -> None:
        """On the rows that the split kept from the fit; the source says who did it."""
        run = process.run(IMPORTS + SCORED[name])

        measured = run.measurement
        assert (measured["metric"], measured["data"], measured["source"]) == ("accuracy", "test", SOURCE)
        assert measured["value"] == pytest.approx(expected(run), abs=1e-6)
        assert run.result["facts"]["measured"]["rows"] == (40 if name == "a network" else 30)

    @pytest.mark.parametrize("name", UNSURE)
    def test_is_left_unscored_where_it_is_not_certain_how(self, process: Scripts, name: str) -> None:
        """The rows would not fit the model, or nothing was kept from it; a failure stays one."""
        run = process.run(IMPORTS + UNSURE[name])

        assert run.error["reason"] == ("raised" if "OSError" in UNSURE[name] else "no_metric")

    def test_is_left_unscored_where_the_script_measures_anything(self, process: Scripts) -> None:
        """Even if that is a training accuracy."""
        run = process.run(IMPORTS + SPLIT + FITTED + "print(knn.score(X_train, y_train))\n")

        assert run.found() == [("train", "sklearn.score")]


class Model:
    """Stands for any model."""


def part_for(inputs: Any, labels: Any, variables: dict[str, Any]) -> Any:
    """Return what is to test with where *inputs* and *labels* were fitted, after a split of rows and labels."""
    splits, trace, model = Splits(), Trace(), Model()
    splits.add((ROWS[:30], LABELS[:30]), (ROWS[30:], LABELS[30:]))
    return splits.test_part(trace.add_fit("sklearn", model, inputs, labels), variables)


class TestTheRows:
    @pytest.mark.parametrize(
        ("inputs", "labels"),
        [
            (ROWS[:30].copy(), LABELS[:30].tolist()),
            (pd.DataFrame(ROWS[:30]), LABELS[:30].reshape(-1, 1)),
            (ROWS[:30].astype("float64"), pd.Series(LABELS[:30])),
        ],
        ids=["copies", "frames", "casts"],
    )
    def test_are_those_of_the_split(self, inputs: Any, labels: Any) -> None:
        """In whatever form the others were fitted."""
        found = part_for(inputs, labels, {})

        assert (found[0].tolist(), found[1].tolist()) == (ROWS[30:].tolist(), LABELS[30:].tolist())

    @pytest.mark.parametrize("names", [("X_train", "X_test"), ("trainX", "testX"), ("TRAINING_SET", "TEST_SET")])
    def test_are_known_by_name_where_they_were_transformed(self, names: tuple[str, str]) -> None:
        """The author calls both parts alike; labels may be one-hot by now."""
        coded = np.eye(4)[LABELS]
        variables = {names[0]: ROWS[:30] * 2, names[1]: ROWS[30:] * 2, "y_train": coded[:30], "y_test": coded[30:]}

        found = part_for(variables[names[0]], coded[:30], variables)

        assert found == (variables[names[1]], variables["y_test"])

    @pytest.mark.parametrize("other", [None, ROWS[30:, :2], ROWS[:30] * 2], ids=["none", "fewer columns", "more rows"])
    def test_are_none_where_no_variable_fits(self, other: Any) -> None:
        """Neither the columns nor the rows may differ."""
        variables = {"X_train": ROWS[:30] * 2, "X_test": other}

        assert part_for(variables["X_train"], LABELS[:30], variables) is None

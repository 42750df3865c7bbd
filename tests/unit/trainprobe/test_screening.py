"""Simple models of other families are measured by folds among the training rows, and nowhere else."""

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.datasets import load_diabetes, load_digits, load_iris, load_wine, make_moons

from tests.unit.trainprobe.conftest import Train
from tests.unit.trainprobe.declared import undeclared
from tests.unit.trainprobe.probing import Finished
from trainprobe.data.samples import Part
from trainprobe.facts.screening import screen

LONG = 60.0  # seconds of the processor, far more than any of these takes
MODELS = [("linear", True), ("neighbours", True), ("neighbours", False), ("boosting", False), ("linear", False)]
IRIS = load_iris(return_X_y=True)
GIVEN_AWAY = """
import numpy as np
from sklearn.naive_bayes import GaussianNB

chance = np.random.RandomState(0)
X, y = chance.normal(size=(300, 3)), np.arange(300) % 2
X_test = chance.normal(size=(300, 3))
y_test = (X_test[:, 0] > 0).astype(int)  # in the test rows the first column gives the label away
print("accuracy", GaussianNB().fit(X, y).score(X_test, y_test))
"""


def screened(data: tuple[Any, Any], metric: str = "accuracy") -> dict[str, Any]:
    """Return what the screening of these rows finds, as far as it takes."""
    return screen(Part(*data), metric, LONG)


def means(found: Mapping[str, Any]) -> dict[tuple[str, bool], float]:
    """Return the mean of each model."""
    return {(each["family"], each["standardized"]): each["mean"] for each in found["models"]}


class TestScreen:
    def test_measures_each_family(self) -> None:
        """Of flowers, all five models get more than nine in ten right."""
        found = screened(IRIS)

        assert (found["metric"], found["rows"]) == ("accuracy", 150)
        assert [(each["family"], each["standardized"]) for each in found["models"]] == MODELS
        assert min(means(found).values()) > 0.9
        assert all(0 <= each["std"] < 0.1 for each in found["models"])

    def test_shows_that_scale_matters(self) -> None:
        """Of wines, one column of large numbers decides all distances until it is standardized."""
        reached = means(screened(load_wine(return_X_y=True)))

        assert reached["neighbours", True] > reached["neighbours", False] + 0.15

    def test_shows_that_no_line_is_enough(self) -> None:
        """Two moons, by the metric that counted."""
        found = screened(make_moons(100, noise=0.1, random_state=0), "f1")

        assert found["metric"] == "f1"
        assert means(found)["neighbours", True] > means(found)["linear", True] + 0.05

    def test_takes_pixels_as_columns(self) -> None:
        """Noughts and ones, which look like their neighbours."""
        inputs, labels = (each[:60] for each in load_digits(n_class=2, return_X_y=True))

        assert means(screened((inputs, labels)))["neighbours", False] > 0.97

    @pytest.mark.parametrize(("metric", "by"), [("r2", "r2"), ("mae", "mae"), ("loss", "r2")])
    def test_takes_amounts(self, metric: str, by: str) -> None:
        """An error is as large as it is, not negative; what scikit-learn cannot score is R²."""
        inputs, labels = (each[:90] for each in load_diabetes(return_X_y=True))
        found = screened((inputs, labels), metric)

        assert found["metric"] == by
        assert (30 < means(found)["linear", False] < 60) == (by == "mae")

    def test_takes_labels_as_libraries_have_them(self) -> None:
        """A frame with names of classes, or one column for each class."""
        inputs, labels = (each[::3] for each in IRIS)
        names = pd.Series(np.array(["a", "b", "c"], dtype=object)[labels])

        assert means(screened((pd.DataFrame(inputs), names))) == means(screened((inputs, np.eye(3)[labels])))

    def test_scores_two_classes_by_their_metric_only(self) -> None:
        """F1 of three classes has no one meaning."""
        assert screened(IRIS, "f1")["metric"] == "accuracy"

    @pytest.mark.parametrize(
        ("inputs", "labels"),
        [
            (IRIS[0][:49], IRIS[1][:49]),
            (np.where(IRIS[0] > 7, np.nan, IRIS[0]), IRIS[1]),
            (IRIS[0].astype(str), IRIS[1]),
            (IRIS[0].reshape(-1, 2, 2), IRIS[1]),
            (csr_matrix(IRIS[0]), IRIS[1]),
            (np.tile(IRIS[0], 80), IRIS[1]),
            (IRIS[0], np.zeros(150)),
            (IRIS[0], np.arange(150).astype(str)),
            (IRIS[0], None),
        ],
        ids=["few", "missing", "text", "images", "sparse", "wide", "one class", "names", "no labels"],
    )
    def test_leaves_alone_what_is_no_such_table(self, inputs: Any, labels: Any) -> None:
        """Few rows, gaps, texts, pictures, words: nothing is found, and nothing raised."""
        assert screened((inputs, labels)) == {}

    def test_does_nothing_without_time(self) -> None:
        """Not a single model is fitted."""
        assert screen(Part(*IRIS), "accuracy", 0.0) == {}

    def test_touches_nothing(self) -> None:
        """Random numbers, rows and warnings are the script's own."""
        inputs, labels = IRIS[0].copy(), IRIS[1].copy()
        np.random.seed(1)  # noqa: NPY002 - the generator that scripts share
        before = np.random.get_state(legacy=False)  # noqa: NPY002
        with warnings.catch_warnings():
            warnings.simplefilter("error")

            assert screened((inputs, labels))

        assert str(np.random.get_state(legacy=False)) == str(before)  # noqa: NPY002
        assert (inputs == IRIS[0]).all()
        assert (labels == IRIS[1]).all()


class TestTrial:
    def test_never_sees_the_test_rows(self, train: Train) -> None:
        """Where the training rows' labels are chance, so is what is found, however plain those of the test rows are."""
        result = train(GIVEN_AWAY, screening=True).result

        found = result["facts"]["screening"]
        assert found["rows"] == 300
        assert max(means(found).values()) < 0.65
        assert undeclared(result["facts"]) == set()
        assert {each["source"] for each in [result["measurement"], *result["alternatives"]]} == {
            "sklearn.score",
            "printed",
        }

    def test_takes_the_rows_that_folds_are_made_of(self, train: Train) -> None:
        """A script that fits nothing by itself measures on all its rows."""
        script = (
            "from sklearn.datasets import load_iris\nfrom sklearn.model_selection import cross_val_score\n"
            "from sklearn.tree import DecisionTreeClassifier\n"
            "X, y = load_iris(return_X_y=True)\nprint(cross_val_score(DecisionTreeClassifier(), X, y).mean())\n"
        )

        assert train(script, screening=True).result["facts"]["screening"]["rows"] == 150

    def test_is_made_where_it_is_asked_for(self, estimators: Finished) -> None:
        """Not in later trials of a job."""
        assert "screening" not in estimators.result["facts"]

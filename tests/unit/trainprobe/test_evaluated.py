"""What is told of the rows that the counted measurement was taken on."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.metrics import mean_absolute_error, roc_auc_score

from tests.unit.trainprobe.patterns import Scripts
from trainprobe.data.evaluated import Evaluated, evaluated, together
from trainprobe.data.scoring import Scoring
from trainprobe.trace import Trace

ROWS = np.random.default_rng(4).normal(size=(40, 3))
LABELS = np.repeat([0, 1, 2], [20, 10, 10])
IMPORTS = """
from sklearn.linear_model import LinearRegression
from sklearn.metrics import accuracy_score, mean_absolute_error
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
knn = KNeighborsClassifier().fit(X_train, y_train)
"""
MEASURED = {
    "score": "print(knn.score(X_test, y_test))\n",
    "a function": "print(accuracy_score(y_test, knn.predict(X_test)))\n",
    "a function that gets the predictions first": (
        "y_pred = np.where(knn.predict(X_test) > 2, 1, 0)\nprint(accuracy_score(y_pred, y_test))\n"
    ),
    "by hand, and then a picture": (
        "acc = np.mean(knn.predict(X_test) == y_test)\nknn.predict(rng.normal(size=(500, 4)))\n"
    ),
    "row by row": (
        "right = 0\nfor row, label in zip(X_test, y_test):\n    right += knn.predict([row])[0] == label\n"
        "print('Accuracy:', right / len(y_test))\n"
    ),
}


class TestRows:
    @pytest.mark.parametrize(
        "labels",
        [LABELS, np.eye(3)[LABELS], LABELS.astype("float32"), LABELS.astype(str).tolist(), pd.Series(LABELS)],
        ids=["numbers", "one-hot", "floats", "text", "series"],
    )
    def test_are_counted_by_class(self, labels: Any) -> None:
        """However the labels are written."""
        found = evaluated(ROWS, labels)

        assert (found.rows, found.classes, found.majority) == (40, 3, 0.5)

    @pytest.mark.parametrize("labels", [None, ROWS[:, 0], ROWS[:, :2]], ids=["none", "quantities", "several"])
    def test_have_no_classes_where_labels_are_none(self, labels: Any) -> None:
        """Their number is known still, also in a sparse matrix."""
        found = evaluated(csr_matrix(ROWS), labels)

        assert (found.rows, found.classes) == (40, 0)

    def test_have_labels_that_are_spread(self) -> None:
        """By what always predicting their mean, or their median, would cost; classes with names are not."""
        labels = np.array([1.0, 2.0, 3.0, 6.0])

        found = evaluated(ROWS[:4], labels)

        assert found.std == pytest.approx(3.5**0.5, rel=1e-5)
        assert found.deviation == 1.5
        assert evaluated(ROWS, LABELS.astype(str)) == Evaluated(40, 3, 0.5)

    def test_may_be_in_a_dataset(self) -> None:
        """It brings its labels along; where it is not known to be whole, nothing is told."""
        dataset = tf.data.Dataset.from_tensor_slices((ROWS, LABELS)).batch(8)

        assert evaluated(dataset) == evaluated(ROWS, LABELS)
        assert evaluated(dataset.take(2)) == Evaluated()

    def test_of_folds_are_taken_together(self) -> None:
        """A mean over folds was taken on the rows of all."""
        folds = Evaluated(30, 2, 0.5, 1.0, 0.8), Evaluated(10, 3, 0.7, 3.0, 1.6)

        assert together(folds) == Evaluated(40, 3, 0.55, 1.5, 1.0)


def scoring(function: Callable[..., Any], *compared: Any) -> Scoring:
    """Return how a metric of two arguments was taken."""
    given = dict(zip(("true", "predicted"), compared, strict=True))
    return Scoring("x", 0.0, lambda drawn: function(drawn["true"], drawn["predicted"]), given, tuple(given))


class TestTheStandardError:
    def test_is_that_of_the_metric_over_the_rows(self) -> None:
        """That of a mean is known otherwise; the same rows are drawn each time."""
        errors = np.abs(ROWS[:, 0] - ROWS[:, 1])
        taken = scoring(mean_absolute_error, ROWS[:, 0], pd.Series(ROWS[:, 1]))

        found = taken.standard_error(60)

        assert found == pytest.approx(errors.std() / np.sqrt(40), rel=0.15)
        assert taken.standard_error(60) == found

    def test_leaves_out_rows_for_which_the_metric_is_not_defined(self) -> None:
        """An area under the curve needs both classes."""
        assert (scoring(roc_auc_score, np.arange(40) < 2, ROWS[:, 0]).standard_error(60) or 0) > 0

    @pytest.mark.parametrize("seconds", [0, 60])
    def test_is_not_known_without_time_or_rows(self, seconds: int) -> None:
        """A few resamples tell nothing, and not everything has rows that could be drawn."""
        compared = (ROWS[:, 0], ROWS[:, 1]) if seconds == 0 else (iter("ab"), iter("ab"))

        assert scoring(mean_absolute_error, *compared).standard_error(seconds) is None

    def test_is_not_asked_of_an_accuracy_or_of_very_many_rows(self) -> None:
        """The one needs no resampling, and the other no standard error; nothing of them is kept."""
        trace = Trace()
        trace.keep_scoring(Scoring("accuracy", 0.5, len, {"true": LABELS}, ("true",)))
        trace.keep_scoring(Scoring("mae", 0.5, len, {"true": np.zeros(3_000_000)}, ("true",)))

        assert not trace.scorings


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Scripts:
    """What runs the scripts."""
    return Scripts(tmp_path_factory.mktemp("evaluated"))


class TestTheFacts:
    @pytest.mark.parametrize("name", MEASURED)
    def test_tell_of_the_rows_however_they_were_measured(self, process: Scripts, name: str) -> None:
        """Of a comparison by hand, the labels are those of the split that has as many rows."""
        measured = process.run(IMPORTS + MEASURED[name]).result["facts"]["measured"]

        assert (measured["rows"], measured["classes"]) == (30, 2)
        assert 0.5 <= measured["majority"] < 1

    def test_tell_where_all_rows_are_of_one_class(self, process: Scripts) -> None:
        """An accuracy on them shows nothing."""
        run = process.run(IMPORTS + "print(knn.score(X_test[y_test == 1], y_test[y_test == 1]))\n")

        measured = run.result["facts"]["measured"]
        assert (measured["rows"], measured["classes"], measured["majority"]) == (14, 1, 1.0)

    def test_tell_the_standard_error_of_a_regression(self, process: Scripts) -> None:
        """Of the metric that counts, and no classes."""
        script = "line = LinearRegression().fit(X_train, X_train[:, 0] ** 2)\n"
        script += "print(mean_absolute_error(X_test[:, 0] ** 2, line.predict(X_test)))\n"

        measured = process.run(IMPORTS + script, metric={"name": "mae"}).result["facts"]["measured"]

        assert (measured["rows"], "classes" in measured) == (30, False)
        assert 0 < measured["stderr"] < 1

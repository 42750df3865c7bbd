"""Rows are held out of the training, unseen by the script, where its author asks for it."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.tree import DecisionTreeClassifier

from tests.unit.trainprobe.conftest import Train
from trainprobe.data.samples import UnsplittableError, part_of
from trainprobe.files import EventLog
from trainprobe.hooks.held_out import of_estimator
from trainprobe.task import TrainingOptions
from trainprobe.trace import Trace
from trainprobe.training.checkpoint import Checkpoints
from trainprobe.training.holdout import SOURCE, accuracy_of, chosen
from trainprobe.watch import Watch

KNN = """
import numpy as np
from sklearn.datasets import load_iris
from sklearn.neighbors import KNeighborsClassifier

{data}
before = np.random.random()
np.random.seed(3)
knn = KNeighborsClassifier(n_neighbors=1)
knn.fit(X, y)
open('drawn.txt', 'w').write(str(np.random.random()))
open('fitted.txt', 'w').write(str(knn.n_samples_fit_))
print('accuracy', knn.score(X, y))
"""
IRIS = "X, y = load_iris(return_X_y=True)"
KERAS = """
import keras
import numpy as np
from sklearn.datasets import load_iris

X, y = load_iris(return_X_y=True)
model = keras.Sequential([keras.layers.Dense(3, activation='softmax')])
model.compile('adam', 'sparse_categorical_crossentropy', metrics={metrics})
history = model.fit({data}, epochs=2, verbose=0{more})
print('accuracy', float((model.predict(X, verbose=0).argmax(axis=1) == y).mean()))
acc = model.evaluate(X, y, verbose=0)
"""


class TestRows:
    @pytest.mark.parametrize(
        "labels",
        [
            pytest.param(np.repeat([0, 1, 2], [50, 30, 20]), id="numbers"),
            pytest.param(np.repeat(["a", "b", "c"], [50, 30, 20]).astype(object), id="text"),
            pytest.param(np.eye(3)[np.repeat([0, 1, 2], [50, 30, 20])], id="one-hot"),
            pytest.param(np.repeat([[0.0], [1.0], [2.0]], [50, 30, 20], axis=0), id="a column"),
            pytest.param(pd.Series(np.repeat([0, 1, 2], [50, 30, 20])), id="a series"),
        ],
    )
    def test_of_each_class_the_same_share(self, labels: Any) -> None:
        """In whichever form the labels come; none is in both parts, none is lost."""
        kept, held = chosen(labels, 100, 0.2)

        counts = [int(((held >= first) & (held < last)).sum()) for first, last in ((0, 50), (50, 80), (80, 100))]
        assert counts == [10, 6, 4]
        assert sorted([*kept, *held]) == list(range(100))

    def test_always_the_same_ones(self) -> None:
        """So that no trial was trained on what another holds out, whatever its seed."""
        labels = np.repeat([0, 1], 50)

        assert chosen(labels, 100, 0.2)[1].tolist() == chosen(labels, 100, 0.2)[1].tolist()

    def test_quantities_are_no_classes(self) -> None:
        """A share of all of them then."""
        kept, held = chosen(np.linspace(0, 1, 100), 100, 0.25)

        assert (len(kept), len(held)) == (75, 25)

    def test_too_few_are_left_alone(self) -> None:
        """One row of each class can't be shared out."""
        with pytest.raises(UnsplittableError, match="only 3 rows"):
            chosen(np.array([0, 1, 2]), 3, 0.2)

    @pytest.mark.parametrize(
        "data",
        [
            np.arange(6).reshape(3, 2),
            pd.DataFrame({"a": [0, 2, 4], "b": [1, 3, 5]}, index=[7, 8, 9]),
            [[0, 1], [2, 3], [4, 5]],
            csr_matrix(np.arange(6).reshape(3, 2)),
        ],
        ids=["array", "frame", "list", "sparse"],
    )
    def test_are_taken_by_their_place(self, data: Any) -> None:
        """From whatever holds rows."""
        part = part_of(data, np.array([0, 2]))

        rows = part.toarray() if hasattr(part, "toarray") else np.asarray(part)
        assert rows.tolist() == [[0, 1], [4, 5]]

    def test_several_inputs_are_taken_each(self) -> None:
        """By name or by place."""
        one, other = np.zeros((3, 2)), np.ones((3, 4))

        assert [part.shape for part in part_of([one, other], np.array([1]))] == [(1, 2), (1, 4)]
        assert part_of({"a": one}, np.array([1]))["a"].shape == (1, 2)

    @pytest.mark.parametrize("data", [iter([1]), "rows", 3])
    def test_what_has_none_is_said(self, data: Any) -> None:
        """As of generators."""
        with pytest.raises(UnsplittableError, match=type(data).__name__):
            part_of(data, np.array([0]))


def test_an_accuracy_is_worked_out_where_the_network_measures_none() -> None:
    """From its outputs: the largest of several, or one above a half."""
    assert accuracy_of(np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([1, 1])) == 0.5
    assert accuracy_of(np.array([[0.9], [0.2]]), np.array([[1.0], [0.0]])) == 1.0
    assert accuracy_of(np.array([[0.9], [0.2]]), np.array([0.31, 0.72])) is None


class TestEstimator:
    def test_is_measured_on_what_it_has_not_seen(self, train: Train) -> None:
        """The script fits, scores and draws as ever; its own accuracy is on training data, and counts for less."""
        finished = train(KNN.format(data=IRIS), holdout=0.2)

        assert (finished.measurement["data"], finished.measurement["source"]) == ("validation", SOURCE)
        assert 0.8 < finished.measurement["value"] < 1.0
        assert ("train", "sklearn.score") in finished.found()
        assert finished.result["facts"]["holdout"]["rows"] == 30
        assert finished.result["sealed"] is None
        code = finished.folder.parent / "code"
        assert (code / "fitted.txt").read_text() == "120"
        assert float((code / "drawn.txt").read_text()) == np.random.RandomState(3).random_sample()

    def test_may_be_given_frames(self, train: Train) -> None:
        """And text for labels."""
        frame = "X, y = load_iris(return_X_y=True, as_frame=True)\ny = y.map({0: 'a', 1: 'b', 2: 'c'})"

        finished = train(KNN.format(data=frame), holdout=0.5)

        assert finished.measurement["source"] == SOURCE
        assert finished.result["facts"]["holdout"]["rows"] == 75

    def test_stays_sealed_where_the_script_has_held_out_data_of_its_own(self, train: Train) -> None:
        """What the rows say is apart from all that a search may choose by."""
        own = KNN.format(data=IRIS).replace("knn.fit(X, y)", "knn.fit(X[::2], y[::2])")

        finished = train(own + "print('test accuracy', knn.score(X[1::2], y[1::2]))\n", holdout=0.2)

        assert (finished.measurement["data"], finished.measurement["source"]) == ("test", "sklearn.score")
        assert ("validation", SOURCE) not in finished.found()
        sealed = finished.result["sealed"]
        assert (sealed["rows"], sealed["digest"]) == (15, finished.result["facts"]["holdout"]["digest"])
        assert 10 < sealed["correct"] <= 15

    def test_nothing_is_held_out_of_cross_validation(self, train: Train) -> None:
        """Its folds hold out rows themselves."""
        script = KNN.format(data=IRIS).split("knn.fit")[0]
        script += "from sklearn.model_selection import cross_val_score\nprint(cross_val_score(knn, X, y).mean())\n"

        finished = train(script, holdout=0.2)

        assert "holdout" not in finished.result["facts"]
        assert finished.measurement["data"] == "folds"

    def test_a_regression_has_its_own_measures(self, train: Train) -> None:
        """Errors beside what `score` says."""
        script = """
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LinearRegression
X, y = load_diabetes(return_X_y=True)
model = LinearRegression().fit(X, y)
print(model.score(X, y))
"""
        finished = train(script, holdout=0.2, metric={"name": "mae"})

        assert (finished.measurement["source"], finished.measurement["metric"]) == (SOURCE, "mae")
        assert 30 < finished.measurement["value"] < 70

    @pytest.mark.parametrize(
        ("more", "rows"),
        [
            pytest.param({"sample_weight": np.arange(40), "verbose": False}, 32, id="weights and a setting"),
            pytest.param({"eval_set": [(np.ones((2, 1)), [0, 1])]}, 40, id="data of its own"),
        ],
    )
    def test_what_is_given_beside_the_rows(self, tmp_path: Path, more: dict[str, Any], rows: int) -> None:
        """Weights are shared out with them; other data are the script's own way to hold out."""
        watch = Watch(Trace(), EventLog(tmp_path / "events"), Checkpoints(tmp_path), TrainingOptions(holdout=0.2))
        given = {"self": DecisionTreeClassifier(), "X": np.ones((40, 1)), "y": np.repeat([0, 1], 20), **more}

        less = of_estimator(watch, given, "accuracy")

        assert {len(less[name]) for name in ("X", "y", "sample_weight") if name in less} == {rows}
        assert less["self"] is given["self"]
        assert ("why" in str(watch.trace.run_facts["holdout"])) == (rows == 40)


class TestNetwork:
    @pytest.mark.parametrize("metrics", ["['accuracy']", "[]"], ids=["its metric", "by hand"])
    def test_is_measured_on_what_it_has_not_seen(self, train: Train, metrics: str) -> None:
        """Also where it was compiled without a metric; what the script measures is on training data."""
        finished = train(KERAS.format(data="X, y", more="", metrics=metrics), holdout=0.2)

        assert (finished.measurement["data"], finished.measurement["source"]) == ("validation", SOURCE)
        assert {data for data, source in finished.found() if source != SOURCE} == {"train"}
        assert finished.result["facts"]["holdout"]["rows"] == 30

    def test_stays_sealed_beside_validation_data_of_the_fit(self, train: Train) -> None:
        """The rows are taken first; the script validates with a share of the others."""
        finished = train(KERAS.format(data="X, y", more=", validation_split=0.1", metrics="['accuracy']"), holdout=0.2)

        assert (finished.measurement["data"], finished.measurement["source"]) == ("validation", "history")
        assert finished.result["sealed"]["rows"] == 30

    @pytest.mark.parametrize(
        ("data", "more", "why"),
        [
            ("X, y", ", steps_per_epoch=2", "steps_per_epoch sets the number of batches"),
            ("__import__('tensorflow').data.Dataset.from_tensor_slices((X, y)).batch(8)", "", "the data are of type "),
        ],
        ids=["steps_per_epoch", "dataset"],
    )
    def test_says_why_nothing_is_held_out(self, train: Train, data: str, more: str, why: str) -> None:
        """Where the number of batches is set, or its rows can't be had."""
        finished = train(KERAS.format(data=data, more=more, metrics="['accuracy']"), holdout=0.2)

        assert finished.result["facts"]["holdout"]["rows"] == 0
        assert why in finished.result["facts"]["holdout"]["why"]
        assert SOURCE not in [source for _, source in finished.found()]


def test_nothing_is_held_out_unless_asked(train: Train) -> None:
    """Every row is fitted."""
    finished = train(KNN.format(data=IRIS))

    assert (finished.folder.parent / "code" / "fitted.txt").read_text() == "150"
    assert finished.measurement["data"] == "train"

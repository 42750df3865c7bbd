"""scikit-learn: what was measured, and on which data."""

from __future__ import annotations

import pickle

from tests.unit.trainprobe.conftest import Train
from tests.unit.trainprobe.probing import Finished


class TestEstimators:
    def test_are_judged_by_the_last_measurement_on_held_out_data(self, estimators: Finished) -> None:
        """``accuracy_score`` of predictions for rows that were not fitted."""
        measurement = estimators.measurement

        assert (measurement["data"], measurement["source"]) == ("test", "sklearn.accuracy_score")
        assert f"test {measurement['value']}" in estimators.stdout

    def test_tell_training_data_from_other(self, estimators: Finished) -> None:
        """A copy of the fitted rows is still the fitted rows; folds are named as such."""
        assert estimators.found() == [
            ("test", "sklearn.accuracy_score"),
            ("test", "sklearn.classification_report"),
            ("folds", "sklearn.cross_val_score"),
            ("folds", "sklearn.GridSearchCV.best_score_"),
            ("train", "sklearn.score"),
        ]

    def test_leave_a_model_to_deliver(self, estimators: Finished) -> None:
        """The script saved none, so the last one fitted is kept beside the result."""
        (artifact,) = estimators.result["artifacts"]

        assert (artifact["path"], artifact["kind"]) == ("run:artifacts/model.pkl", "model")
        model = pickle.loads((estimators.folder / "artifacts" / "model.pkl").read_bytes())  # noqa: S301 - our own
        assert type(model).__name__ == "Pipeline"

    def test_leave_facts(self, estimators: Finished) -> None:
        """Settings of the model and a look at the data."""
        facts = estimators.result["facts"]

        assert facts["model"]["params"]["kneighborsclassifier__n_neighbors"] == 3
        assert facts["inputs"]["rows"] == 112
        assert facts["labels"]["classes"] == 3
        assert facts["measured_on_training_data"] is False


class TestTrainingData:
    def test_is_said_where_nothing_else_was_measured(self, train: Train) -> None:
        """A score on the rows that were fitted is no test."""
        run = train(
            "from sklearn.datasets import load_iris\n"
            "from sklearn.neighbors import KNeighborsClassifier\n"
            "X, y = load_iris(return_X_y=True, as_frame=True)\n"
            "model = KNeighborsClassifier().fit(X.to_numpy(), y)\n"
            "score = model.score(X.to_numpy().tolist(), y)\n"
        )

        assert (run.measurement["data"], run.measurement["source"]) == ("train", "sklearn.score")
        assert run.result["facts"]["measured_on_training_data"] is True

"""scikit-learn: what was measured, and on which data."""

import pickle

import pytest

from tests.unit.trainprobe.conftest import Train
from tests.unit.trainprobe.probing import Finished

SPLIT = """
from sklearn.datasets import load_wine
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
"""


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

    @pytest.mark.parametrize(
        "measure",
        [
            "accuracy_score(model.predict(X_train), y_train)",
            "accuracy_score(model.predict(X_train).tolist(), y_train)",
            "accuracy_score(y_train, model.predict(X_train))",
        ],
    )
    def test_is_known_whichever_argument_comes_first(self, train: Train, measure: str) -> None:
        """``accuracy_score`` gives the same for both, and authors mix them up."""
        run = train(SPLIT + f"model = KNeighborsClassifier().fit(X_train, y_train)\naccuracy = {measure}\n")

        assert run.measurement["data"] == "train"

    def test_is_known_where_the_split_came_too_late(self, train: Train) -> None:
        """Fitted on everything, a held-out part is none."""
        run = train(SPLIT + "model = KNeighborsClassifier(1).fit(X, y)\nprint(model.score(X_test, y_test))\n")

        assert (run.measurement["data"], run.measurement["source"]) == ("train", "sklearn.score")

    def test_is_not_what_an_earlier_fit_had(self, train: Train) -> None:
        """An estimator that is fitted again knows nothing of the rows before."""
        run = train(
            SPLIT
            + "model = KNeighborsClassifier().fit(X, y)\n"
            + "model.fit(X_train, y_train)\n"
            + "print(model.score(X_test, y_test))\n"
        )

        assert run.measurement["data"] == "test"


FOLDS = """
import numpy as np
from sklearn.model_selection import StratifiedKFold
scores = []
for fitted, held_out in StratifiedKFold(5).split(X, y):
    model = KNeighborsClassifier().fit(X[fitted], y[fitted])
    scores.append({measure})
mean = np.mean(scores)
"""


class TestALoopOverFolds:
    @pytest.mark.parametrize(
        ("measure", "source"),
        [
            ("model.score(X[held_out], y[held_out])", "sklearn.score"),
            ("accuracy_score(y[held_out], model.predict(X[held_out]))", "sklearn.accuracy_score"),
        ],
    )
    def test_is_measured_by_its_mean(self, train: Train, measure: str, source: str) -> None:
        """The last fold is no better than any other; a final fit on everything changes nothing."""
        loop = FOLDS.replace("{measure}", measure)

        run = train(SPLIT + loop + "model.fit(X, y)\nprint(mean)\n")

        assert (run.measurement["data"], run.measurement["source"]) == ("folds", f"mean of 5 folds, {source}")
        assert run.measurement["value"] == pytest.approx(float(run.stdout))
        assert [data for data, _ in run.found()[1:6]] == ["test"] * 5

    def test_is_not_one_over_settings(self, train: Train) -> None:
        """Several models scored on the same rows are judged by the last, as ever."""
        run = train(
            SPLIT
            + "for k in (1, 3, 5, 7):\n"
            + "    model = KNeighborsClassifier(k).fit(X_train, y_train)\n"
            + "    print(model.score(X_test, y_test))\n"
        )

        assert (run.measurement["data"], run.measurement["source"]) == ("test", "sklearn.score")

    def test_is_only_the_last_of_several(self, train: Train) -> None:
        """Each setting has folds of its own."""
        loop = FOLDS.replace("{measure}", "model.score(X[held_out], y[held_out])")

        run = train(SPLIT + loop + loop.replace("Classifier()", "Classifier(1)") + "print(mean)\n")

        assert run.measurement["source"] == "mean of 5 folds, sklearn.score"
        assert run.measurement["value"] == pytest.approx(float(run.stdout))


def test_folds_may_have_a_seed_that_they_do_not_use(train: Train) -> None:
    """``KFold(n_splits=10, random_state=7)`` is in many a tutorial; scikit-learn refuses it since 0.24."""
    script = SPLIT + (
        "from sklearn.model_selection import KFold, cross_val_score\n"
        "scores = cross_val_score(KNeighborsClassifier(), X, y, cv=KFold(n_splits=10, random_state=7))\n"
        "print(scores.mean(), KFold(3, shuffle=True, random_state=7).random_state)\n"
    )

    run = train(script)

    assert run.measurement["data"] == "folds"
    assert run.stdout.endswith(" 7\n")

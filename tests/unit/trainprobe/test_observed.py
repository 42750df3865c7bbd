"""What is observed of the libraries: all that trains, predicts or measures, wherever it is defined."""

from pathlib import Path

import pytest

from tests.unit.trainprobe.conftest import Train
from tests.unit.trainprobe.patterns import Python

OBSERVED = """
def definition(owner, name):
    found = next((vars(one)[name] for one in owner.__mro__ if name in vars(one)), None)
    return getattr(found, 'fn', found)


def missed(owner, *names):
    found = ((name, definition(owner, name)) for name in names)
    return [owner.__name__ + '.' + name for name, made in found if made is not None and not hasattr(made, 'trainprobe')]


missing = []
"""
METHODS = "'fit', 'predict', 'predict_proba', 'decision_function', 'score'"
ACCURACY = "accuracy: 0.5"

CLUSTERING = "scores a clustering, which has no true labels that a prediction could be held against"
CURVE = "returns a curve, not a score"
DISTANCE = "measures distances between rows"
DRAWS = "draws by calling functions that are watched"
MAKES = "returns a scorer, which is watched where it is called"
NOT_WATCHED = {
    **dict.fromkeys(("ConfusionMatrixDisplay", "DetCurveDisplay", "PrecisionRecallDisplay"), DRAWS),
    **dict.fromkeys(("PredictionErrorDisplay", "RocCurveDisplay"), DRAWS),
    **dict.fromkeys(("check_scoring", "get_scorer", "get_scorer_names", "make_scorer"), MAKES),
    **dict.fromkeys(
        ("DistanceMetric", "euclidean_distances", "nan_euclidean_distances", "pairwise_distances"), DISTANCE
    ),
    **dict.fromkeys(("pairwise_distances_argmin", "pairwise_distances_argmin_min"), DISTANCE),
    **dict.fromkeys(("pairwise_distances_chunked", "pairwise_kernels"), DISTANCE),
    **dict.fromkeys(("adjusted_mutual_info_score", "adjusted_rand_score", "calinski_harabasz_score"), CLUSTERING),
    **dict.fromkeys(("completeness_score", "consensus_score", "davies_bouldin_score"), CLUSTERING),
    **dict.fromkeys(("fowlkes_mallows_score", "homogeneity_completeness_v_measure", "homogeneity_score"), CLUSTERING),
    **dict.fromkeys(("mutual_info_score", "normalized_mutual_info_score", "pair_confusion_matrix"), CLUSTERING),
    **dict.fromkeys(("rand_score", "silhouette_samples", "silhouette_score", "v_measure_score"), CLUSTERING),
    "cluster": "is a module of such scores",
    "auc": "gets the points of a curve, not the predictions that it was drawn of",
}


class TestScikitLearn:
    def test_is_observed_in_every_estimator(self, train: Train) -> None:
        """Also where a mixin defines the method that is no estimator itself."""
        run = train(
            OBSERVED
            + "import sys\nfrom sklearn.utils import all_estimators\n"
            + f"for _, estimator in all_estimators():\n    missing += missed(estimator, {METHODS})\n"
            + f"print(sorted(missing), '{ACCURACY}')\n"
        )

        assert run.stdout.splitlines() == [f"[] {ACCURACY}"]

    def test_is_observed_in_every_metric_of_predictions(self, train: Train) -> None:
        """All others are listed here with the reason."""
        run = train(
            "import sklearn.metrics\n"
            "named = {name: getattr(sklearn.metrics, name) for name in sklearn.metrics.__all__}\n"
            f"print(*(name for name, one in named.items() if not hasattr(one, 'trainprobe')))\nprint('{ACCURACY}')\n"
        )

        assert set(run.stdout.splitlines()[0].split()) == set(NOT_WATCHED)


class TestKeras:
    def test_is_observed_in_every_model(self, train: Train) -> None:
        """``model(x)`` is not: layers call each other that way in every training step."""
        methods = "'fit', 'evaluate', 'predict', 'predict_on_batch', 'train_on_batch', 'test_on_batch', 'save'"
        run = train(
            OBSERVED
            + "import keras\nfor model in (keras.Model, keras.Sequential, keras.models.Model):\n"
            + f"    missing += missed(model, {methods}, 'save_weights')\nprint(missing, '{ACCURACY}')\n"
        )

        assert run.stdout.splitlines() == [f"[] {ACCURACY}"]


class TestBoosting:
    @pytest.mark.parametrize(
        ("library", "classes", "functions"),
        [
            ("xgboost", "XGBClassifier XGBRegressor XGBRanker XGBRFClassifier XGBRFRegressor Booster", "train cv"),
            ("lightgbm", "LGBMClassifier LGBMRegressor LGBMRanker Booster", "train cv"),
            ("catboost", "CatBoost CatBoostClassifier CatBoostRegressor CatBoostRanker", "cv"),
        ],
    )
    def test_is_observed(self, tmp_path: Path, library: str, classes: str, functions: str) -> None:
        """The classes like scikit-learn's, the native functions, and a booster; ``catboost.train`` calls ``fit``."""
        run = Python.with_library(library).run(
            tmp_path / "trial",
            OBSERVED
            + f"import {library}\nfor name in {classes.split()}:\n"
            + f"    missing += missed(getattr({library}, name), {METHODS}, 'inplace_predict')\n"
            + f"found = {{name: getattr({library}, name) for name in {functions.split()}}}\n"
            + "missing += [name for name, made in found.items() if not hasattr(made, 'trainprobe')]\n"
            + f"print(missing, '{ACCURACY}')\n",
        )

        assert run.stdout.splitlines() == [f"[] {ACCURACY}"]


class TestPyTorch:
    def test_is_observed_in_its_loops(self, tmp_path: Path) -> None:
        """Predictions are calls of the author's own module; the loader shows which rows they are made for."""
        run = Python.with_library("torch").run(
            tmp_path / "trial",
            OBSERVED
            + "import torch\nfrom torch.utils.data import DataLoader\n"
            + "missing += missed(torch.nn.Linear, 'parameters') + missed(DataLoader, '__iter__')\n"
            + f"missing += missed(torch.Tensor, 'backward')\nprint(missing, '{ACCURACY}')\n",
        )

        assert run.stdout.splitlines() == [f"[] {ACCURACY}"]

"""What is named as the cause where regressions and cross-validations miss their threshold: from training to finding."""

from pathlib import Path

import pytest

from services.tweaker.search.decide import Decision, decide
from tests.unit.trainprobe.probing import Trial as Training
from tests.unit.tweaker import regression_scripts as scripts
from trainyard.policy import Policy
from trainyard.trial import Measurement, Trial


def decided(folder: Path, script: str, metric: str, threshold: float) -> Decision:
    """Train a script that misses its threshold, and return what follows."""
    policy = Policy.model_validate({"metric": metric, "threshold": threshold})
    assert policy.metric is not None
    result = Training(folder, {"train.py": script}, task={"metric": policy.metric.model_dump()}).run().result
    measured = Measurement.model_validate(result["measurement"])
    assert not measured.reaches(threshold)

    return decide(
        [Trial(trial=1, measurement=measured, facts=result["facts"])], {1: {"train.py": script.encode()}}, policy
    )


@pytest.mark.parametrize(
    ("script", "metric", "threshold", "cause", "evidence"),
    [
        ("CURVED", "r2", 0.9, "estimator_too_simple", "does no better than an R² of"),
        ("SILENCED", "mae", 44, "penalty_too_strong", "alpha = 5"),
        ("SHRUNK", "r2", 0.95, "penalty_too_strong", "alpha = 2000"),
        ("TIGHT", "rmse", 40, "penalty_too_strong", "C = 1 regularizes too strongly for target values"),
        ("NEIGHBOURS", "mse", 2, "unscaled_inputs", "column standard deviations"),
        ("NETWORK", "r2", 0.8, "unscaled_inputs", "column standard deviations"),
        ("VECTORS", "mse", 2, "unscaled_inputs", "column standard deviations"),
        ("TREE", "mse", 6, "trees_overfit", "a mean squared error of 0 on the training data"),
        ("FOREST", "r2", 0.8, "too_few_trees", "Only 2 trees"),
        ("TREE_ON_FOLDS", "r2", 0.8, "trees_overfit", "an R² of 1 on the training data"),
        ("LINE_ON_FOLDS", "mse", 5, "estimator_too_simple", "a mean squared error of"),
        ("LOOP", "r2", 0.85, "unsuitable_kernel", "an R² of"),
        ("GRID", "r2", 0.85, "estimator_too_simple", "Ridge does no better than an R² of"),
        ("NEIGHBOURS_ON_FOLDS", "accuracy", 0.9, "unscaled_inputs", "column standard deviations"),
        ("TREE_BY_F1", "f1", 0.85, "trees_overfit", "an F1 score of 1 on the training data"),
        ("LINE_BY_AREA", "roc_auc", 0.9, "estimator_too_simple", "an AUC of"),
        ("STUMP_BY_BALANCED_ACCURACY", "balanced_accuracy", 0.9, "trees_too_shallow", "1 level"),
    ],
)
def test_the_cause_is_named(
    tmp_path: Path, script: str, metric: str, threshold: float, cause: str, evidence: str
) -> None:
    """First of all findings, with its evidence in the metric's own unit."""
    surest = decided(tmp_path, getattr(scripts, script), metric, threshold).findings[0]

    assert surest.name == cause
    assert evidence in surest.sentence

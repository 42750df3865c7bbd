"""Which parameters of XGBoost, LightGBM and CatBoost the knobs turn."""

from collections.abc import Mapping

from services.tweaker.edits import estimator_knobs as knobs
from services.tweaker.edits.knobs import LEARNING_RATE, Knob
from services.tweaker.edits.parameters import NO_DEFAULT, Parameter

XGBOOST = "xgboost XGBClassifier XGBRegressor XGBRFClassifier XGBRFRegressor"
LIGHTGBM = "lightgbm LGBMClassifier LGBMRegressor"
CATBOOST = "CatBoostClassifier CatBoostRegressor"

_ALIASES = ("num_iterations", "num_iteration", "n_iter", "num_tree", "num_trees", "num_round", "num_rounds", "nrounds",
          "num_boost_round", "n_estimators", "max_iter")  # fmt: skip
"""Other names of LightGBM's number of rounds."""

PARAMETERS: Mapping[Knob, tuple[Parameter, ...]] = {
    knobs.ESTIMATORS: (
        Parameter(XGBOOST, "n_estimators", 100),
        Parameter(LIGHTGBM, "n_estimators", 100, aliases=_ALIASES),
        Parameter(CATBOOST, "iterations", 1000, 0, ("n_estimators", "num_boost_round", "num_trees")),
    ),
    knobs.DEPTH: (
        Parameter(XGBOOST, "max_depth", 6, never_none=True),
        Parameter(LIGHTGBM, "max_depth", -1, never_none=True),
        Parameter(CATBOOST, "depth", 6, 2, ("max_depth",), never_none=True),
    ),
    LEARNING_RATE: (
        Parameter("xgboost XGBClassifier XGBRegressor", "learning_rate", 0.3, aliases=("eta",)),
        Parameter(LIGHTGBM, "learning_rate", 0.1, aliases=("eta", "shrinkage_rate")),
        Parameter(CATBOOST, "learning_rate", NO_DEFAULT, 1, ("eta",)),
    ),
    knobs.LEAF: (
        Parameter(XGBOOST, "min_child_weight", 1),
        Parameter(LIGHTGBM, "min_child_samples", 20, aliases=("min_data_in_leaf", "min_data", "min_samples_leaf")),
        Parameter(CATBOOST, "min_data_in_leaf", 1, aliases=("min_child_samples",)),
    ),
    knobs.LEAVES: (
        Parameter(XGBOOST, "max_leaves", NO_DEFAULT),
        Parameter(LIGHTGBM, "num_leaves", 31, aliases=("num_leaf", "max_leaves", "max_leaf_nodes")),
        Parameter(CATBOOST, "max_leaves", NO_DEFAULT, aliases=("num_leaves",)),
    ),
}
"""Of estimators like scikit-learn's, and of the dictionaries that `xgboost.train` and `lightgbm.train` take."""

ROUNDS: Mapping[str, Parameter] = {
    "xgboost": Parameter("xgboost", "num_boost_round", 10, 2),
    "lightgbm": Parameter("lightgbm", "num_boost_round", 100, 2, _ALIASES),
}
"""The number of rounds is an argument of the call itself; with LightGBM the dictionary overrides it."""

"""Edits of scripts that train with XGBoost, LightGBM or CatBoost."""

from tests.unit.tweaker import boosting_scripts as boosting
from tests.unit.tweaker.editing import Case, line

XGBOOST = "model = XGBClassifier(n_estimators=2, max_depth=1, eta=0.001, max_leaves=2)"
XGBOOST_TRAINED = "bst = xgb.train(params, xgb.DMatrix(X_train, label=y_train))"
LIGHTGBM = "SETTINGS = dict(n_estimators=3, num_leaves=2, min_child_samples=60, verbose=-1)"
PARAMS = 'params = {"objective": "binary", "verbose": -1, "num_leaves": 2}'
CATBOOST = "model = CatBoostClassifier(2, learning_rate=0.001, depth=1, verbose=False, random_seed=1)"

CASES: dict[str, Case] = {
    "xgboost: trees": line(
        "estimators", 200, boosting.XGBOOST, XGBOOST, XGBOOST.replace("n_estimators=2", "n_estimators=200")
    ),
    "xgboost: rounds, not said yet": line(
        "estimators",
        200,
        boosting.XGBOOST_TRAINED,
        XGBOOST_TRAINED,
        XGBOOST_TRAINED.replace("y_train))", "y_train), num_boost_round=200)"),
    ),
    "xgboost: depth": line("depth", 6, boosting.XGBOOST, XGBOOST, XGBOOST.replace("depth=1", "depth=6")),
    "xgboost: depth in a dict": line(
        "depth", 6, boosting.XGBOOST_TRAINED, "    'max_depth': 1,", "    'max_depth': 6,"
    ),
    "xgboost: rate by its short name": line(
        "learning_rate", 0.3, boosting.XGBOOST, XGBOOST, XGBOOST.replace("0.001", "0.3")
    ),
    "xgboost: rate set later": line(
        "learning_rate", 0.3, boosting.XGBOOST_TRAINED, "params['eta'] = 0.0001", "params['eta'] = 0.3"
    ),
    "xgboost: leaf, not said yet": Case("leaf", 3, boosting.XGBOOST_TRAINED, [], ["    'min_child_weight': 3,"]),
    "xgboost: leaves": line("leaves", 16, boosting.XGBOOST, XGBOOST, XGBOOST.replace("leaves=2", "leaves=16")),
    "lightgbm: trees of a dict": line(
        "estimators", 150, boosting.LIGHTGBM, LIGHTGBM, LIGHTGBM.replace("n_estimators=3", "n_estimators=150")
    ),
    "lightgbm: rounds of a constant": line("estimators", 150, boosting.LIGHTGBM_TRAINED, "ROUNDS = 1", "ROUNDS = 150"),
    "lightgbm: leaves of a dict": line(
        "leaves", 31, boosting.LIGHTGBM, LIGHTGBM, LIGHTGBM.replace("leaves=2", "leaves=31")
    ),
    "lightgbm: leaves": line("leaves", 31, boosting.LIGHTGBM_TRAINED, PARAMS, PARAMS.replace("2}", "31}")),
    "lightgbm: leaf of a dict": line(
        "leaf", 5, boosting.LIGHTGBM, LIGHTGBM, LIGHTGBM.replace("samples=60", "samples=5")
    ),
    "lightgbm: rate, not said yet": line(
        "learning_rate", 0.2, boosting.LIGHTGBM_TRAINED, PARAMS, PARAMS.replace("2}", '2, "learning_rate": 0.2}')
    ),
    "catboost: rounds by position": line(
        "estimators", 100, boosting.CATBOOST, CATBOOST, CATBOOST.replace("(2,", "(100,")
    ),
    "catboost: rate": line("learning_rate", 0.1, boosting.CATBOOST, CATBOOST, CATBOOST.replace("0.001", "0.1")),
    "catboost: depth": line("depth", 6, boosting.CATBOOST, CATBOOST, CATBOOST.replace("depth=1", "depth=6")),
    "xgboost: rate of a dict that a function is given": line(
        "learning_rate",
        0.3,
        boosting.XGBOOST_IN_A_FUNCTION,
        "PARAMS = dict(objective='multi:softmax', num_class=3, eta=0.001)",
        "PARAMS = dict(objective='multi:softmax', num_class=3, eta=0.3)",
    ),
    "xgboost: depth of a dict that a function is given, not said yet": line(
        "depth",
        4,
        boosting.XGBOOST_IN_A_FUNCTION,
        "PARAMS = dict(objective='multi:softmax', num_class=3, eta=0.001)",
        "PARAMS = dict(objective='multi:softmax', num_class=3, eta=0.001, max_depth=4)",
    ),
}

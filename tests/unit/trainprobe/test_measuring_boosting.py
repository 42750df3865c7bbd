"""XGBoost, LightGBM and CatBoost, by their own functions and by scikit-learn's classes."""

from pathlib import Path

import pytest

from tests.unit.trainprobe.patterns import Python, expected

XGBOOST = (
    "import xgboost as xgb\n"
    "dtrain, dtest = xgb.DMatrix(X_train, y_train), xgb.DMatrix(X_test, y_test)\n"
    "settings = {'objective': 'binary:logistic', 'eval_metric': 'error'}\n"
)
LIGHTGBM = (
    "import lightgbm as lgb\n"
    "dtrain = lgb.Dataset(X_train, y_train)\ndtest = lgb.Dataset(X_test, y_test, reference=dtrain)\n"
    "settings = {'objective': 'binary', 'metric': 'binary_error', 'verbose': -1, 'min_data_in_leaf': 2}\n"
)
RATE = "expect(np.mean((model.predict({}) > 0.5) == y_test))\n"
PATTERNS = {
    "catboost": {
        "a classifier's score": (
            (
                "from catboost import CatBoostClassifier\n"
                "model = CatBoostClassifier(iterations=5, verbose=0, allow_writing_files=False).fit(X_train, y_train)\n"
                "expect(model.score(X_test, y_test))"
            ),
            ("test", "catboost.score"),
        ),
        "predictions for everything": (
            (
                "from catboost import CatBoostClassifier\nfrom sklearn.metrics import accuracy_score\n"
                "model = CatBoostClassifier(iterations=5, verbose=0, allow_writing_files=False).fit(X_train, y_train)\n"
                "expect(accuracy_score(y, model.predict(X)))"
            ),
            ("train", "sklearn.accuracy_score"),
        ),
        "cross-validation": (
            (
                "from catboost import Pool, cv\n"
                "settings = {'loss_function': 'Logloss', 'custom_metric': 'Accuracy', 'iterations': 5, 'verbose': 0,\n"
                "            'allow_writing_files': False}\n"
                "told = cv(Pool(X, y), settings, fold_count=3)\nexpect(told['test-Accuracy-mean'].iloc[-1])"
            ),
            ("folds", "catboost.cv"),
        ),
    },
    "xgboost": {
        "a classifier's score": (
            (
                "from xgboost import XGBClassifier\nmodel = XGBClassifier(n_estimators=5).fit(X_train, y_train)\n"
                "expect(model.score(X_test, y_test))"
            ),
            ("test", "xgboost.score"),
        ),
        "a classifier fitted by the arguments of older versions": (
            (
                "from xgboost import XGBClassifier\nmodel = XGBClassifier(n_estimators=5)\n"
                "model.fit(X_train, y_train, eval_set=[(X_test, y_test)], early_stopping_rounds=2, verbose=0)\n"
                "expect(model.score(X_test, y_test))"
            ),
            ("test", "xgboost.score"),
        ),
        "the error of each round": (
            XGBOOST
            + "model = xgb.train(settings, dtrain, 5, evals=[(dtrain, 'train'), (dtest, 'eval')])\n"
            + RATE.format("dtest"),
            ("validation", "1 - val_error of xgboost.train"),
        ),
        "predictions compared by hand": (
            (
                XGBOOST
                + "model = xgb.train(settings, dtrain, 5)\npredicted = model.predict(dtest) > 0.5\n"
                + "acc = sum(predicted == y_test) / len(y_test)\nexpect(acc)"
            ),
            ("test", "variable acc"),
        ),
        "cross-validation": (
            XGBOOST + "told = xgb.cv(settings, dtrain, 5, nfold=3)\nexpect(1 - told['test-error-mean'].iloc[-1])",
            ("folds", "1 - error of xgboost.cv"),
        ),
        "predictions for everything": (
            (
                XGBOOST
                + "from sklearn.metrics import accuracy_score\nmodel = xgb.train(settings, dtrain, 5)\n"
                + "expect(accuracy_score(y, model.inplace_predict(X) > 0.5))"
            ),
            ("train", "sklearn.accuracy_score"),
        ),
    },
    "lightgbm": {
        "a classifier's score": (
            (
                "from lightgbm import LGBMClassifier\n"
                "model = LGBMClassifier(n_estimators=5, verbose=-1).fit(X_train, y_train)\n"
                "expect(model.score(X_test, y_test))"
            ),
            ("test", "lightgbm.score"),
        ),
        "a classifier fitted by the arguments of older versions": (
            (
                "from lightgbm import LGBMClassifier\nmodel = LGBMClassifier(n_estimators=5, verbose=-1)\n"
                "model.fit(X_train, y_train, eval_set=[(X_test, y_test)], early_stopping_rounds=2, verbose=False)\n"
                "expect(model.score(X_test, y_test))"
            ),
            ("test", "lightgbm.score"),
        ),
        "rounds told by the arguments of older versions": (
            LIGHTGBM
            + "told = {}\nmodel = lgb.train(settings, dtrain, 5, [dtest], verbose_eval=2, evals_result=told)\n"
            + RATE.format("X_test"),
            ("validation", "1 - val_binary_error of lightgbm.train"),
        ),
        "the error of each round": (
            LIGHTGBM + "model = lgb.train(settings, dtrain, 5, valid_sets=[dtrain, dtest])\n" + RATE.format("X_test"),
            ("validation", "1 - val_binary_error of lightgbm.train"),
        ),
        "predictions compared by scikit-learn": (
            (
                LIGHTGBM
                + "from sklearn.metrics import accuracy_score\nmodel = lgb.train(settings, dtrain, 5)\n"
                + "expect(accuracy_score(y_test, model.predict(X_test) > 0.5))"
            ),
            ("test", "sklearn.accuracy_score"),
        ),
    },
}


class TestTheAccuracy:
    @pytest.mark.parametrize(
        ("library", "pattern"), [(library, pattern) for library, each in PATTERNS.items() for pattern in each]
    )
    def test_is_found_and_rightly_named(self, tmp_path: Path, library: str, pattern: str) -> None:
        """An error that the library tells is named as what it is made from."""
        python = Python.with_library(library)
        script, (data, source) = PATTERNS[library][pattern]

        run = python.run(tmp_path / "trial", script)

        assert (run.measurement["metric"], run.measurement["data"], run.measurement["source"]) == (
            "accuracy",
            data,
            source,
        )
        assert run.measurement["value"] == pytest.approx(expected(run), abs=1e-6)

"""What the metric that counts comes to on rows that its model was fitted with, as each script works it out itself."""

import pytest

from tests.unit.trainprobe.patterns import Scripts, expected
from trainprobe.data.evaluated import UNKNOWN_ROWS
from trainprobe.data.fits import Fit
from trainprobe.data.identity import DataFingerprint, RowHashes
from trainprobe.data.kind import DataKind
from trainprobe.facts.predictions import Answers
from trainprobe.facts.training_value import training_value
from trainprobe.trace import Measurement, Trace

IMPORTS = """
from sklearn.linear_model import LinearRegression
from sklearn.metrics import f1_score, mean_absolute_error, mean_squared_error, r2_score, roc_auc_score
from sklearn.model_selection import GridSearchCV, KFold, cross_val_score, cross_validate
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

amounts = 5 + X[:, 0] ** 2 + X[:, 1]
t_train, t_test = amounts[:70], amounts[90:]
tree = DecisionTreeRegressor(max_depth=2).fit(X_train, t_train)
wrong = t_train - tree.predict(X_train)
"""
REFITTED = """
for rows, _ in KFold(3).split(X):
    pass
"""
MEASURED = {
    "the estimator's own score": ("r2", "print(tree.score(X_test, t_test))\nexpect(1 - wrong.var() / t_train.var())\n"),
    "a root taken by hand": (
        "rmse",
        (
            "rmse = np.sqrt(mean_squared_error(t_test, tree.predict(X_test)))\nprint('RMSE:', rmse)\n"
            "expect(np.sqrt(np.mean(wrong ** 2)))\n"
        ),
    ),
    "classes compared": (
        "f1",
        (
            "knn = KNeighborsClassifier(3).fit(X_train, y_train)\n"
            "print(f1_score(y_test, knn.predict(X_test), average='macro'))\n"
            "right = [np.array(knn.predict(X_train) == one) for one in (0, 1)]\n"
            "hits = [(found & (y_train == one)).sum() for one, found in enumerate(right)]\n"
            "expect(np.mean([2 * hits[one] / (right[one].sum() + (y_train == one).sum()) for one in (0, 1)]))\n"
        ),
    ),
    "probabilities compared": (
        "roc_auc",
        (
            "knn = KNeighborsClassifier(3).fit(X_train, y_train)\n"
            "print(roc_auc_score(y_test, knn.predict_proba(X_test)[:, 1]))\n"
            "score = knn.predict_proba(X_train)[:, 1]\n"
            "pairs = score[y_train == 1][:, None] - score[y_train == 0][None]\n"
            "expect(np.mean((pairs > 0) + 0.5 * (pairs == 0)))\n"
        ),
    ),
    "folds, by a negated error": (
        "mae",
        "print(cross_val_score(LinearRegression(), X, amounts, cv=3, scoring='neg_mean_absolute_error'))\n"
        + REFITTED
        + "line = LinearRegression().fit(X[rows], amounts[rows])\n"
        "expect(np.mean(abs(amounts[rows] - line.predict(X[rows]))))\n",
    ),
    "folds of several metrics": (
        "r2",
        "both = cross_validate(LinearRegression(), X, amounts, cv=3, scoring=['r2', 'neg_mean_absolute_error'])\n"
        "print(both['test_r2'].mean())\n" + REFITTED + "line = LinearRegression().fit(X[rows], amounts[rows])\n"
        "expect(1 - np.mean((amounts[rows] - line.predict(X[rows])) ** 2) / amounts[rows].var())\n",
    ),
    "a search": (
        "r2",
        (
            "search = GridSearchCV(DecisionTreeRegressor(), {'max_depth': [1, 2]}, cv=3).fit(X_train, t_train)\n"
            "print(search.best_score_)\n"
            "wrong = t_train - search.best_estimator_.predict(X_train)\n"
            "expect(1 - np.mean(wrong ** 2) / t_train.var())\n"
        ),
    ),
    "a loop over folds": (
        "r2",
        (
            "scores = []\nfor rows, others in KFold(3).split(X):\n"
            "    line = LinearRegression().fit(X[rows], amounts[rows])\n"
            "    scores.append(r2_score(amounts[others], line.predict(X[others])))\n"
            "print(np.mean(scores))\n"
            "expect(1 - np.mean((amounts[rows] - line.predict(X[rows])) ** 2) / amounts[rows].var())\n"
        ),
    ),
    "a network": (
        "mae",
        (
            "model = keras.Sequential([layers.Input((4,)), layers.Dense(1)])\n"
            "model.compile(optimizer='sgd', loss='mse', metrics=['mae'])\n"
            "model.fit(X_train, t_train, epochs=3, verbose=0)\nmodel.evaluate(X_test, t_test, verbose=0)\n"
            "expect(np.mean(abs(np.asarray(model(X_train))[:, 0] - t_train)))\n"
        ),
    ),
}


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Scripts:
    """What runs the scripts."""
    return Scripts(tmp_path_factory.mktemp("values"))


@pytest.mark.parametrize("name", MEASURED)
def test_is_that_of_the_same_metric(process: Scripts, name: str) -> None:
    """However the script measures: nothing of it is called again before the script has ended."""
    metric, script = MEASURED[name]

    run = process.run(IMPORTS + script, metric={"name": metric})

    assert run.measurement["metric"] == metric
    assert run.result["facts"]["training_value"] == pytest.approx(expected(run), abs=1e-5)


def test_is_unknown_where_the_script_measures_in_another_unit(process: Scripts) -> None:
    """A model of logarithms answers nothing that an error of amounts could be compared with."""
    script = "line = LinearRegression().fit(X_train, np.log(100 * t_train) / 100)\n"
    script += "print(mean_absolute_error(t_test, np.exp(100 * line.predict(X_test)) / 100))\n"

    run = process.run(IMPORTS + script, metric={"name": "mae"})

    assert "training_value" not in run.result["facts"]


def test_is_not_seen_by_the_script(process: Scripts) -> None:
    """A scorer of the author's is called as often as without the probe, and the same random numbers are drawn."""
    script = """
from sklearn.ensemble import BaggingRegressor

calls = []


def scorer(model, X, y):
    calls.append(np.random.rand())
    return model.score(X, y)


np.random.seed(3)
scores = cross_val_score(BaggingRegressor(n_estimators=2), X, amounts, cv=3, scoring=scorer)
drawn = np.random.rand()
np.random.seed(3)
for rows, others in KFold(3).split(X):
    model = BaggingRegressor(n_estimators=2).fit(X[rows], amounts[rows])
    np.random.rand()
print(len(calls), drawn == np.random.rand())
print('score', scores.mean())
"""

    run = process.run(IMPORTS + script, metric={"name": "scorer"})

    assert run.stdout.splitlines()[0] == "3 True"
    assert 0 < run.result["facts"]["training_value"] <= 1


def test_is_the_end_of_the_curve_where_the_model_cannot_be_asked() -> None:
    """Of a fit on a dataset there are no rows; where weights were put back, it is that epoch's value."""
    trace, nothing = Trace(), DataFingerprint(None)
    fit = Fit("keras", lambda: None, nothing, RowHashes(None), nothing, {"val_mae": [3.0, 4.0], "mae": [2.0, 1.0]})
    trace.fits.append(fit)
    counted = Measurement("mae", 3.0, DataKind.VALIDATION, "history", "history", fit=1)

    assert training_value(trace, counted, UNKNOWN_ROWS, Answers(), 1.0) == 1.0
    fit.restored = 0
    assert training_value(trace, counted, UNKNOWN_ROWS, Answers(), 1.0) == 2.0

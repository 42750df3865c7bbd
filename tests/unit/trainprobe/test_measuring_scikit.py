"""scikit-learn and plain NumPy, as people write them: the value, the data and where it was found."""

import pytest

from tests.unit.trainprobe.patterns import Scripts, expected

IMPORTS = """
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression, LogisticRegressionCV
from sklearn.metrics import accuracy_score, classification_report, confusion_matrix, make_scorer, f1_score
from sklearn.model_selection import (
    GridSearchCV, KFold, RandomizedSearchCV, cross_val_predict, cross_val_score, cross_validate, learning_curve,
    train_test_split,
)
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

estimator = KNeighborsClassifier(3)
"""
FITTED = "estimator.fit(X_train, y_train)\n"
RATE = "expect(np.mean(estimator.predict(X_test) == y_test))\n"
NEIGHBOURS = """
def distance(one, other):
    return np.sqrt(((one - other) ** 2).sum())


def predicted(row, k):
    nearest = sorted(range(len(X_train)), key=lambda at: distance(X_train[at], row))[:k]
    return int(np.mean(y_train[nearest]) > 0.5)


def get_accuracy(predictions):
    return sum(1 for one, other in zip(predictions, y_test) if one == other) / len(y_test) * 100.0


predictions = [predicted(row, 3) for row in X_test]
right = sum(one == other for one, other in zip(predictions, y_test))
"""
PATTERNS = {
    "score": (FITTED + "print(estimator.score(X_test, y_test))\n" + RATE, "test", "sklearn.score"),
    "score of boosting on histograms, which has a scoring of its own to stop by": (
        "from sklearn.ensemble import HistGradientBoostingClassifier\n"
        "estimator = HistGradientBoostingClassifier(max_iter=5)\n"
        + FITTED
        + "estimator.score(X_test, y_test)\n"
        + RATE,
        "test",
        "sklearn.score",
    ),
    "score of validation rows": (
        FITTED + "expect(estimator.score(X_val, y_val))\n",
        "validation",
        "sklearn.score",
    ),
    "score of everything": (FITTED + "expect(estimator.score(X, y))\n", "train", "sklearn.score"),
    "a report as text": (
        FITTED + "print(classification_report(y_test, estimator.predict(X_test)))\n" + RATE,
        "test",
        "sklearn.classification_report",
    ),
    "a report as a dictionary": (
        FITTED + "told = classification_report(y_test, estimator.predict(X_test), output_dict=True)\n" + RATE,
        "test",
        "sklearn.classification_report",
    ),
    "a matrix": (
        FITTED + "print(confusion_matrix(y_test, estimator.predict(X_test)))\n" + RATE,
        "test",
        "sklearn.confusion_matrix",
    ),
    "cross_val_score": (
        (
            "scores = cross_val_score(estimator, X, y, cv=4)\n"
            "print('Accuracy: %0.2f (+/- %0.2f)' % (scores.mean(), scores.std() * 2))\nexpect(scores.mean())\n"
        ),
        "folds",
        "sklearn.cross_val_score",
    ),
    "cross_validate": (
        (
            "told = cross_validate(estimator, X, y, cv=4, scoring=['f1', 'accuracy'])\n"
            "expect(told['test_accuracy'].mean())\n"
        ),
        "folds",
        "sklearn.cross_validate",
    ),
    "a grid": (
        (
            "search = GridSearchCV(estimator, {'n_neighbors': [1, 3, 5]}, cv=3).fit(X_train, y_train)\n"
            "print('Best: %f using %s' % (search.best_score_, search.best_params_))\nexpect(search.best_score_)\n"
        ),
        "folds",
        "sklearn.GridSearchCV.best_score_",
    ),
    "a grid, and then a test": (
        (
            "search = GridSearchCV(estimator, {'n_neighbors': [1, 3, 5]}, cv=3).fit(X_train, y_train)\n"
            "expect(search.best_estimator_.score(X_test, y_test))\n"
        ),
        "test",
        "sklearn.score",
    ),
    "a random search": (
        (
            "search = RandomizedSearchCV(estimator, {'n_neighbors': [1, 3, 5]}, n_iter=2, cv=3, random_state=1)\n"
            "search.fit(X_train, y_train)\nexpect(search.best_score_)\n"
        ),
        "folds",
        "sklearn.RandomizedSearchCV.best_score_",
    ),
    "a pipeline": (
        "estimator = make_pipeline(StandardScaler(), LogisticRegressionCV(cv=3))\n"
        + FITTED
        + "expect(estimator.score(X_test, y_test))\n",
        "test",
        "sklearn.score",
    ),
    "one against the rest": (
        "estimator = OneVsRestClassifier(LogisticRegression())\n" + FITTED + "estimator.score(X_test, y_test)\n" + RATE,
        "test",
        "sklearn.score",
    ),
    "a learning curve only": (
        "sizes, fitted, tested = learning_curve(estimator, X, y, cv=3)\nexpect(tested[-1].mean())\n",
        "folds",
        "sklearn.learning_curve",
    ),
    "predictions of a linear model for everything": (
        (
            "estimator = LogisticRegression().fit(X_train, y_train)\nestimator.predict(X_test)\n"
            "expect(accuracy_score(y, estimator.predict(X)))\n"
        ),
        "train",
        "sklearn.accuracy_score",
    ),
    "probabilities for everything": (
        FITTED + "expect(accuracy_score(y, estimator.predict_proba(X).argmax(axis=1)))\n",
        "train",
        "sklearn.accuracy_score",
    ),
    "an estimator of the author's own": (
        (
            "from sklearn.base import BaseEstimator, ClassifierMixin\n\n\n"
            "class Sign(ClassifierMixin, BaseEstimator):\n"
            "    def fit(self, table, answers):\n        self.classes_ = np.unique(answers)\n        return self\n\n"
            "    def predict(self, table):\n        return (table[:, 0] > 0).astype(int)\n\n\n"
            "estimator = Sign().fit(X_train, y_train)\nexpect(accuracy_score(y, estimator.predict(X)))\n"
        ),
        "train",
        "sklearn.accuracy_score",
    ),
    "a scorer": (
        FITTED + "from sklearn.metrics import get_scorer\nexpect(get_scorer('accuracy')(estimator, X_test, y_test))\n",
        "test",
        "sklearn.scorer",
    ),
    "a score, and then the importance of the columns": (
        (
            "from sklearn.inspection import permutation_importance\nestimator.fit(X_train, y_train)\n"
            "expect(estimator.score(X_test, y_test))\npermutation_importance(estimator, X_test, y_test)\n"
        ),
        "test",
        "sklearn.score",
    ),
    "predictions collected fold by fold": (
        (
            "predicted = np.zeros(len(X))\nfor a, b in KFold(4).split(X):\n"
            "    predicted[b] = estimator.fit(X[a], y[a]).predict(X[b])\nexpect(accuracy_score(y, predicted))\n"
        ),
        "folds",
        "sklearn.accuracy_score",
    ),
    "probabilities of folds": (
        (
            "estimator.fit(X_train, y_train)\n"
            "found = cross_val_predict(estimator, X_train, y_train, cv=3, method='predict_proba')\n"
            "expect(accuracy_score(y_train, found.argmax(axis=1)))\n"
        ),
        "folds",
        "sklearn.accuracy_score",
    ),
    "predictions of folds": (
        "expect(accuracy_score(y, cross_val_predict(estimator, X, y, cv=3)))\n",
        "folds",
        "sklearn.accuracy_score",
    ),
    "predictions compared by hand": (
        FITTED + "predicted = estimator.predict(X_test)\nprint(np.mean(predicted == y_test))\n" + RATE,
        "test",
        "printed",
    ),
    "a loop over settings": (
        "for k in range(1, 12):\n"
        "    estimator = KNeighborsClassifier(k).fit(X_train, y_train)\n"
        "    print(k, estimator.score(X_test, y_test))\n" + RATE,
        "test",
        "sklearn.score",
    ),
    "a loop whose best is printed": (
        (
            "scores = []\nfor k in range(1, 12):\n"
            "    estimator = KNeighborsClassifier(k).fit(X_train, y_train)\n"
            "    scores.append(estimator.score(X_test, y_test))\n"
            "estimator = KNeighborsClassifier(60).fit(X_train, y_train)\nestimator.score(X_test, y_test)\n"
            "print('Best accuracy:', max(scores))\nexpect(max(scores))\n"
        ),
        "test",
        "printed, best of 12, sklearn.score",
    ),
    "the model that is saved last": (
        "import pickle\n"
        "other = LogisticRegression().fit(X_train, y_train)\n"
        + FITTED
        + "expect(estimator.score(X_test, y_test))\n"
        + "other.score(X_test, y_test)\npickle.dump(estimator, open('model.pkl', 'wb'))\n",
        "test",
        "sklearn.score of KNeighborsClassifier",
    ),
    "the mean of shuffled splits": (
        (
            "found = []\nfor seed in range(5):\n"
            "    a, b, c, d = train_test_split(X, y, test_size=0.2, random_state=seed)\n"
            "    found.append(estimator.fit(a, c).score(b, d))\n"
            "print('Accuracy: {:.4f}'.format(np.mean(found)))\nexpect(round(np.mean(found), 4))\n"
        ),
        "folds",
        "printed, mean of 5 scores, sklearn.score",
    ),
    "the mean of shuffled splits among other numbers": (
        (
            "def scored(seed):\n"
            "    a, b, c, d = train_test_split(X, y, test_size=0.2, random_state=seed)\n"
            "    return estimator.fit(a, c).score(b, d)\n\n"
            "res = [scored(seed) for seed in range(5)]\n"
            "print('min %.3f max %.3f mean %.3f' % (min(res), max(res), np.mean(res)))\n"
            "expect(round(np.mean(res), 3))\n"
        ),
        "folds",
        "printed, mean of 5 scores, sklearn.score",
    ),
    "folds compared by hand": (
        (
            "scores = []\nfor a, b in KFold(5, shuffle=True, random_state=1).split(X):\n"
            "    predicted = estimator.fit(X[a], y[a]).predict(X[b])\n"
            "    scores.append(np.mean(predicted == y[b]))\n"
            "mean_score = sum(scores) / len(scores)\nexpect(mean_score)\n"
        ),
        "folds",
        "variable mean_score, mean of 5 scores",
    ),
    "folds by hand, printed without a word": (
        (
            NEIGHBOURS
            + "def fold(at):\n    return 100.0 * np.mean(np.array(predictions)[at::5] == y_test[at::5])\n\n"
            + "cvscores = [fold(at) for at in range(5)]\n"
            + "print('%.2f%% (+/- %.2f%%)' % (np.mean(cvscores), np.std(cvscores)))\nexpect(round(right / 30, 4))\n"
        ),
        "folds",
        "printed, mean of 5 scores",
    ),
    "neighbours by hand, in percent": (
        NEIGHBOURS + "accuracy = get_accuracy(predictions)\nexpect(right / 30)\n",
        "unknown",
        "variable accuracy",
    ),
    "neighbours by hand, a bare number": (
        NEIGHBOURS + "print(get_accuracy(predictions))\nexpect(right / 30)\n",
        "unknown",
        "printed",
    ),
    "neighbours by hand, a bare number of a variable": (
        NEIGHBOURS + "def main():\n    a = right / len(y_test)\n    print(a)\n\nmain()\nexpect(right / 30)\n",
        "unknown",
        "printed",
    ),
}


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Scripts:
    """What runs the scripts."""
    return Scripts(tmp_path_factory.mktemp("scikit"))


class TestTheAccuracy:
    @pytest.mark.parametrize("pattern", PATTERNS)
    def test_is_found_and_rightly_named(self, process: Scripts, pattern: str) -> None:
        """Whatever way the script goes about it."""
        script, data, source = PATTERNS[pattern]

        run = process.run((IMPORTS if "estimator" in script else "") + script)

        assert (run.measurement["metric"], run.measurement["data"], run.measurement["source"]) == (
            "accuracy",
            data,
            source,
        )
        assert run.measurement["value"] == pytest.approx(expected(run), abs=1e-6)


class TestARegression:
    SCRIPT = (
        IMPORTS
        + "from sklearn.metrics import mean_absolute_error\nestimator = LinearRegression()\n"
        + "Z = X.sum(axis=1)\nestimator.fit(X_train, Z[:70] + 0.3 * y_train)\n"
        + "accuracy = estimator.score(X_test, Z[90:])\nprint('Accuracy: %.4f' % accuracy)\n"
        + "mae = mean_absolute_error(Z[90:], estimator.predict(X_test))\nprint('MAE:', mae)\n"
    )

    def test_has_no_accuracy_whatever_it_calls_its_score(self, process: Scripts) -> None:
        """What was measured is an r2; the remedy gives the lines that make it count."""
        run = process.run(self.SCRIPT)

        assert run.error["reason"] == "no_metric"
        assert 'metric = {name = "mae", direction = "minimize"}' in run.error["remedy"]
        assert "r2 0." in run.error["remedy"]

    @pytest.mark.parametrize(("name", "direction"), [("mae", "minimize"), ("r2", "maximize")])
    def test_is_measured_by_what_the_task_names(self, process: Scripts, name: str, direction: str) -> None:
        """With its direction."""
        run = process.run(self.SCRIPT + f"expect({'mae' if name == 'mae' else 'accuracy'})\n", metric={"name": name})

        assert (run.measurement["metric"], run.measurement["direction"]) == (name, direction)
        assert run.measurement["value"] == pytest.approx(expected(run))
        assert run.measurement["data"] == "test"


class TestNothing:
    def test_is_told_where_nothing_was_trained(self, process: Scripts) -> None:
        """The script ended well and did not train."""
        run = process.run("import sklearn.linear_model\nprint('usage: train.py DATA')\n")

        assert "nothing was trained" in run.error["message"]
        assert "args" in run.error["remedy"]

    def test_is_taken_from_numbers_that_are_no_accuracy(self, process: Scripts) -> None:
        """Bare numbers count only where the statement says what they are."""
        run = process.run("print(0.97)\nloss = X.sum() * 0 + 0.4\nprint(loss)\nprint('Result:', loss)\n")

        assert run.error["reason"] == "no_metric"


class TestACrash:
    HARMLESS = "import smtplib\nraise smtplib.SMTPServerDisconnected('no mail')\n"

    def test_behind_a_printed_accuracy_is_a_warning_where_it_has_nothing_to_do_with_it(self, process: Scripts) -> None:
        """A script in plain NumPy whose mail home fails."""
        run = process.run(NEIGHBOURS + "print('Accuracy:', get_accuracy(predictions))\n" + self.HARMLESS)

        assert run.measurement["source"] == "printed"
        assert run.result["warning"]["type"] == "SMTPServerDisconnected"

    def test_behind_one_that_may_be_from_the_middle_is_none(self, process: Scripts) -> None:
        """What is printed in plain NumPy may be an epoch's."""
        run = process.run(NEIGHBOURS + "print('Accuracy:', get_accuracy(predictions))\nraise ValueError('odd')\n")

        assert run.error["message"] == "odd"

    def test_by_the_exit_code_is_a_warning(self, process: Scripts) -> None:
        """``sys.exit(1)`` after the measurement."""
        run = process.run(IMPORTS + FITTED + "estimator.score(X_test, y_test)\nimport sys\nsys.exit(1)\n")

        assert (run.measurement["data"], run.result["warning"]["type"]) == ("test", "SystemExit")

"""Scripts for older scikit-learn: arguments that have gone mean today what they meant then."""

import pytest

from tests.unit.trainprobe.conftest import Train

HEAD = """
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
X, y = load_iris(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
"""


class TestEstimators:
    def test_train_with_arguments_of_their_time(self, train: Train) -> None:
        """Renamed where they are called otherwise, left out where they changed nothing; clones and searches work."""
        finished = train(
            HEAD
            + """
from sklearn.ensemble import AdaBoostClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression, SGDClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeClassifier

boosted = AdaBoostClassifier(base_estimator=DecisionTreeClassifier(max_depth=2, presort=False), algorithm='SAMME.R')
forest = RandomForestClassifier(n_estimators=5, max_features='auto', min_impurity_split=None, random_state=0)
regressor = RandomForestRegressor(n_estimators=5, criterion='mse', max_features='auto')
logistic = LogisticRegression(multi_class='multinomial', max_iter=500)
descent = SGDClassifier(loss='log', n_iter=50)
line = LinearRegression(normalize=False)
encoder = OneHotEncoder(sparse=False)
for model in (boosted, forest, regressor, logistic, descent, line):
    clone(model).fit(X_train, y_train)
print(clone(boosted).estimator, forest.max_features, regressor.criterion, regressor.max_features)
print(descent.loss, descent.max_iter, encoder.fit_transform([[1], [2]]).tolist())
search = GridSearchCV(forest, {'max_depth': [1, 3]}, iid=False, cv=3).fit(X_train, y_train)
print(search.score(X_test, y_test))
"""
        )

        assert finished.stdout.splitlines()[:2] == [
            "DecisionTreeClassifier(max_depth=2) sqrt squared_error None",
            "log_loss 50 [[1.0, 0.0], [0.0, 1.0]]",
        ]
        assert (finished.measurement["data"], finished.measurement["value"] > 0.8) == ("test", True)
        used = finished.result["facts"]["compat"]
        assert used["libraries"] == []
        assert {"OneHotEncoder(sparse=)", "AdaBoostClassifier(base_estimator=, algorithm=)"} <= set(used["shims"])

    @pytest.mark.parametrize(
        ("call", "says"),
        [
            ("LogisticRegression(multi_class='ovr')", "multi_class"),
            ("LinearRegression(normalize=True)", "normalize"),
            ("LinearRegression(max_depth=3)", "max_depth"),
        ],
    )
    def test_what_would_be_another_model_is_refused_as_ever(self, train: Train, call: str, says: str) -> None:
        """Nothing is left out that asked for something."""
        finished = train(f"from sklearn.linear_model import LinearRegression, LogisticRegression\n{call}\n")

        assert says in finished.error["message"]

    def test_figures_and_errors_have_their_old_names(self, train: Train) -> None:
        """A confusion matrix is drawn, and the root of a squared error is taken on demand."""
        finished = train(
            HEAD
            + """
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import mean_squared_error, plot_confusion_matrix
model = LogisticRegression(max_iter=500).fit(X_train, y_train)
plot_confusion_matrix(model, X_test, y_test)
print(mean_squared_error([0, 0], [2, 2], squared=False), mean_squared_error([0, 0], [2, 2]))
print(model.score(X_test, y_test))
"""
        )

        assert finished.stdout.splitlines()[0] == "2.0 4.0"
        assert "figure" in {each["kind"] for each in finished.result["artifacts"]}

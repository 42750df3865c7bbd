"""Estimators are scaled wherever they are made: in lists, functions, objects and searches. All of it is run."""

import pytest

from tests.unit.tweaker.editing import edited, same_measure
from tests.unit.tweaker.test_scikit_runs import accuracy

TOP = """\
from sklearn.datasets import load_wine
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV, cross_val_score, train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler, OneHotEncoder
from sklearn.pipeline import make_pipeline, Pipeline
from sklearn.ensemble import VotingClassifier
from sklearn.svm import SVC
X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)
"""

APPENDED = """\
models = []
models.append(('KNN', KNeighborsClassifier()))
models.append(('SVM', SVC(kernel='rbf')))
for name, model in models:
    results = cross_val_score(model, X_train, y_train, cv=3)
    print(name, results.mean())
"""
NAMED = """\
models = {'knn': KNeighborsClassifier(), 'svm': SVC()}
for name, m in models.items():
    m.fit(X_train, y_train)
    print(name, m.score(X_test, y_test))
print(models['svm'].score(X_test, y_test))
"""
ZIPPED = """\
for n, clf in enumerate([KNeighborsClassifier(3), SVC()]):
    clf.fit(X_train, y_train)
    print(n, clf.score(X_test, y_test))
"""
MADE_IN_A_FUNCTION = """\
def make():
    return SVC(C=2)

def test(model, X, y):
    return model.score(X, y)

clf = make()
clf.fit(X_train, y_train)
print(clf.n_support_)
print(test(clf, X_test, y=y_test))
"""
KEPT_IN_AN_OBJECT = """\
class Trainer:
    def __init__(self):
        self.clf = SVC()
    def run(self):
        self.clf.fit(X_train, y_train)
        return self.clf.score(X_test, y_test)
print(Trainer().run())
"""
SEARCHED = """\
grid = {"n_neighbors": [1, 3], 'weights': ['uniform']}
knn = KNeighborsClassifier()
search = GridSearchCV(knn, grid, cv=3)
search.fit(X_train, y_train)
print(search.best_params_, f"{search.best_params_}", search.best_score_)
print(search.best_estimator_.score(X_test, y_test))
"""
SEARCHED_IN_PARTS = """\
search = RandomizedSearchCV(SVC(), [dict(C=[1, 9]), {'gamma': [.1]}], n_iter=2, random_state=0).fit(X_train, y_train)
print(search.score(X_test, y_test))
"""
SHOWN_IN_A_TEXT = """\
clf = SVC()
clf.fit(X_train, y_train)
print(
    f"Report for classifier {clf}:\\n"
    f"{clf.score(X_test, y_test)}"
)
"""
VOTED = """\
vote = VotingClassifier([('a', KNeighborsClassifier()), ('b', SVC())])
print(vote.fit(X_train, y_train).score(X_test, y_test))
"""
A_STEP_WITH_A_NAME = """\
knn = KNeighborsClassifier()
pipe = Pipeline([('knn', knn)])
print(pipe.fit(X_train, y_train).score(X_test, y_test))
"""
ENCODED = """\
X_train, X_test = X_train * 1000, X_test * 1000
parts = OneHotEncoder(handle_unknown='ignore').fit(X_train[:, :1])
clf = SVC().fit(parts.transform(X_train[:, :1]), y_train)
print(clf.score(parts.transform(X_test[:, :1]), y_test))
"""


@pytest.mark.parametrize(
    ("script", "lines", "least"),
    [
        pytest.param(
            APPENDED,
            [
                "models.append(('KNN', make_pipeline(StandardScaler(), KNeighborsClassifier())))",
                "models.append(('SVM', make_pipeline(StandardScaler(), SVC(kernel='rbf'))))",
            ],
            0.9,
            id="appended to a list",
        ),
        pytest.param(
            NAMED,
            [
                (
                    "models = {'knn': make_pipeline(StandardScaler(), KNeighborsClassifier()), "
                    "'svm': make_pipeline(StandardScaler(), SVC())}"
                )
            ],
            0.9,
            id="in a dict",
        ),
        pytest.param(
            ZIPPED,
            [
                (
                    "for n, clf in enumerate([make_pipeline(StandardScaler(), KNeighborsClassifier(3)), "
                    "make_pipeline(StandardScaler(), SVC())]):"
                )
            ],
            0.9,
            id="in a loop",
        ),
        pytest.param(
            MADE_IN_A_FUNCTION,
            ["    return make_pipeline(StandardScaler(), SVC(C=2))", "print(clf[-1].n_support_)"],
            0.9,
            id="returned by a function and given to one",
        ),
        pytest.param(
            SHOWN_IN_A_TEXT, ["clf = make_pipeline(StandardScaler(), SVC())"], 0.9, id="put into a text that is printed"
        ),
        pytest.param(
            KEPT_IN_AN_OBJECT,
            ["        self.clf = make_pipeline(StandardScaler(), SVC())"],
            0.9,
            id="kept in an object",
        ),
        pytest.param(
            SEARCHED,
            [
                "grid = {\"kneighborsclassifier__n_neighbors\": [1, 3], 'kneighborsclassifier__weights': ['uniform']}",
                "knn = make_pipeline(StandardScaler(), KNeighborsClassifier())",
            ],
            0.9,
            id="searched",
        ),
        pytest.param(
            SEARCHED_IN_PARTS,
            [
                (
                    "search = RandomizedSearchCV(make_pipeline(StandardScaler(), SVC()), [dict(svc__C=[1, 9]), "
                    "{'svc__gamma': [.1]}], n_iter=2, random_state=0).fit(X_train, y_train)"
                )
            ],
            0.9,
            id="searched in parts",
        ),
        pytest.param(
            VOTED,
            [
                (
                    "vote = VotingClassifier([('a', make_pipeline(StandardScaler(), KNeighborsClassifier())), "
                    "('b', make_pipeline(StandardScaler(), SVC()))])"
                )
            ],
            0.9,
            id="voting",
        ),
        pytest.param(
            A_STEP_WITH_A_NAME,
            ["pipe = Pipeline([('scaler', StandardScaler()), ('knn', knn)])"],
            0.9,
            id="a pipeline's step with a name",
        ),
        pytest.param(
            ENCODED,
            [
                (
                    "clf = make_pipeline(StandardScaler(with_mean=False), SVC())"
                    ".fit(parts.transform(X_train[:, :1]), y_train)"
                )
            ],
            0.2,
            id="a sparse matrix keeps its zeros",
        ),
    ],
)
def test_an_estimator_is_scaled_where_it_is_made(script: str, lines: list[str], least: float) -> None:
    """A pipeline takes its place, nothing else changes, and the script runs and measures as before."""
    after = edited("scale_inputs", None, TOP + script)

    new = [line for line in after.decode().splitlines() if line not in (TOP + script).splitlines()]
    assert new == lines
    assert same_measure(TOP + script, after.decode())
    assert accuracy(after) >= least


def test_two_estimators_share_the_imports() -> None:
    """What two estimators need is imported once."""
    script = (TOP + NAMED).replace("from sklearn.pipeline import make_pipeline, Pipeline\n", "")

    after = edited("scale_inputs", None, script).decode()

    assert after.count("import make_pipeline") == 1

"""What the edits of scikit-learn's and boosting scripts leave alone, and why."""

import pytest

from services.tweaker.source.errors import NotUnderstoodError
from tests.unit.tweaker.editing import edited
from trainyard.trial import Setting

KNN = "from sklearn.neighbors import KNeighborsClassifier\n"
SVC = "from sklearn.svm import SVC\n"
TREE = "from sklearn.tree import DecisionTreeClassifier\n"
SEARCH = f"{KNN}k = KNeighborsClassifier()\ng = GridSearchCV(k, {{'n_neighbors': [1]}}).fit(X, y)\n"
XGB = "import xgboost as xgb\n"


def left_alone(edit: str, setting: Setting, source: str, why: str) -> None:
    """Check that the edit says why."""
    with pytest.raises(NotUnderstoodError, match=why):
        edited(edit, setting, source)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        pytest.param(f"{SVC}c = SVC(kernel='linear').fit(X, y)\nprint(c.coef_)\n", "no coef_", id="scaled weights"),
        pytest.param(f"{KNN}k = KNeighborsClassifier()\nk.kneighbors(X)\n", "no kneighbors", id="a method of its own"),
        pytest.param(f"{SVC}c = SVC()\nc.fit(X, y, sample_weight=w)\n", "given more than data", id="weights of rows"),
        pytest.param(f"{SVC}c = SVC()\nplot_regions(c, X)\n", "passed on in line 3", id="given away"),
        pytest.param(f"{SVC}def made():\n    yield SVC()\n", "cannot be followed", id="handed on in a way of its own"),
        pytest.param(f"{SVC}if (c := SVC()):\n    c.fit(X, y)\n", "cannot be followed", id="named on the way"),
        pytest.param(
            f"{SEARCH}k = g.best_params_['n_neighbors']\n", "uses the best parameters of the search", id="found value"
        ),
        pytest.param(
            f"{SEARCH}print(g.cv_results_['param_n_neighbors'])\n", "by the names of parameters", id="found table"
        ),
        pytest.param(f"{SEARCH}print(g.best_estimator_.kneighbors(X))\n", "no kneighbors", id="found estimator"),
        pytest.param(
            f"{KNN}g = GridSearchCV(KNeighborsClassifier(), grid())\n", "not written as a dictionary", id="made grid"
        ),
        pytest.param(
            f"{KNN}p = {{'n_neighbors': [1]}}\ng = GridSearchCV(KNeighborsClassifier(), p)\nprint(p)\n",
            "are used elsewhere",
            id="shared grid",
        ),
        pytest.param(
            f"{SVC}X = StandardScaler().fit_transform(X)\nSVC().fit(X, y)\n",
            "already scales its inputs \\(line 2\\)",
            id="is scaled",
        ),
        pytest.param(
            f"{SVC}s = MinMaxScaler()\ns.fit(X)\nX = s.transform(X)\nSVC().fit(X, y)\n",
            "already scales its inputs \\(line 3\\)",
            id="is scaled by a name",
        ),
        pytest.param(
            f"{SVC}from sklearn.preprocessing import scale\nSVC().fit(scale(X), y)\n", "scales its", id="by a function"
        ),
        pytest.param(
            f"{SVC}X = TfidfVectorizer().fit_transform(texts)\nSVC().fit(X, y)\n", "vectorizes text", id="words"
        ),
        pytest.param(
            f"{SVC}from sklearn.pipeline import make_pipeline\nc = SVC()\np = make_pipeline(c)\nc.fit(X, y)\n",
            "in a pipeline and by itself",
            id="twice used",
        ),
    ],
)
def test_inputs_are_not_scaled(source: str, why: str) -> None:
    """Where a pipeline would not do what the estimator did, or the inputs are scaled, nothing changes."""
    left_alone("scale_inputs", None, source, why)


@pytest.mark.parametrize(
    ("edit", "setting", "source", "why"),
    [
        pytest.param(
            "neighbours",
            5,
            f"{KNN}grid = {{'n_neighbors': range(9)}}\ns = GridSearchCV(KNeighborsClassifier(), grid)\n",
            "already tries values of n_neighbors",
            id="a search",
        ),
        pytest.param(
            "weights",
            "distance",
            f"{KNN}s = RandomizedSearchCV(make_pipeline(KNeighborsClassifier()), dict(knn__weights=both))\n",
            "already tries values of weights",
            id="a search for a step",
        ),
        pytest.param(
            "neighbours",
            5,
            f"{KNN}for k in range(1, 9):\n    print(KNeighborsClassifier(n_neighbors=k).fit(X, y).score(X, y))\n",
            "over k in line 2 is the author's own search",
            id="a loop",
        ),
        pytest.param(
            "neighbours", 5, f"{KNN}a = KNeighborsClassifier()\nb = KNeighborsClassifier()\n", "not certain", id="two"
        ),
        pytest.param(
            "C",
            1,
            f"{KNN}{SVC}for m in [KNeighborsClassifier(), SVC()]:\n    print(m.fit(X, y).score(X, y))\n",
            "not certain which",
            id="several in a loop",
        ),
        pytest.param(
            "activation",
            "elu",
            "from sklearn.neural_network import MLPClassifier\nMLPClassifier().fit(X, y)\n",
            "does not take 'elu'",
            id="a name that another library knows",
        ),
        pytest.param(
            "C",
            1,
            f"{KNN}{SVC}if len(X) > 9:\n    m = SVC()\nelse:\n    m = KNeighborsClassifier()\nm.score(X, y)\n",
            "not certain which",
            id="a branch that the data choose",
        ),
        pytest.param(
            "C",
            1,
            f"{SVC}from keras import Sequential\nprint(SVC().fit(X, y).score(X, y))\nnet = Sequential([])\n",
            "a network is trained too",
            id="beside a network",
        ),
        pytest.param("depth", 5, f"{SVC}SVC().fit(X, y)\n", "SVC has no parameter for depth", id="no trees"),
        pytest.param("depth", 5, f"{TREE}DecisionTreeClassifier(**found)\n", "found in line 2", id="unknown settings"),
        pytest.param("depth", 5, f"{TREE}DecisionTreeClassifier(max_depth=2 + n)\n", "is computed", id="computed"),
        pytest.param("depth", 5.5, f"{TREE}DecisionTreeClassifier()\n", "not a whole number", id="half a level"),
        pytest.param("depth", 5, f"{TREE}DecisionTreeClassifier(max_depth=5)\n", "depth is already 5", id="is so"),
        pytest.param(
            "C", 9, f"{SVC}c = SVC()\nc.set_params(C=1)\nc.set_params(C=2)\n", "set several times", id="set twice"
        ),
        pytest.param(
            "leaves", 9, f"{TREE}DecisionTreeClassifier()\n", "does not set max_leaf_nodes", id="no limit so far"
        ),
        pytest.param("iterations", 9, f"{SVC}SVC()\n", "does not set max_iter", id="as long as it takes"),
        pytest.param("class_weight", None, f"{SVC}SVC(class_weight=w)\n", "already weighted", id="weighted"),
        pytest.param(
            "components",
            9,
            "from sklearn.decomposition import PCA\nP = PCA(2).fit_transform(X)\nplt.scatter(P[:, 0], P[:, 1])\n",
            "needed for a plot",
            id="a drawing",
        ),
        pytest.param(
            "components", 9, "from sklearn.decomposition import PCA\nPCA()\n", "how many components are kept", id="all"
        ),
        pytest.param(
            "swap_estimator",
            "SVC",
            f"{KNN}k = KNeighborsClassifier().fit(X, y)\nk.predict_proba(X)\n",
            "may have no predict_proba",
            id="what the other cannot do",
        ),
        pytest.param("swap_estimator", "SVC", f"{SEARCH}print(g.score(X, y))\n", "passed on in line 3", id="searched"),
        pytest.param(
            "swap_estimator",
            "RandomForestRegressor",
            f"{KNN}KNeighborsClassifier().fit(X, y)\n",
            "cannot replace",
            id="numbers for classes",
        ),
        pytest.param(
            "swap_estimator",
            "HistGradientBoostingClassifier",
            f"{KNN}X = CountVectorizer().fit_transform(X)\nKNeighborsClassifier().fit(X, y)\n",
            "sparse matrix",
            id="a sparse matrix for trees that take none",
        ),
        pytest.param(
            "swap_estimator",
            "SVC",
            f"{TREE}DecisionTreeClassifier(**p).fit(X, y)\n",
            "arguments of the estimator in line 2",
            id="a seed?",
        ),
        pytest.param("depth", 5, f"{XGB}xgb.train(made(), d)\n", "made\\(\\) in line 2", id="a made dict"),
        pytest.param("depth", None, f"{XGB}xgb.train({{}}, d)\n", "has to be a number", id="a depth without end"),
        pytest.param(
            "depth", 5, f"{XGB}p = {{}}\np['max_depth'] += 1\nxgb.train(p, d)\n", "not understood", id="counted up"
        ),
        pytest.param(
            "estimators",
            5,
            f"{XGB}xgb.train({{}}, d)\nxgb.cv({{}}, d)\n",
            "does not measure one training",
            id="two trainings",
        ),
    ],
)
def test_a_parameter_is_left_as_it_is(edit: str, setting: Setting, source: str, why: str) -> None:
    """What is searched, worked out, or not certain to be measured keeps its value."""
    left_alone(edit, setting, source, why)

"""Edits of scripts that train scikit-learn estimators."""

from __future__ import annotations

from tests.unit.tweaker import scripts
from tests.unit.tweaker.editing import Case

CASES = {
    "scale: an estimator": Case(
        "scale_inputs",
        None,
        scripts.NEIGHBOURS,
        ["knn = KNeighborsClassifier(n_neighbors=1)"],
        [
            "from sklearn.preprocessing import StandardScaler",
            "from sklearn.pipeline import make_pipeline",
            "knn = make_pipeline(StandardScaler(), KNeighborsClassifier(n_neighbors=1))",
        ],
    ),
    "scale: an estimator fitted as it is made": Case(
        "scale_inputs",
        None,
        scripts.SUPPORT_VECTORS,
        ["clf = SVC(kernel='rbf', C=1.0).fit(X_train, y_train)"],
        [
            "from sklearn.preprocessing import StandardScaler",
            "from sklearn.pipeline import make_pipeline",
            "clf = make_pipeline(StandardScaler(), SVC(kernel='rbf', C=1.0)).fit(X_train, y_train)",
        ],
    ),
    "scale: a pipeline": Case(
        "scale_inputs",
        None,
        scripts.PIPELINE,
        ["pipe = Pipeline([('pca', PCA(2)), ('knn', neighbors.KNeighborsClassifier(K, weights='uniform'))])"],
        [
            "from sklearn.preprocessing import StandardScaler",
            (
                "pipe = Pipeline([('scaler', StandardScaler()), ('pca', PCA(2)), "
                "('knn', neighbors.KNeighborsClassifier(K, weights='uniform'))])"
            ),
        ],
    ),
    "neighbours: a keyword": Case(
        "neighbours",
        5,
        scripts.NEIGHBOURS,
        ["knn = KNeighborsClassifier(n_neighbors=1)"],
        ["knn = KNeighborsClassifier(n_neighbors=5)"],
    ),
    "neighbours: a constant by position": Case("neighbours", 7, scripts.PIPELINE, ["K = 40"], ["K = 7"]),
    "weights: not said yet": Case(
        "weights",
        "distance",
        scripts.NEIGHBOURS,
        ["knn = KNeighborsClassifier(n_neighbors=1)"],
        ['knn = KNeighborsClassifier(n_neighbors=1, weights="distance")'],
    ),
    "weights: said": Case(
        "weights",
        "distance",
        scripts.PIPELINE,
        ["pipe = Pipeline([('pca', PCA(2)), ('knn', neighbors.KNeighborsClassifier(K, weights='uniform'))])"],
        ["pipe = Pipeline([('pca', PCA(2)), ('knn', neighbors.KNeighborsClassifier(K, weights='distance'))])"],
    ),
}

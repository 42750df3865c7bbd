"""Edits of scripts that train scikit-learn estimators."""

from tests.unit.tweaker import scikit_scripts as scikit
from tests.unit.tweaker import scripts
from tests.unit.tweaker.editing import Case, line

TREE = "    tree = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=40, max_features=1, random_state=0)"
FOREST = "forest = RandomForestClassifier(n_estimators=2).fit(X_train, y_train)"
VECTORS = "clf = make_pipeline(StandardScaler(), SVC(C=0.001, kernel='sigmoid', gamma=10.0))"
SET = 'pipe.set_params(svc__C=0.01, svc__gamma=1e-6, svc__kernel="sigmoid")'
NETWORK = 'net = MLPClassifier((4, 2), "logistic", max_iter=20, alpha=50, learning_rate_init=0.00001, random_state=1)'
KEPT = "        self.net = MLPClassifier(hidden_layer_sizes=HIDDEN, solver=\"sgd\", activation='tanh')"
LOGISTIC = "model = LogisticRegression(C=1e-6, max_iter=5)"
DESCENT = "clf = SGDClassifier(alpha=1000, class_weight=None, random_state=0)"
COMPONENTS = "pipe = Pipeline([('pca', PCA(2)), ('knn', neighbors.KNeighborsClassifier(K, weights='uniform'))])"

PIPE = "pipe = Pipeline([('pca', PCA(2)), ({})])"

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
    "depth: a constant": line("depth", 6, scikit.TREE_IN_A_FUNCTION, "DEPTH = 1  # levels", "DEPTH = 6  # levels"),
    "depth: a dict": line("depth", 12, scikit.FOREST_OF_A_DICT, "    'max_depth': 1,", "    'max_depth': 12,"),
    "depth: as deep as they will": line(
        "depth", None, scikit.FOREST_OF_A_DICT, "    'max_depth': 1,", "    'max_depth': None,"
    ),
    "leaf: in a function": line("leaf", 1, scikit.TREE_IN_A_FUNCTION, TREE, TREE.replace("leaf=40", "leaf=1")),
    "leaf: not said yet": line("leaf", 5, scripts.FOREST, FOREST, FOREST.replace("=2)", "=2, min_samples_leaf=5)")),
    "leaves: of the model that is chosen": line(
        "leaves", 31, scikit.BOOSTING, "        max_leaf_nodes=3,", "        max_leaf_nodes=31,"
    ),
    "leaves: of a tree": line(
        "leaves",
        9,
        scikit.TREE_IN_A_FUNCTION.replace(b"min_samples_leaf=40", b"max_leaf_nodes=2"),
        TREE.replace("min_samples_leaf=40", "max_leaf_nodes=2"),
        TREE.replace("min_samples_leaf=40", "max_leaf_nodes=9"),
    ),
    "estimators: fitted as it is made": line(
        "estimators", 200, scripts.FOREST, FOREST, FOREST.replace("n_estimators=2", "n_estimators=200")
    ),
    "estimators: a dict": line(
        "estimators", 300, scikit.FOREST_OF_A_DICT, "    'n_estimators': 1,", "    'n_estimators': 300,"
    ),
    "estimators: rounds over several lines": line(
        "estimators", 100, scikit.BOOSTING, "        max_iter=2,", "        max_iter=100,"
    ),
    "features: all": line(
        "features", None, scikit.TREE_IN_A_FUNCTION, TREE, TREE.replace("features=1", "features=None")
    ),
    "features: a share, not said yet": line(
        "features", 0.5, scripts.FOREST, FOREST, FOREST.replace("=2)", "=2, max_features=0.5)")
    ),
    "C: in a pipeline": line("C", 10, scikit.SUPPORT_VECTORS, VECTORS, VECTORS.replace("0.001", "10")),
    "C: set later": line("C", 1.0, scikit.VECTORS_SET_LATER, SET, SET.replace("0.01", "1.0")),
    "C: of a linear model": line("C", 1.0, scikit.LOGISTIC, LOGISTIC, LOGISTIC.replace("1e-6", "1.0")),
    "gamma: in a pipeline": line(
        "gamma", "scale", scikit.SUPPORT_VECTORS, VECTORS, VECTORS.replace("gamma=10.0", "gamma='scale'")
    ),
    "gamma: set later": line("gamma", 0.05, scikit.VECTORS_SET_LATER, SET, SET.replace("1e-6", "0.05")),
    "kernel: in a pipeline": line(
        "kernel", "rbf", scikit.SUPPORT_VECTORS, VECTORS, VECTORS.replace("'sigmoid'", "'rbf'")
    ),
    "kernel: set later": line("kernel", "rbf", scikit.VECTORS_SET_LATER, SET, SET.replace("sigmoid", "rbf")),
    "alpha: of a network": line("alpha", 0.0001, scikit.NETWORK, NETWORK, NETWORK.replace("=50", "=0.0001")),
    "alpha: of the last of two": line(
        "alpha", 0.0001, scikit.BAYES_AND_THEN_DESCENT, DESCENT, DESCENT.replace("alpha=1000", "alpha=0.0001")
    ),
    "smoothing: written": line(
        "smoothing",
        1e-9,
        scikit.BAYES,
        "nb = GaussianNB(var_smoothing=0.5)",
        "nb = GaussianNB(var_smoothing=1e-09)",
    ),
    "smoothing: not said yet": line(
        "smoothing",
        0.001,
        scikit.BAYES_AS_IT_COMES,
        "print(cross_val_score(GaussianNB(), X, y, cv=5).mean())",
        "print(cross_val_score(GaussianNB(var_smoothing=0.001), X, y, cv=5).mean())",
    ),
    "iterations: of a linear model": line(
        "iterations", 1000, scikit.LOGISTIC, LOGISTIC, LOGISTIC.replace("max_iter=5", "max_iter=1000")
    ),
    "iterations: of a network": line("iterations", 500, scikit.NETWORK, NETWORK, NETWORK.replace("=20", "=500")),
    "hidden units: at least": line("hidden_units", 32, scikit.NETWORK, NETWORK, NETWORK.replace("(4, 2)", "(32, 32)")),
    "hidden units: other layers": line(
        "hidden_units", (64,), scikit.NETWORK_OF_A_CONSTANT, "HIDDEN = (2,)", "HIDDEN = (64,)"
    ),
    "activation: by position": line("activation", "relu", scikit.NETWORK, NETWORK, NETWORK.replace("logistic", "relu")),
    "activation: by keyword": line(
        "activation", "relu", scikit.NETWORK_OF_A_CONSTANT, KEPT, KEPT.replace("tanh", "relu")
    ),
    "solver: said": line("solver", "adam", scikit.NETWORK_OF_A_CONSTANT, KEPT, KEPT.replace("sgd", "adam")),
    "solver: not said yet": line(
        "solver", "lbfgs", scikit.NETWORK, NETWORK, NETWORK.replace("random_state=1", 'random_state=1, solver="lbfgs"')
    ),
    "learning rate: of a network": line(
        "learning_rate", 0.001, scikit.NETWORK, NETWORK, NETWORK.replace("0.00001", "0.001")
    ),
    "learning rate: of boosting": line(
        "learning_rate", 0.1, scikit.BOOSTING, "        learning_rate=0.01,", "        learning_rate=0.1,"
    ),
    "class weight: not said yet": line(
        "class_weight",
        None,
        scikit.LOGISTIC,
        LOGISTIC,
        LOGISTIC.replace("max_iter=5", 'max_iter=5, class_weight="balanced"'),
    ),
    "class weight: None": line(
        "class_weight",
        None,
        scikit.BAYES_AND_THEN_DESCENT,
        DESCENT,
        DESCENT.replace("class_weight=None", 'class_weight="balanced"'),
    ),
    "components: by position": line(
        "components", 8, scripts.PIPELINE, COMPONENTS, COMPONENTS.replace("PCA(2)", "PCA(8)")
    ),
    "components: columns chosen": line(
        "components",
        8,
        scikit.REDUCED,
        "model = make_pipeline(SelectKBest(k=1), ExtraTreeClassifier(random_state=1))",
        "model = make_pipeline(SelectKBest(k=8), ExtraTreeClassifier(random_state=1))",
    ),
    "swap: the only class of its import": Case(
        "swap_estimator",
        "SVC",
        scripts.NEIGHBOURS,
        [
            "from sklearn.neighbors import KNeighborsClassifier",
            "knn = KNeighborsClassifier(n_neighbors=1)",
            "knn.fit(X_train, y_train)",
            "print(knn.score(X_test, y_test))",
        ],
        [
            "from sklearn.svm import SVC",
            "svc = SVC(C=10)",
            "svc.fit(X_train, y_train)",
            "print(svc.score(X_test, y_test))",
        ],
    ),
    "swap: what is named after the old class is named after the new one": Case(
        "swap_estimator",
        "RandomForestClassifier",
        scikit.NAMED,
        [
            "from sklearn.neighbors import KNeighborsClassifier",
            "# A k-nearest-neighbours classifier",
            "knn = KNeighborsClassifier(n_neighbors=1)  # k nearest neighbours",
            "knn.fit(X_train, y_train)",
            "knn_pred = knn.predict(X_test)",
            'print("KNN accuracy:", accuracy_score(y_test, knn_pred))',
        ],
        [
            "from sklearn.ensemble import RandomForestClassifier",
            "# RandomForestClassifier",
            "forest = RandomForestClassifier(random_state=7, n_estimators=200)",
            "forest.fit(X_train, y_train)",
            "forest_pred = forest.predict(X_test)",
            'print("KNN accuracy:", accuracy_score(y_test, forest_pred))',
        ],
    ),
    "swap: a step of a pipeline, by its module": Case(
        "swap_estimator",
        "RandomForestClassifier",
        scripts.PIPELINE,
        ["from sklearn import neighbors", COMPONENTS],
        [
            "from sklearn import ensemble",
            PIPE.format("'forest', ensemble.RandomForestClassifier(random_state=0, n_estimators=200)"),
        ],
    ),
    "swap: what predicts amounts, by a module that served it alone": Case(
        "swap_estimator",
        "HistGradientBoostingRegressor",
        scikit.AMOUNTS,
        [
            "from sklearn import linear_model",
            "lr = linear_model.LinearRegression(n_jobs=2)  # linear regression",
            "lr.fit(X_train, y_train)",
            'print("Linear regression, R2:", r2_score(y_test, lr.predict(X_test)))',
        ],
        [
            "from sklearn import ensemble",
            "boosting = ensemble.HistGradientBoostingRegressor(random_state=3)",
            "boosting.fit(X_train, y_train)",
            'print("Linear regression, R2:", r2_score(y_test, boosting.predict(X_test)))',
        ],
    ),
    "swap: the seed is kept": Case(
        "swap_estimator",
        "HistGradientBoostingClassifier",
        scikit.REDUCED,
        [
            "from sklearn.tree import ExtraTreeClassifier",
            "model = make_pipeline(SelectKBest(k=1), ExtraTreeClassifier(random_state=1))",
        ],
        [
            "from sklearn.ensemble import HistGradientBoostingClassifier",
            "model = make_pipeline(SelectKBest(k=1), HistGradientBoostingClassifier(random_state=1))",
        ],
    ),
    "swap: the last of two": Case(
        "swap_estimator",
        "LogisticRegression",
        scikit.BAYES_AND_THEN_DESCENT,
        ["from sklearn.linear_model import SGDClassifier", DESCENT],
        [
            "from sklearn.linear_model import LogisticRegression",
            "clf = LogisticRegression(class_weight=None, random_state=0, max_iter=1000)",
        ],
    ),
    "depth: a constant without a limit": line("depth", 4, scikit.CHOSEN_BY_A_SETTING, "DEPTH = None", "DEPTH = 4"),
    "leaf: of the branch that is taken": line("leaf", 2, scikit.CHOSEN_BY_A_SETTING, "LEAF = 60", "LEAF = 2"),
    "hidden units: in the place of each": line(
        "hidden_units", (8, 2), scikit.NETWORK, NETWORK, NETWORK.replace("(4, 2)", "(8, 2)")
    ),
    "estimators: in a table of a file that is handed over": Case(
        "estimators",
        300,
        scikit.SPREAD_FROM_A_FILE,
        [],
        [],
        {"config.json": scikit.TABLES},
        {"config.json": (['    "n_estimators": 10,'], ['    "n_estimators": 300,'])},
    ),
    "leaf: beside a table of a file that has none": Case(
        "leaf",
        3,
        scikit.SPREAD_FROM_A_FILE,
        ["model = GradientBoostingClassifier(**config['model'])"],
        ["model = GradientBoostingClassifier(**config['model'], min_samples_leaf=3)"],
        {"config.json": scikit.TABLES},
    ),
}

"""Which parameters of which scikit-learn estimators the knobs turn."""

from collections.abc import Mapping

from services.tweaker.edits import estimator_knobs as knobs
from services.tweaker.edits.knobs import ACTIVATION, LEARNING_RATE, Knob
from services.tweaker.edits.parameters import NO_DEFAULT, Parameter

NEIGHBOURS = "KNeighborsClassifier KNeighborsRegressor"
SINGLE_TREES = "DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier ExtraTreeRegressor"
FORESTS = "RandomForestClassifier RandomForestRegressor ExtraTreesClassifier ExtraTreesRegressor"
BOOSTING = "GradientBoostingClassifier GradientBoostingRegressor"
HISTOGRAMS = "HistGradientBoostingClassifier HistGradientBoostingRegressor"
ADA = "AdaBoostClassifier AdaBoostRegressor"
NETWORKS = "MLPClassifier MLPRegressor"
KERNELS = "SVC SVR"
LINEAR_VECTORS = "LinearSVC LinearSVR"
DESCENT = "SGDClassifier SGDRegressor Perceptron PassiveAggressiveClassifier PassiveAggressiveRegressor"
SHARES = ("sqrt", "log2")
COUNTING = "MultinomialNB BernoulliNB ComplementNB CategoricalNB"

TABLE: Mapping[Knob, tuple[Parameter, ...]] = {
    knobs.NEIGHBOURS: (Parameter(NEIGHBOURS, "n_neighbors", 5, 0),),
    knobs.WEIGHTS: (Parameter(NEIGHBOURS, "weights", knobs.UNIFORM, texts=("uniform", "distance")),),
    knobs.DEPTH: (
        Parameter(f"{SINGLE_TREES} {FORESTS} {HISTOGRAMS}", "max_depth"),
        Parameter(BOOSTING, "max_depth", 3),
    ),
    knobs.LEAF: (
        Parameter(f"{SINGLE_TREES} {FORESTS} {BOOSTING}", "min_samples_leaf", 1),
        Parameter(HISTOGRAMS, "min_samples_leaf", 20),
    ),
    knobs.LEAVES: (
        Parameter(f"{SINGLE_TREES} {FORESTS} {BOOSTING}", "max_leaf_nodes", NO_DEFAULT),
        Parameter(HISTOGRAMS, "max_leaf_nodes", 31),
    ),
    knobs.ESTIMATORS: (
        Parameter(f"{FORESTS} {BOOSTING}", "n_estimators", 100, 0),
        Parameter(ADA, "n_estimators", 50),
        Parameter("BaggingClassifier BaggingRegressor", "n_estimators", 10),
        Parameter(HISTOGRAMS, "max_iter", 100),
    ),
    knobs.FEATURES: (
        Parameter("RandomForestClassifier ExtraTreesClassifier", "max_features", "sqrt", texts=SHARES),
        Parameter(f"RandomForestRegressor ExtraTreesRegressor {SINGLE_TREES} {BOOSTING}", "max_features", texts=SHARES),
    ),
    knobs.INVERSE_PENALTY: (
        Parameter(
            f"{KERNELS} {LINEAR_VECTORS} LogisticRegression PassiveAggressiveClassifier PassiveAggressiveRegressor",
            "C",
            1.0,
        ),
    ),
    knobs.GAMMA: (Parameter(f"{KERNELS} NuSVC NuSVR", "gamma", "scale", texts=("scale", "auto")),),
    knobs.KERNEL: (Parameter(f"{KERNELS} NuSVC NuSVR", "kernel", "rbf", texts=("rbf", "linear", "poly", "sigmoid")),),
    knobs.ALPHA: (
        Parameter("Ridge RidgeClassifier KernelRidge Lasso ElasticNet", "alpha", 1.0, 0),
        Parameter(f"{NETWORKS} SGDClassifier SGDRegressor Perceptron", "alpha", 0.0001),
        Parameter(COUNTING, "alpha", 1.0),
    ),
    knobs.SMOOTHING: (Parameter("GaussianNB", "var_smoothing", 1e-9),),
    knobs.ITERATIONS: (
        Parameter("LogisticRegression", "max_iter", 100),
        Parameter(NETWORKS, "max_iter", 200),
        Parameter(f"{DESCENT} {LINEAR_VECTORS} Lasso ElasticNet", "max_iter", 1000),
        Parameter(f"{KERNELS} NuSVC NuSVR Ridge RidgeClassifier", "max_iter", NO_DEFAULT),
    ),
    ACTIVATION: (Parameter(NETWORKS, "activation", "relu", 1, texts=("relu", "tanh", "logistic", "identity")),),
    knobs.SOLVER: (Parameter(NETWORKS, "solver", "adam", texts=("adam", "lbfgs", "sgd")),),
    LEARNING_RATE: (
        Parameter(f"{BOOSTING} {HISTOGRAMS}", "learning_rate", 0.1),
        Parameter(ADA, "learning_rate", 1.0),
        Parameter(NETWORKS, "learning_rate_init", 0.001),
    ),
}
CLASS_WEIGHT = Parameter(
    f"SVC NuSVC LinearSVC LogisticRegression RidgeClassifier SGDClassifier Perceptron PassiveAggressiveClassifier "
    f"{SINGLE_TREES} {FORESTS} HistGradientBoostingClassifier",
    "class_weight",
)
HIDDEN_UNITS = Parameter(NETWORKS, "hidden_layer_sizes", (100,), 0)

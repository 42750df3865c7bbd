"""What can be changed in estimators: scikit-learn's, and those of libraries that behave like it."""

from collections.abc import Callable

from services.tweaker.edits.knobs import Knob
from services.tweaker.edits.space import Choice, Real, Space, Whole, others, positive, widest
from trainyard.trial import Setting

UNIFORM = "uniform"
WIDEST = 512
MOST_TREES = 1000
CLASSIFIERS = (
    "RandomForestClassifier", "HistGradientBoostingClassifier", "SVC", "LogisticRegression", "KNeighborsClassifier",
)  # fmt: skip
REGRESSORS = ("RandomForestRegressor", "HistGradientBoostingRegressor", "Ridge", "KNeighborsRegressor")
SCALED = "StandardScaler + "
"""Before the class of an estimator that is swapped in: its inputs are standardized."""
LINES = frozenset({"LinearRegression", "Ridge", "Lasso", "ElasticNet", "KernelRidge"})


def is_regressor(kind: str) -> bool:
    """Return whether an estimator of this class predicts numbers, not classes."""
    return kind in LINES or kind.endswith(("Regressor", "SVR", "LassoCV", "RidgeCV", "ElasticNetCV"))


def _around(usual: float, factor: float) -> Callable[[Setting], Space]:
    """Return the numbers from the usual one divided by a factor to that times it, and the one now there among them."""

    def space(before: Setting) -> Space:
        now = positive(before, usual)
        return Real(min(usual, now) / factor, max(usual, now) * factor)

    return space


def _more(usual: int, factor: int, most: int) -> Callable[[Setting], Space]:
    """Return the whole numbers from what there is now to *factor* times as many, or times what is usual."""

    def space(before: Setting) -> Space:
        now = max(1, round(positive(before, usual)))
        return Whole(now, max(now + 1, min(max(now, usual) * factor, max(most, now * factor))))

    return space


def _instead(what: str) -> Callable[[Setting, Setting], str]:
    return lambda before, after: f"{what} = {_text(after)} instead of {_text(before)}"


def _text(setting: Setting) -> str:
    return f"{setting:g}" if isinstance(setting, float) else str(setting)


def _deep(_: Setting, after: Setting) -> str:
    return "trees of unlimited depth" if after is None else f"trees of at most {after} levels"


def _depths(before: Setting) -> Space:
    return Whole(2, max(16, round(positive(before, 1))))


def _leaf(before: Setting, after: Setting) -> str:
    return f"at least {after} {'row' if after == 1 else 'rows'} per leaf instead of {before}"


def _wide(_: Setting, after: Setting) -> str:
    if isinstance(after, tuple):
        return f"hidden layers of {' and '.join(map(str, after))} units"
    return f"hidden layers have at least {after} units"


def _weighted(_: Setting, after: Setting) -> str:
    return f"neighbours are weighted {'by distance' if after == 'distance' else 'equally'}"


def _substitutes(before: Setting) -> Space:
    return others(*(REGRESSORS if is_regressor(str(before)) else CLASSIFIERS))(before)


NEIGHBOURS = Knob("neighbours", "neighbours", "{1} neighbours instead of {0}".format, lambda _: Whole(1, 30))
WEIGHTS = Knob(
    "weights", "neighbours", _weighted, lambda before: Choice(("distance",) if before == UNIFORM else (UNIFORM,))
)
DEPTH = Knob("depth", "depth", _deep, _depths)
LEAF = Knob("leaf", "regularization", _leaf, lambda _: Whole(1, 32))
LEAVES = Knob("leaves", "capacity", _instead("maximum leaves per tree"), lambda _: Whole(4, 128))
ESTIMATORS = Knob("estimators", "estimators", "{1} trees or rounds instead of {0}".format, _more(100, 5, MOST_TREES))
FEATURES = Knob("features", "features", _instead("share of columns per split"), lambda _: Real(0.1, 1.0))
COMPONENTS = Knob("components", "components", _instead("components"), _more(2, 10, WIDEST))
INVERSE_PENALTY = Knob("C", "regularization", _instead("C"), _around(1.0, 1000.0))
GAMMA = Knob("gamma", "kernel", _instead("gamma"), _around(0.05, 500.0))
KERNEL = Knob("kernel", "kernel", _instead("kernel"), others("rbf", "linear", "poly"))
ALPHA = Knob("alpha", "regularization", _instead("alpha"), lambda before: Real(1e-6, max(100.0, positive(before, 1.0))))
SMOOTHING = Knob("smoothing", "regularization", _instead("variance smoothing"), _around(1e-9, 1e8))
ITERATIONS = Knob("iterations", "length", "at most {1} iterations instead of {0}".format, _more(100, 20, 10_000))
HIDDEN_UNITS = Knob(
    "hidden_units", "capacity", _wide, lambda before: Whole(max(16, widest(before)), max(WIDEST, widest(before) * 4))
)
SOLVER = Knob("solver", "training", _instead("solver"), others("adam", "lbfgs"))
SWAP_ESTIMATOR = Knob("swap_estimator", "estimator", "{1} instead of {0}".format, _substitutes)

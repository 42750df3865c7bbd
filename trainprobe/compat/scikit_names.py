"""Modules, classes and arguments that scikit-learn dropped."""

from __future__ import annotations

import importlib
import sys
from functools import partial
from types import ModuleType
from typing import Callable, Dict, List, Optional, Tuple

from trainprobe.compat.shims import Served
from trainprobe.foreign import Foreign
from trainprobe.patching.module_finder import fill, is_real
from trainprobe.patching.wrap import Function, renamed, replace

#: Modules that moved.
MODULES: Dict[str, str] = {
    "sklearn.cross_validation": "sklearn.model_selection",
    "sklearn.datasets.samples_generator": "sklearn.datasets",
    "sklearn.ensemble.forest": "sklearn.ensemble",
    "sklearn.externals.joblib": "joblib",
    "sklearn.grid_search": "sklearn.model_selection",
    "sklearn.learning_curve": "sklearn.model_selection",
    "sklearn.linear_model.logistic": "sklearn.linear_model",
    "sklearn.metrics.classification": "sklearn.metrics",
    "sklearn.metrics.ranking": "sklearn.metrics",
    "sklearn.neighbors.classification": "sklearn.neighbors",
    "sklearn.neural_network.multilayer_perceptron": "sklearn.neural_network",
    "sklearn.preprocessing.data": "sklearn.preprocessing",
    "sklearn.preprocessing.imputation": "sklearn.preprocessing",
    "sklearn.preprocessing.label": "sklearn.preprocessing",
    "sklearn.svm.classes": "sklearn.svm",
    "sklearn.tree.tree": "sklearn.tree",
}


def find(served: Served, fullname: str) -> Optional[Callable[[], ModuleType]]:
    """Return what imports the module that is served as *fullname*."""
    target = MODULES.get(fullname)
    if target is None or is_real(fullname):
        return None

    def imported() -> ModuleType:
        served.used(fullname)
        return _cross_validation() if fullname == "sklearn.cross_validation" else importlib.import_module(target)

    return imported


def apply_preprocessing(served: Served, preprocessing: Foreign) -> None:
    """Give ``Imputer`` and the old arguments of ``OneHotEncoder`` back."""
    fill(preprocessing, partial(_name, served))
    _encode_by_old_arguments(served, preprocessing.OneHotEncoder)


def apply_selection(served: Served, selection: Foreign) -> None:
    """Let splits be given a seed that they do not use."""
    for name in ("KFold", "StratifiedKFold"):
        replace(getattr(selection, name), "__init__", partial(_unused_seed, served))


def apply_class_weight(served: Served, module: Foreign) -> None:
    """Let ``compute_class_weight`` be given its arguments by position."""
    replace(module, "compute_class_weight", partial(_by_position, served))


def _by_position(served: Served, original: Function) -> Function:
    def call(*args: Foreign, **kwargs: Foreign) -> Foreign:
        if len(args) > 1:
            served.used("compute_class_weight by position")
        return original(**{**dict(zip(("class_weight", "classes", "y"), args)), **kwargs})  # noqa: B905 - Python 3.7

    return call


def _unused_seed(served: Served, original: Function) -> Function:
    def init(self: Foreign, *args: Foreign, **kwargs: Foreign) -> None:
        if kwargs.get("random_state") is not None and not kwargs.get("shuffle"):
            served.used("KFold(random_state=) without shuffle")
            kwargs.pop("random_state")
        original(self, *args, **kwargs)

    return init


def _name(served: Served, name: str) -> object:
    if name != "Imputer":
        raise AttributeError(name)
    served.used("sklearn.preprocessing.Imputer")
    impute: Foreign = importlib.import_module("sklearn.impute")
    numpy: Foreign = sys.modules["numpy"]

    def imputer(missing_values: Foreign = "NaN", strategy: str = "mean", axis: int = 0, **_: Foreign) -> Foreign:
        if axis:
            raise ValueError("Imputer(axis=1) is gone from scikit-learn; use SimpleImputer on the transposed table.")
        missing = numpy.nan if missing_values == "NaN" else missing_values
        return impute.SimpleImputer(missing_values=missing, strategy=strategy)

    return imputer


def _encode_by_old_arguments(served: Served, encoder: Foreign) -> None:
    """Let *encoder* take ``sparse=`` and ``categorical_features=``, whose columns come out before the others."""

    def make_init(original: Function) -> Function:
        def init(self: Foreign, *args: Foreign, **kwargs: Foreign) -> None:
            columns = kwargs.pop("categorical_features", None)
            if columns is not None or "sparse" in kwargs:
                served.used("OneHotEncoder(categorical_features=, sparse=)")
            original(self, *args, **renamed(kwargs, {"sparse": "sparse_output", "n_values": None}))
            self._columns = None if isinstance(columns, str) else columns

        return init

    def make_fit(original: Function) -> Function:
        def fit(self: Foreign, table: Foreign, y: Foreign = None) -> Foreign:
            return original(self, _parted(self, table)[0], y)

        return fit

    def make_transform(original: Function) -> Function:
        def transform(self: Foreign, table: Foreign) -> Foreign:
            chosen, others = _parted(self, table)
            return original(self, table) if others is None else _joined(original(self, chosen), others)

        return transform

    replace(encoder, "__init__", make_init)
    replace(encoder, "fit", make_fit)
    replace(encoder, "transform", make_transform)


def _parted(encoder: Foreign, table: Foreign) -> Tuple[Foreign, Foreign]:
    columns = getattr(encoder, "_columns", None)
    if columns is None:
        return table, None
    numpy: Foreign = sys.modules["numpy"]
    array = numpy.asarray(table)
    return array[:, columns], numpy.delete(array, columns, axis=1).astype(float)


def _joined(encoded: Foreign, others: Foreign) -> Foreign:
    if not hasattr(encoded, "tocsr"):
        numpy: Foreign = sys.modules["numpy"]
        return numpy.hstack([encoded, others])
    sparse: Foreign = importlib.import_module("scipy.sparse")
    return sparse.hstack([encoded, others]).tocsr()


def _cross_validation() -> ModuleType:
    """Return the module in which splits were made of the data at once, and so were lists of rows."""
    selection: Foreign = importlib.import_module("sklearn.model_selection")
    module = ModuleType("sklearn.cross_validation")

    def k_fold(n: int, n_folds: int = 3, **kwargs: Foreign) -> List[Foreign]:
        return list(selection.KFold(n_folds, **kwargs).split(range(n)))

    def stratified_k_fold(y: Foreign, n_folds: int = 3, **kwargs: Foreign) -> List[Foreign]:
        return list(selection.StratifiedKFold(n_folds, **kwargs).split(y, y))

    vars(module).update(KFold=k_fold, StratifiedKFold=stratified_k_fold)
    fill(module, partial(getattr, selection))
    return module

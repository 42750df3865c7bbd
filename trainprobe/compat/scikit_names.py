"""Modules, classes and arguments that scikit-learn removed, served where a script is written for an older version."""

from __future__ import annotations

import importlib
import sys
from functools import partial
from types import ModuleType
from typing import Callable, Dict, List, Optional, Tuple

from trainprobe.compat.shims import Shims
from trainprobe.foreign import Foreign
from trainprobe.patching.imports import fill, is_real
from trainprobe.patching.wrap import Function, around, replace

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


def find(shims: Shims, fullname: str) -> Optional[Callable[[], ModuleType]]:
    """Return a function that imports the module served as *fullname*, if there is one."""
    target = MODULES.get(fullname)
    if target is None or is_real(fullname):
        return None

    def imported() -> ModuleType:
        shims.used(fullname)
        return _cross_validation() if fullname == "sklearn.cross_validation" else importlib.import_module(target)

    return imported


def install_preprocessing(shims: Shims, preprocessing: Foreign) -> None:
    """Restore ``Imputer`` and ``OneHotEncoder(categorical_features=)``."""
    fill(preprocessing, partial(_name, shims))
    encoder = preprocessing.OneHotEncoder
    replace(encoder, "__init__", around(_init_encoder, shims))
    replace(encoder, "fit", around(_fit_columns))
    replace(encoder, "transform", around(_transform_columns))


def install_class_weight(shims: Shims, module: Foreign) -> None:
    """Let ``compute_class_weight`` take its arguments by position."""
    replace(module, "compute_class_weight", around(_compute_class_weight, shims))


def _compute_class_weight(shims: Shims, original: Function, *args: Foreign, **kwargs: Foreign) -> Foreign:
    if len(args) > 1:
        shims.used("compute_class_weight by position")
    return original(**dict(zip(("class_weight", "classes", "y"), args)), **kwargs)  # noqa: B905 - Python 3.7


def _name(shims: Shims, name: str) -> object:
    if name not in PREPROCESSING:
        raise AttributeError(name)
    shims.used("sklearn.preprocessing." + name)
    return PREPROCESSING[name]


def _imputer(missing_values: Foreign = "NaN", strategy: str = "mean", axis: int = 0, **_: Foreign) -> Foreign:
    if axis:
        raise ValueError("Imputer(axis=1) was removed from scikit-learn; use SimpleImputer on the transposed table.")
    missing = float("nan") if missing_values == "NaN" else missing_values
    return importlib.import_module("sklearn.impute").SimpleImputer(missing_values=missing, strategy=strategy)


#: What scikit-learn's package for preprocessing lost.
PREPROCESSING: Dict[str, object] = {"Imputer": _imputer}


def _init_encoder(shims: Shims, original: Function, self: Foreign, *args: Foreign, **kwargs: Foreign) -> None:
    """Let an encoder take the columns to encode, which come out before the others."""
    columns = kwargs.pop("categorical_features", None)
    if columns is not None:
        shims.used("OneHotEncoder(categorical_features=)")
    original(self, *args, **kwargs)
    self._columns = None if isinstance(columns, str) else columns


def _fit_columns(original: Function, self: Foreign, table: Foreign, y: Foreign = None) -> Foreign:
    return original(self, _parted(self, table)[0], y)


def _transform_columns(original: Function, self: Foreign, table: Foreign) -> Foreign:
    chosen, others = _parted(self, table)
    return original(self, table) if others is None else _joined(original(self, chosen), others)


def _parted(encoder: Foreign, table: Foreign) -> Tuple[Foreign, Foreign]:
    columns = getattr(encoder, "_columns", None)
    if columns is None:
        return table, None
    numpy: Foreign = sys.modules["numpy"]
    array = numpy.asarray(table)
    return array[:, columns], numpy.delete(array, columns, axis=1).astype(float)


def _joined(encoded: Foreign, others: Foreign) -> Foreign:
    if not hasattr(encoded, "tocsr"):
        return sys.modules["numpy"].hstack([encoded, others])
    return importlib.import_module("scipy.sparse").hstack([encoded, others]).tocsr()


def _cross_validation() -> ModuleType:
    """Return the module whose splits took the data itself, and were lists of rows."""
    selection: Foreign = importlib.import_module("sklearn.model_selection")
    module = ModuleType("sklearn.cross_validation")

    def k_fold(n: int, n_folds: int = 3, **kwargs: Foreign) -> List[Foreign]:
        return list(selection.KFold(n_folds, **kwargs).split(range(n)))

    def stratified_k_fold(y: Foreign, n_folds: int = 3, **kwargs: Foreign) -> List[Foreign]:
        return list(selection.StratifiedKFold(n_folds, **kwargs).split(y, y))

    vars(module).update(KFold=k_fold, StratifiedKFold=stratified_k_fold)
    fill(module, partial(getattr, selection))
    return module

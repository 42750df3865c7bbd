"""``keras.wrappers.scikit_learn``: Keras models as estimators of scikit-learn."""

from __future__ import annotations

import importlib
import inspect
import sys
from types import ModuleType
from typing import Dict, Sequence, Tuple

from trainprobe.foreign import Foreign

MODULES = ("wrappers", "wrappers.scikit_learn")
_TABLE = 2  # dimensions
_MIDDLE = 0.5


def module(path: str) -> ModuleType:
    """Return the module of the wrappers, or the package that holds it."""
    if path == "wrappers":
        package = ModuleType("tf_keras.wrappers")
        package.__path__ = []
        return package
    made = ModuleType("tf_keras.wrappers.scikit_learn")
    for wrapper in _wrappers():
        wrapper.__module__ = made.__name__
        setattr(made, wrapper.__name__, wrapper)
    sys.modules[made.__name__] = made  # where pickle looks for the classes
    return made


def _wrappers() -> Tuple[Foreign, ...]:
    base: Foreign = importlib.import_module("sklearn.base")
    importlib.import_module("numpy")
    joblib: Foreign = importlib.import_module("joblib")
    # Worker processes would not know the old names, and TensorFlow uses all processors by itself.
    joblib.parallel_config(backend="sequential")
    wrapper = type("BaseWrapper", (base.BaseEstimator,), _methods(_COMMON))
    classifier = type("KerasClassifier", (base.ClassifierMixin, wrapper), _methods(_CLASSIFYING))
    scoring = {"scoring": "neg_loss"}  # what its score is; the hooks ask for it
    regressor = type("KerasRegressor", (base.RegressorMixin, wrapper), {**_methods(_REGRESSING), **scoring})
    return wrapper, classifier, regressor


def _methods(functions: Sequence[Foreign]) -> Dict[str, Foreign]:
    for function in functions:
        if function.__name__ in ("fit", "score"):
            function.trainprobe = True  # what is watched is the model's own fit and evaluation
    return {function.__name__: function for function in functions}


def __init__(self: Foreign, build_fn: Foreign = None, **sk_params: Foreign) -> None:  # noqa: N807 - a method
    self.build_fn = build_fn
    self.sk_params = sk_params


def get_params(self: Foreign, deep: bool = True) -> Dict[str, Foreign]:  # noqa: ARG001, D103, FBT001, FBT002
    return {**self.sk_params, "build_fn": self.build_fn}


def set_params(self: Foreign, **params: Foreign) -> Foreign:  # noqa: D103 - documented by scikit-learn, as all here
    self.build_fn = params.pop("build_fn", self.build_fn)
    self.sk_params.update(params)
    return self


def __sklearn_is_fitted__(self: Foreign) -> bool:  # noqa: N807 - a method
    return hasattr(self, "model")


def filter_sk_params(self: Foreign, function: Foreign, override: Foreign = None) -> Dict[str, Foreign]:
    """Return those of the wrapper's parameters that *function* takes, and those of *override*."""
    known = inspect.signature(function).parameters
    given = {
        "epochs" if name == "nb_epoch" and "epochs" in known else name: self.sk_params[name] for name in self.sk_params
    }
    return {**{name: value for name, value in given.items() if name in known}, **(override or {})}


def fit(self: Foreign, x: Foreign, y: Foreign, **kwargs: Foreign) -> Foreign:  # noqa: D103 - the same
    if self.build_fn is None:  # a subclass that builds the model when it is called
        self.model = self(**self.filter_sk_params(type(self).__call__))
    else:
        function = self.build_fn if inspect.isroutine(self.build_fn) else self.build_fn.__call__
        self.model = self.build_fn(**self.filter_sk_params(function))
    return self.model.fit(x, _for_loss(self.model, y), **self.filter_sk_params(self.model.fit, kwargs))


def _fit_classes(self: Foreign, x: Foreign, y: Foreign, **kwargs: Foreign) -> Foreign:
    numpy: Foreign = sys.modules["numpy"]
    labels = numpy.asarray(y)
    if labels.ndim == _TABLE and labels.shape[1] > 1:
        self.classes_ = numpy.arange(labels.shape[1])
    else:
        self.classes_ = numpy.unique(labels)
        labels = numpy.searchsorted(self.classes_, labels)
    self.n_classes_ = len(self.classes_)
    return fit(self, x, labels, **kwargs)


def _predict_classes(self: Foreign, x: Foreign, **kwargs: Foreign) -> Foreign:
    found = self.model.predict(x, **self.filter_sk_params(self.model.predict, kwargs))
    chosen = found.argmax(axis=-1) if found.shape[-1] > 1 else (found > _MIDDLE).astype("int32")
    return self.classes_[chosen]


def predict_proba(self: Foreign, x: Foreign, **kwargs: Foreign) -> Foreign:  # noqa: D103 - the same
    numpy: Foreign = sys.modules["numpy"]
    found = self.model.predict(x, **self.filter_sk_params(self.model.predict, kwargs))
    return numpy.hstack([1 - found, found]) if found.shape[1] == 1 else found


def _score_classes(self: Foreign, x: Foreign, y: Foreign, **kwargs: Foreign) -> float:
    numpy: Foreign = sys.modules["numpy"]
    labels = numpy.asarray(y)
    if labels.ndim != _TABLE or labels.shape[1] == 1:
        labels = numpy.searchsorted(self.classes_, labels)
    given = self.filter_sk_params(self.model.evaluate, kwargs)
    found = self.model.evaluate(x, _for_loss(self.model, labels, self.n_classes_), return_dict=True, **given)
    for metric in ("accuracy", "acc"):
        if metric in found:
            return float(found[metric])
    raise ValueError("Compile the model with metrics=['accuracy'], so that KerasClassifier.score can tell it.")


def _predict_values(self: Foreign, x: Foreign, **kwargs: Foreign) -> Foreign:
    numpy: Foreign = sys.modules["numpy"]
    return numpy.squeeze(self.model.predict(x, **self.filter_sk_params(self.model.predict, kwargs)), axis=-1)


def _score_values(self: Foreign, x: Foreign, y: Foreign, **kwargs: Foreign) -> float:
    loss = self.model.evaluate(x, y, **self.filter_sk_params(self.model.evaluate, kwargs))
    return -float(loss[0] if isinstance(loss, list) else loss)


def _for_loss(model: Foreign, labels: Foreign, classes: Foreign = None) -> Foreign:
    """Return the labels one-hot where the model's loss wants them so."""
    loss = getattr(model, "loss", None)
    name = loss if isinstance(loss, str) else getattr(loss, "__name__", "")
    if name != "categorical_crossentropy" or getattr(labels, "ndim", 1) == _TABLE:
        return labels
    return importlib.import_module("tf_keras").utils.to_categorical(labels, classes)


def _named(name: str, function: Foreign) -> Foreign:
    function.__name__ = function.__qualname__ = name
    return function


_COMMON = (__init__, __sklearn_is_fitted__, get_params, set_params, filter_sk_params, fit)
_CLASSIFYING = (
    _named("fit", _fit_classes),
    _named("predict", _predict_classes),
    predict_proba,
    _named("score", _score_classes),
)
_REGRESSING = (_named("predict", _predict_values), _named("score", _score_values))

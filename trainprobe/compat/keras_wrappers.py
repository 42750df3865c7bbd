"""``keras.wrappers.scikit_learn``: Keras models as estimators of scikit-learn; import it where that is installed."""

from __future__ import annotations

import importlib
import inspect
from typing import Dict

from trainprobe.compat.keras_data import classes_in
from trainprobe.foreign import Foreign
from trainprobe.patching.wrap import Function, renamed

_TABLE = 2  # dimensions

base: Foreign = importlib.import_module("sklearn.base")
joblib: Foreign = importlib.import_module("joblib")
numpy: Foreign = importlib.import_module("numpy")

# Worker processes would not have the old names, and TensorFlow uses all processors by itself.
joblib.parallel_config(backend="sequential")


def _unwatched(method: Function) -> Function:
    method.trainprobe = True  # type: ignore[attr-defined]  # what is watched is the model's own fit and evaluation
    return method


class BaseWrapper(base.BaseEstimator):  # type: ignore[misc]
    """An estimator whose model a function of the script builds; it also takes arguments of the model's methods."""

    def __init__(self, build_fn: Foreign = None, **sk_params: Foreign) -> None:
        self.build_fn = build_fn
        self.sk_params = sk_params

    def get_params(self, deep: bool = True) -> Dict[str, Foreign]:  # noqa: ARG002, FBT001, FBT002 - scikit-learn's
        """Return the parameters, as for any estimator."""
        return {**self.sk_params, "build_fn": self.build_fn}

    def set_params(self, **params: Foreign) -> Foreign:
        """Set parameters, as for any estimator."""
        self.build_fn = params.pop("build_fn", self.build_fn)
        self.sk_params.update(params)
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "model")

    def filter_sk_params(self, function: Foreign, override: Foreign = None) -> Dict[str, Foreign]:
        """Return those of the wrapper's parameters that *function* takes, and those of *override*."""
        known = inspect.signature(function).parameters
        given = renamed(self.sk_params, {"nb_epoch": "epochs"} if "epochs" in known else {})
        return {**{name: value for name, value in given.items() if name in known}, **(override or {})}

    @_unwatched
    def fit(self, x: Foreign, y: Foreign, **kwargs: Foreign) -> Foreign:
        """Build a model and train it."""
        if self.build_fn is None:  # a subclass that builds the model when it is called
            self.model = self(**self.filter_sk_params(type(self).__call__))
        else:
            function = self.build_fn if inspect.isroutine(self.build_fn) else self.build_fn.__call__
            self.model = self.build_fn(**self.filter_sk_params(function))
        return self.model.fit(x, _for_loss(self.model, y), **self.filter_sk_params(self.model.fit, kwargs))

    def _predicted(self, x: Foreign, kwargs: Dict[str, Foreign]) -> Foreign:
        return self.model.predict(x, **self.filter_sk_params(self.model.predict, kwargs))


class KerasClassifier(base.ClassifierMixin, BaseWrapper):  # type: ignore[misc]
    """A classifier made of a Keras model."""

    @_unwatched
    def fit(self, x: Foreign, y: Foreign, **kwargs: Foreign) -> Foreign:
        """Build a model and train it on classes, which may be one-hot."""
        labels = numpy.asarray(y)
        if labels.ndim == _TABLE and labels.shape[1] > 1:
            self.classes_ = numpy.arange(labels.shape[1])
        else:
            self.classes_ = numpy.unique(labels)
            labels = numpy.searchsorted(self.classes_, labels)
        self.n_classes_ = len(self.classes_)
        return super().fit(x, labels, **kwargs)

    def predict(self, x: Foreign, **kwargs: Foreign) -> Foreign:
        """Return the class of each row."""
        return self.classes_[classes_in(self._predicted(x, kwargs))]

    def predict_proba(self, x: Foreign, **kwargs: Foreign) -> Foreign:
        """Return the probability of each class."""
        outputs = self._predicted(x, kwargs)
        return numpy.hstack([1 - outputs, outputs]) if outputs.shape[1] == 1 else outputs

    @_unwatched
    def score(self, x: Foreign, y: Foreign, **kwargs: Foreign) -> float:
        """Return the accuracy."""
        labels = numpy.asarray(y)
        if labels.ndim != _TABLE or labels.shape[1] == 1:
            labels = numpy.searchsorted(self.classes_, labels)
        given = self.filter_sk_params(self.model.evaluate, kwargs)
        results = self.model.evaluate(x, _for_loss(self.model, labels, self.n_classes_), return_dict=True, **given)
        for metric in ("accuracy", "acc"):
            if metric in results:
                return float(results[metric])
        raise ValueError("KerasClassifier.score needs a model that is compiled with metrics=['accuracy'].")


class KerasRegressor(base.RegressorMixin, BaseWrapper):  # type: ignore[misc]
    """A regressor made of a Keras model."""

    scoring = "neg_loss"  # what its score is; the hooks read it

    def predict(self, x: Foreign, **kwargs: Foreign) -> Foreign:
        """Return the value of each row."""
        return numpy.squeeze(self._predicted(x, kwargs), axis=-1)

    @_unwatched
    def score(self, x: Foreign, y: Foreign, **kwargs: Foreign) -> float:
        """Return the negative loss."""
        loss = self.model.evaluate(x, y, **self.filter_sk_params(self.model.evaluate, kwargs))
        return -float(loss[0] if isinstance(loss, list) else loss)


def _for_loss(model: Foreign, labels: Foreign, classes: Foreign = None) -> Foreign:
    """Return the labels one-hot where the model's loss needs them so."""
    loss = getattr(model, "loss", None)
    name = loss if isinstance(loss, str) else getattr(loss, "__name__", "")
    if name != "categorical_crossentropy" or getattr(labels, "ndim", 1) == _TABLE:
        return labels
    return importlib.import_module("tf_keras").utils.to_categorical(labels, classes)

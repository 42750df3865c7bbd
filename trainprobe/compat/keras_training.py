"""Calls of a model as they were written for Keras 1 and 2."""

from __future__ import annotations

from functools import partial
from typing import Dict, Tuple

from trainprobe.compat import keras_keywords
from trainprobe.compat.keras_data import batch_size, batches, classes_in, endless, plain, validation
from trainprobe.compat.keras_history import serve_both_names
from trainprobe.compat.shims import Shims
from trainprobe.foreign import Foreign
from trainprobe.patching.wrap import Function, arguments, renamed, replace, rewriting, whole

_WORDS: Dict[str, keras_keywords.Names] = {
    "compile": keras_keywords.COMPILE,
    "evaluate": keras_keywords.EVALUATE,
    "fit": keras_keywords.FIT,
    "predict": keras_keywords.PREDICT,
    "predict_on_batch": {},
    "test_on_batch": {},
    "train_on_batch": {},
}
_DATA = ("x", "y", "sample_weight")
_COUNTS = ("epochs", "steps_per_epoch", "validation_steps", "steps", "initial_epoch")
_KERAS_1 = {"nb_epoch", "nb_val_samples", "max_q_size", "nb_worker", "pickle_safe", "samples_per_epoch", "val_samples"}


def install(shims: Shims, keras: Foreign) -> None:
    """Let models be compiled, trained and evaluated with old arguments."""
    model = keras.Model
    for name, names in _WORDS.items():
        replace(model, name, partial(_in_new_words, shims, name, names))
    for name in ("save", "save_weights"):
        replace(model, name, rewriting(partial(_as_hdf5, shims)))
    for function in (*_generators(shims), *_classes(shims)):
        setattr(model, function.__name__, function)
    serve_both_names(keras)


def _in_new_words(shims: Shims, name: str, names: keras_keywords.Names, original: Function) -> Function:
    def call(self: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        shims.used_keywords(name, [word for word in kwargs if word in names and kwargs[word]])
        shims.keras_1 = shims.keras_1 or "nb_epoch" in kwargs
        if kwargs.get("show_accuracy") and not _measures(self):
            self.compile(self.optimizer, self.loss, metrics=["accuracy"])
        given = arguments(original, (self, *args), renamed(kwargs, names))
        if not given:
            return original(self, *args, **kwargs)
        given.pop("self")
        return original(self, **_now(shims, name, _flat(given)))

    return call


def _flat(given: Dict[str, Foreign]) -> Dict[str, Foreign]:
    return {**given.pop("kwargs", {}), **given}


def _now(shims: Shims, name: str, given: Dict[str, Foreign]) -> Dict[str, Foreign]:
    for part in _DATA:
        if part in given:
            made = batches(plain(given[part]))
            if made is not given[part] and hasattr(made, "dtype"):
                shims.used("{} of lists, truth values or objects".format(name))
            given[part] = made
    if given.get("validation_data") is not None:
        given["validation_data"] = validation(given["validation_data"])
    for count in _COUNTS:
        if count in given:
            given[count] = whole(given[count])
    if "class_weight" in given and not isinstance(given["class_weight"], dict):
        given.pop("class_weight")  # only a dictionary ever had an effect
    return given


def _measures(model: Foreign) -> bool:
    return bool(getattr(model, "compiled_metrics", None) is not None and model.compiled_metrics._user_metrics)  # noqa: SLF001


def _as_hdf5(shims: Shims, args: Foreign, kwargs: Dict[str, Foreign]) -> Foreign:
    path = next(iter((*args[1:], kwargs.get("filepath"))))
    if shims.standalone and not str(path).endswith((".keras", ".tf")):
        kwargs = {"save_format": "h5", **kwargs}  # whatever the file was called
    return args, kwargs


def _generators(shims: Shims) -> Tuple[Function, ...]:
    def fit_generator(self: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        shims.used("fit_generator")
        given = {**dict(zip(keras_keywords.FIT_GENERATOR, args)), **kwargs}  # noqa: B905 - Python 3.7 has no strict
        shims.keras_1 = shims.keras_1 or bool(_KERAS_1 & set(kwargs))
        if shims.keras_1 and "steps_per_epoch" not in kwargs and "steps_per_epoch" in given:
            given["samples_per_epoch"] = given.pop("steps_per_epoch")
        given["x"] = given.pop("generator")
        _count_batches(given, "x", "samples_per_epoch", "steps_per_epoch")
        if "nb_val_samples" in given:
            _count_batches(given, "validation_data", "nb_val_samples", "validation_steps")
        given["x"] = endless(given["x"], whole(given.get("steps_per_epoch")))
        given["validation_data"] = endless(given.get("validation_data"), whole(given.get("validation_steps")))
        return self.fit(**renamed(given, keras_keywords.GENERATOR))

    def evaluate_generator(self: Foreign, generator: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        shims.used("evaluate_generator")
        return self.evaluate(**_steps(shims, generator, args, kwargs))

    def predict_generator(self: Foreign, generator: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        shims.used("predict_generator")
        return self.predict(**_steps(shims, generator, args, kwargs))

    return fit_generator, evaluate_generator, predict_generator


def _steps(
    shims: Shims, generator: Foreign, args: Tuple[Foreign, ...], kwargs: Dict[str, Foreign]
) -> Dict[str, Foreign]:
    given = {"x": generator, "verbose": 0, **kwargs}
    if args:
        given["val_samples" if shims.keras_1 or _KERAS_1 & set(kwargs) else "steps"] = args[0]
    _count_batches(given, "x", "val_samples", "steps")
    given["x"] = endless(given["x"], whole(given.get("steps")))
    return renamed(given, keras_keywords.GENERATOR)


def _count_batches(given: Dict[str, Foreign], generator: str, samples: str, steps: str) -> None:
    """Turn a number of rows, as in Keras 1, into a number of batches."""
    wanted = given.pop(samples, None)
    if wanted is None or isinstance(given.get(generator), (tuple, list, type(None))):
        return
    size, given[generator] = batch_size(given[generator])
    given[steps] = max(1, -(-int(wanted) // size))


def _classes(shims: Shims) -> Tuple[Function, ...]:
    def predict_classes(self: Foreign, x: Foreign, batch_size: Foreign = None, verbose: int = 0) -> Foreign:
        shims.used("predict_classes")
        return classes_in(self.predict(x, batch_size=batch_size, verbose=verbose))

    def predict_proba(self: Foreign, x: Foreign, batch_size: Foreign = None, verbose: int = 0) -> Foreign:
        shims.used("predict_proba")
        return self.predict(x, batch_size=batch_size, verbose=verbose)

    return predict_classes, predict_proba

"""Calls of a model as they were written for Keras 1 and 2."""

from __future__ import annotations

import math
from functools import partial
from typing import Dict, Tuple

from trainprobe.compat.keras_data import batch_size, batches, classes_in, endless, plain, validation
from trainprobe.compat.keras_history import serve_both_names
from trainprobe.compat.keras_tables import COMPILE, EVALUATE, FIT, GENERATOR, PREDICT, Names
from trainprobe.compat.shims import Shims
from trainprobe.foreign import Foreign
from trainprobe.patching.wrap import Function, arguments, around, renamed, replace

_KEYWORDS: Dict[str, Names] = {
    "compile": COMPILE,
    "evaluate": EVALUATE,
    "fit": FIT,
    "predict": PREDICT,
    "predict_on_batch": {},
    "test_on_batch": {},
    "train_on_batch": {},
}
_DATA = ("x", "y", "sample_weight")
_COUNTS = ("epochs", "steps_per_epoch", "validation_steps", "steps", "initial_epoch")
#: Keywords that only Keras 1 knew.
KERAS_1 = {"nb_epoch", "nb_val_samples", "max_q_size", "nb_worker", "pickle_safe", "samples_per_epoch", "val_samples"}
#: The order of fit_generator's arguments in Keras 1 and 2; the second and those for validation differ in meaning.
_FIT_GENERATOR = (
    "generator",
    "steps_per_epoch",
    "epochs",
    "verbose",
    "callbacks",
    "validation_data",
    "validation_steps",
    "class_weight",
)


def install(shims: Shims, keras: Foreign) -> None:
    """Let models be compiled, trained and evaluated with old arguments."""
    model = keras.Model
    for name, names in _KEYWORDS.items():
        replace(model, name, around(_called, shims, names))
    for name in ("save", "save_weights"):
        replace(model, name, around(_as_hdf5, shims))
    for name, method in METHODS.items():
        shims.add_method(model, name, partial(method, shims))
    serve_both_names(keras)


def whole(number: Foreign) -> Foreign:
    """Return a count that comes from a division rounded up, as old Keras treated it."""
    return math.ceil(number) if isinstance(number, float) else number


def _called(
    shims: Shims, names: Names, original: Function, self: Foreign, *args: Foreign, **kwargs: Foreign
) -> Foreign:
    method = original.__name__
    shims.used_keywords(method, [word for word in kwargs if word in names and kwargs[word]])
    shims.keras_1 = shims.keras_1 or "nb_epoch" in kwargs
    if kwargs.get("show_accuracy") and not _measures(self):
        self.compile(self.optimizer, self.loss, metrics=["accuracy"])
    given = arguments(original, (self, *args), renamed(kwargs, names))
    if not given:
        return original(self, *args, **kwargs)
    del given["self"]
    given.update(given.pop("kwargs", {}))
    return original(self, **_as_today(shims, method, given))


def _as_today(shims: Shims, method: str, given: Dict[str, Foreign]) -> Dict[str, Foreign]:
    for part in _DATA:
        if part in given:
            given[part] = _as_numbers(shims, method, given[part])
    if given.get("validation_data") is not None:
        given["validation_data"] = validation(given["validation_data"])
    given.update({count: whole(given[count]) for count in _COUNTS if count in given})
    if not isinstance(given.get("class_weight"), dict):
        given.pop("class_weight", None)  # only a dictionary ever had an effect
    return given


def _as_numbers(shims: Shims, method: str, data: Foreign) -> Foreign:
    made = batches(plain(data))
    if made is not data and hasattr(made, "dtype"):
        shims.used("{} of lists, truth values or objects".format(method))
    return made


def _measures(model: Foreign) -> bool:
    return bool(getattr(model, "compiled_metrics", None) is not None and model.compiled_metrics._user_metrics)  # noqa: SLF001


def _as_hdf5(shims: Shims, original: Function, self: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
    path = next(iter((*args, kwargs.get("filepath"))))
    if shims.standalone and not str(path).endswith((".keras", ".tf")):
        kwargs = {"save_format": "h5", **kwargs}  # whatever the file was called
    return original(self, *args, **kwargs)


def _fit_generator(shims: Shims, self: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
    given = {**dict(zip(_FIT_GENERATOR, args)), **kwargs}  # noqa: B905 - Python 3.7 has no strict
    shims.keras_1 = shims.keras_1 or bool(KERAS_1 & set(kwargs))
    if shims.keras_1 and "steps_per_epoch" not in kwargs and "steps_per_epoch" in given:
        given["samples_per_epoch"] = given.pop("steps_per_epoch")
    given["x"] = given.pop("generator")
    _count_batches(given, "x", "samples_per_epoch", "steps_per_epoch")
    if "nb_val_samples" in given:
        _count_batches(given, "validation_data", "nb_val_samples", "validation_steps")
    given["x"] = endless(given["x"], whole(given.get("steps_per_epoch")))
    given["validation_data"] = endless(given.get("validation_data"), whole(given.get("validation_steps")))
    return self.fit(**renamed(given, GENERATOR))


def _steps(
    shims: Shims, generator: Foreign, args: Tuple[Foreign, ...], kwargs: Dict[str, Foreign]
) -> Dict[str, Foreign]:
    given = {"x": generator, "verbose": 0, **kwargs}
    if args:
        given["val_samples" if shims.keras_1 or KERAS_1 & set(kwargs) else "steps"] = args[0]
    _count_batches(given, "x", "val_samples", "steps")
    given["x"] = endless(given["x"], whole(given.get("steps")))
    return renamed(given, GENERATOR)


def _count_batches(given: Dict[str, Foreign], generator: str, samples: str, steps: str) -> None:
    """Turn a number of rows, as in Keras 1, into a number of batches."""
    wanted = given.pop(samples, None)
    if wanted is None or isinstance(given.get(generator), (tuple, list, type(None))):
        return
    size, given[generator] = batch_size(given[generator])
    given[steps] = max(1, -(-int(wanted) // size))


#: The methods that models lost, which get the shims first.
METHODS: Dict[str, Function] = {
    "fit_generator": _fit_generator,
    "evaluate_generator": lambda shims, self, generator, *args, **kw: self.evaluate(
        **_steps(shims, generator, args, kw)
    ),
    "predict_generator": lambda shims, self, generator, *args, **kw: self.predict(**_steps(shims, generator, args, kw)),
    "predict_classes": lambda _, self, x, batch_size=None, verbose=0: classes_in(self.predict(x, batch_size, verbose)),
    "predict_proba": lambda _, self, x, batch_size=None, verbose=0: self.predict(x, batch_size, verbose),
}

"""Functions of ``keras.utils`` and data sets that took other keywords, or want what an image does not have."""

from __future__ import annotations

from functools import partial
from typing import Dict

from trainprobe.compat.keras_keywords import ORDERINGS
from trainprobe.compat.shims import Served
from trainprobe.foreign import Foreign
from trainprobe.patching.module_finder import is_real
from trainprobe.patching.wrap import Function, renamed, replace

_MIDDLE = 0.5


def apply(served: Served, keras: Foreign) -> None:
    """Let these functions take the old keywords."""
    replace(keras.utils, "to_categorical", partial(_renaming, served, {"nb_classes": "num_classes"}))
    for name in ("img_to_array", "array_to_img"):
        replace(keras.preprocessing.image, name, partial(_renaming, served, {"dim_ordering": "data_format"}))
    generator = keras.preprocessing.image.ImageDataGenerator
    replace(generator, "__init__", partial(_renaming, served, {"dim_ordering": "data_format"}))
    if not is_real("tensorboard"):
        keras.callbacks.TensorBoard = _without_tensorboard(served, keras.callbacks.Callback)
    keras.preprocessing.image.Iterator.nb_sample = property(lambda self: self.n)
    keras.preprocessing.image.DirectoryIterator.nb_class = property(lambda self: self.num_classes)


def made(_keras: Foreign) -> Dict[str, Dict[str, object]]:
    """Return the functions that are gone."""

    def multi_gpu_model(model: Foreign, *_: Foreign, **__: Foreign) -> Foreign:
        return model

    def print_summary(model: Foreign, *args: Foreign, **kwargs: Foreign) -> None:
        model.summary(*args, **kwargs)

    def probas_to_classes(y_pred: Foreign) -> Foreign:
        several = y_pred.ndim > 1 and y_pred.shape[1] > 1
        return y_pred.argmax(axis=1) if several else (y_pred.ravel() > _MIDDLE).astype(int)

    def categorical_probas_to_classes(p: Foreign) -> Foreign:
        return p.argmax(axis=1)

    return {
        "utils": {
            "categorical_probas_to_classes": categorical_probas_to_classes,
            "multi_gpu_model": multi_gpu_model,
            "print_summary": print_summary,
            "probas_to_classes": probas_to_classes,
        }
    }


def _renaming(served: Served, names: Dict[str, str], original: Function) -> Function:
    def call(*args: Foreign, **kwargs: Foreign) -> Foreign:
        old = [name + "=" for name in kwargs if name in names]
        if old:
            served.used("{}({})".format(original.__name__, ", ".join(old)))
        kwargs = renamed(kwargs, dict(names))
        if kwargs.get("data_format") in ORDERINGS:
            kwargs["data_format"] = ORDERINGS[kwargs["data_format"]]
        return original(*args, **kwargs)

    return call


def _without_tensorboard(served: Served, callback: Foreign) -> Foreign:
    class TensorBoard(callback):  # type: ignore[misc]
        def __init__(self, *_: Foreign, **__: Foreign) -> None:
            super().__init__()
            served.used("TensorBoard, which is not installed, writes nothing")

    return TensorBoard

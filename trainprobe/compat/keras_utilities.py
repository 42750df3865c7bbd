"""Functions of ``keras.utils`` and classes for images that took other keywords, and ``TensorBoard``."""

from __future__ import annotations

from typing import Callable, Dict

from trainprobe.compat.keras_keywords import with_data_format
from trainprobe.compat.shims import Shims
from trainprobe.foreign import Foreign
from trainprobe.patching.module_finder import is_real
from trainprobe.patching.wrap import Function, renamed, replace, rewriting

_MIDDLE = 0.5


def install(shims: Shims, keras: Foreign) -> None:
    """Let these functions take the old keywords, and do without TensorBoard where it is not installed."""
    image = keras.preprocessing.image
    replace(keras.utils, "to_categorical", shims.renaming("to_categorical", {"nb_classes": "num_classes"}))
    for name in ("img_to_array", "array_to_img"):
        replace(image, name, _with_data_format(shims, name))
    replace(image.ImageDataGenerator, "__init__", _with_data_format(shims, "ImageDataGenerator"))
    if not is_real("tensorboard"):
        keras.callbacks.TensorBoard = _without_tensorboard(shims, keras.callbacks.Callback)
    image.Iterator.nb_sample = property(lambda self: self.n)
    image.DirectoryIterator.nb_class = property(lambda self: self.num_classes)


def additions(_keras: Foreign) -> Dict[str, Dict[str, object]]:
    """Return the functions that were removed, by module."""

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


def _with_data_format(shims: Shims, label: str) -> Callable[[Function], Function]:
    def rename(args: Foreign, kwargs: Dict[str, Foreign]) -> Foreign:
        shims.used_keywords(label, [name for name in kwargs if name == "dim_ordering"])
        return args, with_data_format(renamed(kwargs, {"dim_ordering": "data_format"}))

    return rewriting(rename)


def _without_tensorboard(shims: Shims, callback: Foreign) -> Foreign:
    class TensorBoard(callback):  # type: ignore[misc]
        def __init__(self, *_: Foreign, **__: Foreign) -> None:
            super().__init__()
            shims.used("TensorBoard, which is not installed, writes nothing")

    return TensorBoard

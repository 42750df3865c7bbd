"""Functions of ``keras.backend``, of ``keras.utils`` and for images that were removed, or took other arguments."""

from __future__ import annotations

import sys
from typing import Dict

from trainprobe.compat.keras_data import classes_in
from trainprobe.compat.keras_layers import with_old_arguments
from trainprobe.compat.keras_tables import ORDERING, ORDERINGS, TO_CATEGORICAL
from trainprobe.compat.shims import Shims
from trainprobe.foreign import Foreign
from trainprobe.patching.imports import is_real
from trainprobe.patching.wrap import Function, around, replace


def install(shims: Shims, keras: Foreign) -> None:
    """Let these functions take the old arguments, and do without TensorBoard where it is not installed."""
    image = keras.preprocessing.image
    replace(keras.backend, "function", around(_function, shims, keras))
    replace(keras.utils, "to_categorical", with_old_arguments(shims, "to_categorical", TO_CATEGORICAL))
    for name in ("img_to_array", "array_to_img"):
        replace(image, name, with_old_arguments(shims, name, ORDERING))
    replace(image.ImageDataGenerator, "__init__", with_old_arguments(shims, "ImageDataGenerator", ORDERING))
    if not is_real("tensorboard"):
        keras.callbacks.TensorBoard = _without_tensorboard(shims, keras.callbacks.Callback)
    image.Iterator.nb_sample = property(lambda self: self.n)
    image.DirectoryIterator.nb_class = property(lambda self: self.num_classes)


def _function(
    shims: Shims,
    keras: Foreign,
    original: Function,
    inputs: Foreign,
    outputs: Foreign,
    *args: Foreign,
    **kwargs: Foreign,
) -> Foreign:
    """Let ``K.function`` take ``K.learning_phase()``, which is a number today, among the inputs."""
    phases = [index for index, one in enumerate(inputs) if isinstance(one, int)] if _is_listed(inputs) else []
    if not phases:
        return original(inputs, outputs, *args, **kwargs)
    shims.used("K.function(inputs with K.learning_phase())")
    model = keras.Model([one for index, one in enumerate(inputs) if index not in phases], outputs)

    def run(values: Foreign) -> Foreign:
        given = [one for index, one in enumerate(values) if index not in phases]
        found = model(given, training=bool(values[phases[0]]))
        arrays = [one.numpy() for one in (found if _is_listed(found) else [found])]
        return arrays if _is_listed(outputs) else arrays[0]

    return run


def _is_listed(given: Foreign) -> bool:
    return isinstance(given, (list, tuple))


def _without_tensorboard(shims: Shims, callback: Foreign) -> Foreign:
    class TensorBoard(callback):  # type: ignore[misc]
        def __init__(self, *_: Foreign, **__: Foreign) -> None:
            super().__init__()
            shims.used("TensorBoard, which is not installed, writes nothing")

    return TensorBoard


def _image_dim_ordering() -> str:
    return "th" if sys.modules["tf_keras"].backend.image_data_format() == "channels_first" else "tf"


def _set_image_dim_ordering(dim_ordering: str) -> None:
    sys.modules["tf_keras"].backend.set_image_data_format(ORDERINGS.get(dim_ordering) or dim_ordering)


#: The functions that were removed.
BUILT: Dict[str, object] = {
    "backend.image_dim_ordering": _image_dim_ordering,
    "backend.set_image_dim_ordering": _set_image_dim_ordering,
    "utils.categorical_probas_to_classes": lambda p: p.argmax(axis=1),
    "utils.multi_gpu_model": lambda model, *_, **__: model,
    "utils.print_summary": lambda model, *args, **kwargs: model.summary(*args, **kwargs),
    "utils.probas_to_classes": lambda y_pred: classes_in(y_pred.reshape(len(y_pred), -1)).ravel(),
}

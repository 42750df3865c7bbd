"""Data as old Keras took it: lists, booleans, text and columns of objects become numbers."""

from __future__ import annotations

import sys
from itertools import chain
from types import GeneratorType
from typing import Iterator, Tuple

from trainprobe.foreign import Foreign

_PLAIN = "iuf"  # NumPy's kinds that TensorFlow takes as they are
_CAST = "bOSU"
_SEQUENCES = (list, tuple)
_MIDDLE = 0.5


def plain(data: Foreign) -> Foreign:
    """Return *data* with what TensorFlow refuses as float32; what can't be numbers stays, and the library raises."""
    if isinstance(data, _SEQUENCES):
        return _from_sequence(data)
    if isinstance(data, dict):
        return {name: plain(part) for name, part in data.items()}
    if hasattr(data, "to_numpy"):
        return data if _is_numeric_frame(data) else _cast(data, data.to_numpy())
    if getattr(getattr(data, "dtype", None), "kind", "") in _CAST and hasattr(data, "astype"):
        return _cast(data, data)
    return data


def validation(data: Foreign) -> Foreign:
    """Return inputs and labels (and weights) as numbers; generators as they are."""
    return tuple(plain(part) for part in data) if isinstance(data, _SEQUENCES) else batches(data)


def batches(data: Foreign) -> Foreign:
    """Return a generator, whose batches may be lists, as one of tuples, and anything else as it is."""
    return _as_tuples(data) if isinstance(data, GeneratorType) else data


def endless(sequence: Foreign, steps: Foreign) -> Foreign:
    """Return a sequence of fewer than *steps* batches as a generator that starts over; tf-keras would stop training."""
    is_sequence = hasattr(sequence, "__getitem__") and hasattr(sequence, "on_epoch_end")
    return _over_and_over(sequence) if is_sequence and steps and steps > len(sequence) else batches(sequence)


def batch_size(generator: Foreign) -> Tuple[int, Foreign]:
    """Return the number of rows in a batch of *generator*, and a generator that still has all batches."""
    for name in ("batch_size", "bs"):
        size = getattr(generator, name, None)
        if isinstance(size, int):
            return size, generator
    if not hasattr(generator, "__next__"):
        return rows_of(generator[0]), generator
    first = next(generator)
    return rows_of(first), _as_tuples(chain([first], generator))


def rows_of(batch: Foreign) -> int:
    """Return the number of rows in *batch*: of the first inputs of a pair, or of several inputs."""
    while isinstance(batch, _SEQUENCES):
        batch = batch[0]
    return len(next(iter(batch.values())) if isinstance(batch, dict) else batch)


def classes_in(outputs: Foreign) -> Foreign:
    """Return the class of each row: the largest of several *outputs*, or whether the only one is above a half."""
    return outputs.argmax(axis=-1) if outputs.shape[-1] > 1 else (outputs > _MIDDLE).astype("int32")


def _over_and_over(sequence: Foreign) -> Iterator[Foreign]:
    while True:
        for index in range(len(sequence)):
            yield sequence[index]
        sequence.on_epoch_end()


def _as_tuples(generator: Iterator[Foreign]) -> Iterator[Foreign]:
    for batch in generator:
        parts = tuple(batch) if isinstance(batch, list) else batch
        yield tuple(plain(part) for part in parts) if isinstance(parts, tuple) else plain(parts)


def _from_sequence(data: Foreign) -> Foreign:
    if any(getattr(part, "shape", ()) != () for part in data):
        return type(data)([plain(part) for part in data]) if type(data) in _SEQUENCES else data
    numpy: Foreign = sys.modules["numpy"]
    try:
        array = numpy.asarray(data)
    except ValueError:  # rows of unequal length
        return data
    return array if not array.size or array.dtype.kind in _PLAIN else _cast(data, array)


def _is_numeric_frame(data: Foreign) -> bool:
    types = data.dtypes if hasattr(data, "columns") else [data.dtype]
    return all(getattr(one, "kind", "") in _PLAIN for one in types)


def _cast(data: Foreign, array: Foreign) -> Foreign:
    try:
        return array.astype("float32")
    except (TypeError, ValueError):
        return data

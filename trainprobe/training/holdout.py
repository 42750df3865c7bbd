"""Holds rows out of a training, unseen by the script, and measures the trained model on them.

The author asks for it by ``holdout``. A script that measures on nothing but what it trained with is measured on these
rows; for others they stay sealed, for the end of the job.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from trainprobe.data.arrays import as_array, classes_of
from trainprobe.data.evaluated import evaluated
from trainprobe.data.kind import DataKind
from trainprobe.data.samples import UnsplittableError, part_of, several_inputs
from trainprobe.foreign import Foreign, numpy
from trainprobe.names import canonical
from trainprobe.trace import Measurement, Trace

SOURCE = "rows held out by the probe"
KIND = "held"
Ask = Callable[[Foreign, Foreign, Foreign], Mapping[str, float]]  # measures a model on inputs and labels


@dataclass(frozen=True)
class Held:
    """A model, and the rows that it has not seen."""

    model: Foreign
    inputs: Foreign
    labels: Foreign
    ask: Ask


class HoldOut:
    """The rows held out of the script's fits; only the last one's are kept."""

    def __init__(self, share: float) -> None:
        """Hold out this *share* of the rows of every fit; of the same data always the same rows."""
        self._share = share
        self._held: Optional[Held] = None

    def __bool__(self) -> bool:
        return self._share > 0

    def take(
        self, trace: Trace, model: Foreign, given: Dict[str, Foreign], names: Tuple[str, str], why_not: str, ask: Ask
    ) -> Dict[str, Foreign]:
        """Return the arguments *given* to a fit of *model* without the rows that are held out.

        *names* are those of inputs and labels, *why_not* why nothing can be held out, if so; *ask* measures it later.
        """
        self._held = None
        rows = 0
        if not why_not:
            try:
                kept, inputs, labels, rows = self._shared(given, names)
            except UnsplittableError as error:
                why_not = str(error)
        if not rows:
            trace.run_facts["holdout"] = {"rows": 0, "why": why_not}
            return given
        self._held = Held(model, inputs, labels, ask)
        trace.run_facts["holdout"] = {"rows": rows, "share": self._share, "digest": _digest(inputs, labels)}
        return {**given, **kept}

    def _shared(self, given: Dict[str, Foreign], names: Tuple[str, str]) -> Foreign:
        """Return what is kept of the arguments, and inputs, labels and number of the rows that are held out."""
        inputs, labels = (given.get(name) for name in names)
        kept, held = chosen(labels, _count(inputs, labels), self._share)
        rowwise = [name for name in (*names, "sample_weight") if given.get(name) is not None]
        parts = {name: part_of(given[name], kept) for name in rowwise}
        return parts, part_of(inputs, held), part_of(labels, held), len(held)

    def measurements(self, trace: Trace) -> List[Measurement]:
        """Return what the model that the script fitted last scores on the rows that were held out of its fit."""
        held, self._held = self._held, None
        if held is None or held.model is not trace.last_model:
            return []
        order, number = trace.tick(), trace.number_of(held.model)
        measured, on = held.ask(held.model, held.inputs, held.labels), evaluated(held.inputs, held.labels)
        return [
            Measurement(canonical(name), value, DataKind.VALIDATION, SOURCE, KIND, order, "", number, on)
            for name, value in measured.items()
        ]


def sealed(trace: Trace, measured: Sequence[Measurement], best: Measurement) -> Optional[Dict[str, object]]:
    """Return how many of the rows that were held out the model behind *best* predicts correctly; None if unknown."""
    accuracy = next((one for one in measured if one.kind == KIND and one.metric == "accuracy"), None)
    fit = trace.fit_behind(best)
    if accuracy is None or (fit is not None and fit.model_number != accuracy.model_number):
        return None
    held: Foreign = trace.run_facts["holdout"]
    return {"rows": accuracy.on.rows, "correct": round(accuracy.value * accuracy.on.rows), "digest": held["digest"]}


def chosen(labels: Foreign, count: int, share: float) -> Tuple[Foreign, Foreign]:
    """Return the places of the rows that are kept, and of those held out: of each class the same *share*.

    Raises:
        UnsplittableError: there are too few of them.
    """
    chance = numpy.random.RandomState(0)  # the script's random numbers stay its own; every trial holds out the same
    held = [chance.permutation(places)[: round(len(places) * share)] for places in _strata(labels, count)]
    out = numpy.sort(numpy.concatenate(held))
    if not len(out) or len(out) == count:
        raise UnsplittableError("there are only {} rows".format(count))  # noqa: EM103 - an error of ours, told in facts
    return numpy.setdiff1d(numpy.arange(count), out), out


def accuracy_of(predicted: Foreign, labels: Foreign, threshold: float = 0.5) -> Optional[float]:
    """Return the share of *labels* that a network's outputs predict; None where they are no classes.

    Of two classes, an output alone means the second where it is above *threshold*.
    """
    outputs, classes = as_array(predicted), classes_of(as_array(labels))
    if outputs is None or classes is None or outputs.ndim != 2:  # noqa: PLR2004 - rows of outputs
        return None
    if outputs.shape[1] == 1 and not set(numpy.unique(classes)) <= {0, 1}:
        return None
    found = outputs.argmax(axis=1) if outputs.shape[1] > 1 else (outputs[:, 0] > threshold).astype("int64")
    return float((found == classes).mean()) if found.shape == classes.shape else None


def _digest(*parts: Foreign) -> str:
    """Return what identifies these rows."""
    whole = hashlib.sha256()
    for array in (as_array(one) for part in parts for one in several_inputs(part) or [part]):
        known = array.astype(str) if array is not None and array.dtype.kind == "O" else array
        whole.update(b"" if known is None else known.tobytes())
    return whole.hexdigest()


def _count(inputs: Foreign, labels: Foreign) -> int:
    sizes = {size for data in (inputs, labels) for size in _sizes(data)}
    if len(sizes) != 1 or inputs is None or labels is None:
        raise UnsplittableError("the data are of type {}, not rows with labels".format(type(inputs).__name__))  # noqa: EM103
    return sizes.pop()


def _sizes(data: Foreign) -> Iterator[int]:
    several = several_inputs(data)
    for one in several:
        yield from _sizes(one)
    if several:
        return
    if getattr(data, "shape", None):
        yield int(data.shape[0])
    elif isinstance(data, (list, tuple)):
        yield len(data)


def _strata(labels: Foreign, count: int) -> Sequence[Foreign]:
    classes = classes_of(as_array(labels))
    if classes is None:
        return [numpy.arange(count)]
    return [numpy.flatnonzero(classes == one) for one in numpy.unique(classes)]

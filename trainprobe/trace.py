"""What was seen of a script while it ran."""

from __future__ import annotations

import math
import weakref
from collections import deque
from dataclasses import dataclass, field, replace
from typing import Callable, Deque, Dict, List, Optional, Sequence, Tuple

from trainprobe.calling import word_for_data
from trainprobe.data.content import content_of
from trainprobe.data.identity import Rows, Seen, hashes_of
from trainprobe.data.samples import Samples, rows_of
from trainprobe.foreign import Foreign
from trainprobe.names import canonical, direction_of

KEPT_PREDICTIONS = 64
MOST_LOOKS = 10_000
COMPARED_FITS = 8  # the latest; in a loop over folds one of them had the rows that are held out now
FOLD = "fold"  # test data that another fit was given; it is called test where no loop over folds is found
Curves = Dict[str, List[float]]


@dataclass(frozen=True)
class Measurement:
    """One value of one metric, the data it was taken on and where it was found.

    *kind* is how it was found (traced, averaged, computed, history, file, variable, printed), *order* when: a later one
    is larger. *of* is the number of the model that was measured and *rows* how many rows it was measured on, both 0
    where that is not known.
    """

    metric: str
    value: float
    data: str
    source: str
    kind: str
    order: float = 0.0
    direction: str = "maximize"
    of: int = 0
    rows: int = 0

    def as_json(self) -> Dict[str, object]:
        """Return what result.json says of it."""
        return {
            "metric": self.metric,
            "value": self.value,
            "data": self.data,
            "source": self.source,
            "direction": self.direction,
        }


@dataclass
class Fit:
    """One call of ``fit`` by the script, the outermost if they were nested."""

    library: str
    model: Foreign
    inputs: Seen
    rows: Rows
    labels: Seen
    curves: Curves = field(default_factory=dict)
    finished: bool = False
    order: int = 0
    described: str = ""
    of: int = 0
    held_out: Tuple[Seen, ...] = ()
    is_fold: bool = False
    holds_nothing_out: bool = False
    seconds: float = 0.0
    held_out_rows: int = 0

    def is_of(self, model: Foreign) -> bool:
        """Say whether it was *model* that was fitted."""
        return self.model() is model


class Trace:
    """Collects fits and measurements in the order in which they happen."""

    def __init__(self, entrypoint: str = "") -> None:
        """Start with nothing seen of *entrypoint*, the script's path below the code."""
        self.entrypoint = entrypoint
        self.fits: List[Fit] = []
        self.measurements: List[Measurement] = []
        self.last_model: Foreign = None
        self.facts: Dict[str, object] = {}
        self.samples: Optional[Samples] = None
        self.closing: List[Callable[[], None]] = []  # what can add to the facts when the script has ended
        self.rows_looked_at: Dict[str, int] = {}
        self.stopped = False  # a training was ended by the probe
        self.trained_at = 0
        self.loops: Curves = {}
        self._clock = 0
        self._models: List[Callable[[], Foreign]] = []
        self._looks: List[Tuple[int, str]] = []
        self._predictions: Deque[Tuple[Callable[[], Foreign], str, int]] = deque(maxlen=KEPT_PREDICTIONS)

    def tick(self) -> int:
        """Return a number larger than every one before."""
        self._clock += 1
        return self._clock

    def fitted(self, library: str, model: Foreign, inputs: Foreign, labels: Foreign) -> Fit:
        """Note that *model* is being fitted with this data."""
        described = repr(model) if library == "sklearn" else type(model).__name__
        seen = (Seen(inputs), Rows(inputs), Seen(labels))
        order = self.training(model)
        fit = Fit(library, weakref.ref(model), *seen, order=order, described=described, of=self.number_of(model))
        self.fits.append(fit)
        return fit

    def training(self, model: Optional[Foreign] = None) -> int:
        """Note that something, perhaps *model*, is being trained, and return when."""
        self.trained_at = self.tick()
        if model is not None:
            self.last_model = model
        return self.trained_at

    def validated_with(self, fit: Fit, data: Foreign) -> None:
        """Note the *data* that a fit is validated with: inputs alone, or inputs and labels."""
        parts = data[:2] if isinstance(data, (list, tuple)) else [data]
        fit.held_out = tuple(Seen(part) for part in parts)
        fit.held_out_rows = rows_of(parts[0]) or 0
        fit.holds_nothing_out = fit.inputs.holds(parts[0])
        others = [other for other in self.fits[-COMPARED_FITS:] if other is not fit]
        fit.is_fold = any(other.rows.hold(parts[0]) for other in others)

    def number_of(self, model: Optional[Foreign]) -> int:
        """Return a number that no other model has; 0 for none."""
        if model is None:
            return 0
        known = next((number for number, kept in enumerate(self._models, 1) if kept() is model), 0)
        if not known:
            self._models.append(weakref.ref(model))
        return known or len(self._models)

    def measured(
        self, name: str, value: float, data: str, source: str, model: Optional[Foreign] = None, rows: int = 0
    ) -> None:
        """Note a measurement of *model* on so many *rows* that a library's function returned to the script."""
        self.measurements.append(
            Measurement(
                canonical(name),
                value,
                data,
                source,
                "traced",
                self.tick(),
                direction_of(name),
                self.number_of(model),
                rows,
            )
        )

    def measured_again(self, name: str, value: float, data: str, source: str) -> None:
        """Note a measurement that goes on: it takes the place of the one before from the same source, if any."""
        metric = canonical(name)
        last = [one for one in self.measurements if one.source == source and one.order > self.trained_at]
        for one in last:
            if one.metric == metric and one.data == data:
                self.measurements.remove(one)
        self.measured(name, value, data, source)

    def kept(self, model: Foreign) -> None:
        """Note that the script saves *model*: what was measured of it counts as measured now."""
        number = self.number_of(model)
        measured = [one for one in self.measurements if one.of == number]
        if measured:
            others = [one for one in self.measurements if one.of != number]
            self.measurements = others + [replace(one, order=self.tick()) for one in measured]

    def looked_at(self, data: str, rows: int = 0) -> None:
        """Note that predictions are made for so many rows of data of this kind."""
        self.rows_looked_at[data] = rows
        self._looks.append((self.tick(), "test" if data == FOLD else data))
        del self._looks[:-MOST_LOOKS]

    def overlook(self) -> None:
        """Forget the last look: what was gone through is what is trained with."""
        del self._looks[-1:]

    def looked_at_since_training(self) -> str:
        """Return the one kind of data that predictions were made for since the last training, else ``unknown``."""
        return self.looked_at_between(self.trained_at, math.inf)

    def looked_at_between(self, since: float, until: float) -> str:
        """Return the one kind of data that predictions were made for in this time, else ``unknown``."""
        kinds = {data for order, data in self._looks if since < order < until}
        return kinds.pop() if len(kinds) == 1 else "unknown"

    def word_for(self, *objects: Foreign) -> str:
        """Return the data that the author's names for *objects*, or the statement being executed, speak of."""
        return word_for_data(*objects)

    def predicted(self, labels: Foreign, data: str, model: Optional[Foreign] = None) -> None:
        """Note that *labels* were predicted for data of this kind."""
        self.looked_at(data, rows_of(labels) or 0)
        try:
            self._predictions.append((weakref.ref(labels), data, self.number_of(model)))
        except TypeError:  # a list can't be referred to weakly; the true labels must tell then
            self._predictions.clear()

    def measured_aside(self, name: str, value: float, data: str, source: str) -> None:
        """Note a measurement that counts where there is no other of its kind, as if it had come first."""
        self.measurements.append(Measurement(canonical(name), value, data, source, "traced", 0, direction_of(name)))

    def prediction_of(self, *labels: Foreign) -> Tuple[str, Optional[Foreign]]:
        """Return for which data one of the *labels* was predicted, and the model that did it if that was seen."""
        for kept, data, number in reversed(self._predictions):
            if any(kept() is one for one in labels):
                return data, self._models[number - 1]() if number else None
        data = self.data_for(None, None, *labels)
        return (self.looked_at_since_training() if data == "unknown" else data), None

    def data_for(self, model: Optional[Foreign], inputs: Foreign, *labels: Foreign) -> str:
        """Tell on which data a measurement is taken: ``train`` where it was fitted, ``test`` where it was not.

        It is ``fold`` where it was not fitted by this model, and by another or before; ``validation`` where a fit was
        validated with it. What was held out is called what the author calls it.

        Any of the *labels* decide where the inputs are not known, or may have been transformed on their way into a
        model whose own fit was not seen. Where there is nothing to compare with, the author's word for the data
        tells, and without one it is ``unknown``.
        """
        own = [fit for fit in self.fits if model is not None and fit.is_of(model)]
        fits = own or self.fits
        hashes = hashes_of(inputs) if fits else None
        by_labels = inputs is None or not own
        if fits and inputs is not None and _fitted_with(fits, inputs, hashes):
            return "train"
        if by_labels and any(fit.labels.holds(one) for fit in self.fits for one in labels):
            return "train"
        said = word_for_data(inputs, *labels)
        if any(seen.holds(one) for fit in fits for seen in fit.held_out for one in (inputs, *labels)):
            return said if said == "test" else "validation"
        if not _comparable(fits, inputs, labels):
            return said
        others = self.fits[-COMPARED_FITS:] if inputs is not None else []
        if any(fit.rows.hold_hashes(hashes) for fit in others):
            return FOLD
        return said if said != "unknown" else "test"


def _fitted_with(fits: List[Fit], inputs: Foreign, hashes: Foreign) -> bool:
    # A refit forgets the rows of the fit before, as in a loop over folds, so only the last one's rows are compared.
    last = fits[-1].rows
    return any(fit.inputs.holds(inputs) for fit in fits) or last.hold_hashes(hashes) or last.within_hashes(hashes)


def _comparable(fits: List[Fit], inputs: Foreign, labels: Sequence[Foreign]) -> bool:
    """Say whether both sides have content; some datasets and generators have none that could be looked at."""
    if inputs is not None:
        return bool(fits) and content_of(inputs) is not None and all(fit.inputs.known for fit in fits)
    return any(content_of(one) is not None for one in labels) and any(fit.labels.known for fit in fits)

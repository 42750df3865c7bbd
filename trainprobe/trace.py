"""What was seen of a script while it ran."""

from __future__ import annotations

import weakref
from collections import deque
from dataclasses import dataclass, field
from typing import Callable, Deque, Dict, List, Optional, Sequence, Tuple

from trainprobe.data import Seen, as_array
from trainprobe.foreign import Foreign
from trainprobe.names import canonical, direction_of
from trainprobe.rows import Rows

KEPT_PREDICTIONS = 64
COMPARED_FITS = 8  # the latest; in a loop over folds one of them had the rows that are held out now
FOLD = "fold"  # test data that another fit was given; it is called test where no loop over folds is found
Curves = Dict[str, List[float]]


@dataclass(frozen=True)
class Measurement:
    """One value of one metric, the data it was taken on and where it was found.

    *kind* is how it was found (traced, averaged, history, file, variable, printed) and *order* when: a later one is
    larger.
    """

    metric: str
    value: float
    data: str
    source: str
    kind: str
    order: float = 0.0
    direction: str = "maximize"

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
        self._clock = 0
        self._predictions: Deque[Tuple[Callable[[], Foreign], str]] = deque(maxlen=KEPT_PREDICTIONS)

    def tick(self) -> int:
        """Return a number larger than every one before."""
        self._clock += 1
        return self._clock

    def fitted(self, library: str, model: Foreign, inputs: Foreign, labels: Foreign) -> Fit:
        """Note that *model* is being fitted with this data."""
        described = repr(model) if library == "sklearn" else type(model).__name__
        seen = (Seen(inputs), Rows(inputs), Seen(labels))
        fit = Fit(library, weakref.ref(model), *seen, order=self.tick(), described=described)
        self.fits.append(fit)
        self.last_model = model
        return fit

    def measured(self, name: str, value: float, data: str, source: str) -> None:
        """Note a measurement that a library's function returned to the script."""
        self.measurements.append(
            Measurement(canonical(name), value, data, source, "traced", self.tick(), direction_of(name))
        )

    def predicted(self, labels: Foreign, data: str) -> None:
        """Note that *labels* were predicted for data of this kind."""
        try:
            self._predictions.append((weakref.ref(labels), data))
        except TypeError:  # a list can't be referred to weakly; the true labels must tell then
            self._predictions.clear()

    def data_of_prediction(self, labels: Foreign) -> Optional[str]:
        """Return for which data *labels* were predicted, or None if that was not seen."""
        return next((data for kept, data in reversed(self._predictions) if kept() is labels), None)

    def data_for(self, model: Optional[Foreign], inputs: Foreign, *labels: Foreign) -> str:
        """Tell on which data a measurement is taken: ``train`` where it was fitted, ``test`` where it was not.

        It is ``fold`` where it was not fitted by this model, and by another or before.

        Any of the *labels* decide where the inputs are not known, or may have been transformed on their way into a
        model whose own fit was not seen. Where there is nothing to compare with it is ``unknown``.
        """
        own = [fit for fit in self.fits if model is not None and fit.is_of(model)]
        fits = own or self.fits
        if fits and inputs is not None and _fitted_with(fits, inputs):
            return "train"
        if (inputs is None or not own) and any(fit.labels.holds(one) for fit in self.fits for one in labels):
            return "train"
        if not _comparable(fits, inputs, labels):
            return "unknown"
        others = self.fits[-COMPARED_FITS:] if inputs is not None else []
        return FOLD if any(fit.rows.hold(inputs) for fit in others) else "test"


def _fitted_with(fits: List[Fit], inputs: Foreign) -> bool:
    # A refit forgets the rows of the fit before, as in a loop over folds, so only the last one's rows are compared.
    return any(fit.inputs.holds(inputs) for fit in fits) or fits[-1].rows.hold(inputs)


def _comparable(fits: List[Fit], inputs: Foreign, labels: Sequence[Foreign]) -> bool:
    """Say whether both sides have content; datasets and generators have none that could be looked at."""
    if inputs is not None:
        return bool(fits) and as_array(inputs) is not None and all(fit.inputs.known for fit in fits)
    return any(as_array(one) is not None for one in labels) and any(fit.labels.known for fit in fits)

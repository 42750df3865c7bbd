"""What was recorded of a script while it ran: its fits, its measurements and facts."""

from __future__ import annotations

import math
import weakref
from collections import deque
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Callable, Deque, Dict, List, Optional, Tuple

from trainprobe.call_site import Calls, calls
from trainprobe.data.evaluated import UNKNOWN_ROWS, Evaluated
from trainprobe.data.fits import Curves, Fit
from trainprobe.data.identity import DataFingerprint, RowHashes, reference
from trainprobe.data.kind import COMPARED_FITS, DataKind, agreed, first_known, kind_of
from trainprobe.data.samples import Rows, Samples, rows_of
from trainprobe.data.scoring import OnFolds, Scoring
from trainprobe.data.splits import Splits
from trainprobe.foreign import Foreign, deciding_class
from trainprobe.names import canonical, direction_of

KEPT_PREDICTIONS = 64
KEPT_SCORINGS = 16
KEPT_FOLDS = 3  # cross-validations and searches: each keeps a model alive
MOST_USES = 10_000
KEPT, SAVED = 1, 2  # how clearly a measurement is reported: printed or kept as a result; in a file of metrics


@dataclass(frozen=True)
class Measurement:
    """One value of one metric, the data it was taken on and where it was found.

    *kind* is how it was found (traced, searched, averaged, computed, history, file, variable, printed, held, unscored),
    *order* when: a later one is larger. *model_number* identifies the model that was measured, *fit* is the number of
    its last fit (from 1); they are 0 where that is not known. *on* is what is known of the rows, *calls* where the
    author's code measured it, and *reported* how clearly the author reports it: a larger one more clearly.
    """

    metric: str
    value: float
    data: DataKind
    source: str
    kind: str
    order: float = 0.0
    direction: str = ""
    model_number: int = 0
    on: Evaluated = UNKNOWN_ROWS
    fit: int = 0
    calls: Calls = ()
    reported: int = 0

    def __post_init__(self) -> None:
        if not self.direction:
            object.__setattr__(self, "direction", direction_of(self.metric))

    def as_json(self) -> Dict[str, object]:
        """Return what result.json says of it."""
        return {name: getattr(self, name) for name in ("metric", "value", "data", "source", "direction")}


@dataclass(frozen=True)
class _Prediction:
    """Labels that a model predicted, as long as they live, for so many rows."""

    labels: Callable[[], Foreign]
    rows: int
    data: DataKind
    model_number: int
    order: int


class Trace:
    """Collects fits and measurements in the order in which they happen."""

    def __init__(self, entrypoint: str = "") -> None:
        """Start with nothing seen of *entrypoint*, the script's path below the code."""
        self.entrypoint = entrypoint
        self.fits: List[Fit] = []
        self.splits = Splits()
        self.measurements: List[Measurement] = []
        self.last_model: Foreign = None
        self.facts: Dict[str, Foreign] = {}  # of the last fit, at the end of the one that counts
        self.run_facts: Dict[str, object] = {}  # that are not those of one fit
        self.samples: Optional[Samples] = None
        self.at_end: List[Callable[[], None]] = []  # what can add to the facts when the script has ended
        self.held_out: Dict[DataKind, Tuple[int, Rows]] = {}  # the last ones, and the number of their model
        self.measured_facts: Dict[str, object] = {}  # of the measurement that counts
        self.scorings: Deque[Scoring] = deque(maxlen=KEPT_SCORINGS)
        self.folds: Deque[List[OnFolds]] = deque(maxlen=KEPT_FOLDS)  # by metric
        self.last_fold: Foreign = None  # the model of a cross-validation that was fitted last, and the rows' numbers
        self.stopped = False  # a training was ended by the probe
        self.trained_at = 0
        self.loops: Curves = {}
        self._clock = 0
        self._models: List[Callable[[], Foreign]] = []
        self._classes: List[str] = []
        self._last_fits: Dict[int, int] = {}
        self._earlier: Dict[Tuple[Calls, str], Tuple[Foreign, ...]] = {}
        self._data_used: List[Tuple[int, DataKind, Evaluated]] = []
        self._predictions: Deque[_Prediction] = deque(maxlen=KEPT_PREDICTIONS)

    def tick(self) -> int:
        """Return a number larger than every one before."""
        self._clock += 1
        return self._clock

    def add_fit(self, library: str, model: Foreign, inputs: Foreign, labels: Foreign) -> Fit:
        """Record that *model* is being fitted with this data."""
        if self.fits:
            self._earlier[self._site_of(self.fits[-1])] = self.facts, self.samples, self.at_end
        data = DataFingerprint(inputs), RowHashes(inputs), DataFingerprint(labels)
        fit = Fit(library, weakref.ref(model), *data, order=self.note_training(model))
        fit.described = repr(model) if library == "sklearn" else type(model).__name__
        fit.model_number, fit.calls = self.number_of(model), calls()
        self.fits.append(fit)
        self._last_fits[fit.model_number] = len(self.fits)
        return fit

    def note_training(self, model: Optional[Foreign] = None) -> int:
        """Record that something, perhaps *model*, is being trained, and return when."""
        self.trained_at = self.tick()
        if model is not None:
            self.last_model = model
        return self.trained_at

    def training(self) -> str:
        """Return how far the training came, in words; nothing where it did not complete an epoch or a fit."""
        curves = [*(fit.curves for fit in self.fits), self.loops]
        epochs = sum(max(map(len, each.values())) for each in curves if each)
        if epochs:
            return "trained for {} epoch{}".format(epochs, "" if epochs == 1 else "s")
        return "trained a model" if any(fit.finished for fit in self.fits) else ""

    def add_validation_data(self, fit: Fit, data: Foreign) -> None:
        """Record the *data* that a fit is validated with: inputs alone, or inputs and labels."""
        fit.validate_with(data, self.fits[-COMPARED_FITS:])

    def note_rows(self, data: DataKind, rows: Optional[Rows], model: Foreign) -> None:
        """Record that the script has *model* validated or evaluated on these *rows*, if it holds them out."""
        if rows is not None and data.is_held_out:
            self.held_out[data.reported] = self.number_of(model), rows

    def number_of(self, model: Optional[Foreign]) -> int:
        """Return a number that no other model has; 0 for none."""
        if model is None:
            return 0
        known = next((number for number, kept in enumerate(self._models, 1) if kept() is model), 0)
        if not known:
            self._models.append(weakref.ref(model))
            self._classes.append(deciding_class(model))
        return known or len(self._models)

    def class_of(self, number: int) -> str:
        """Return the class of the model of this number; empty for 0."""
        return self._classes[number - 1] if number else ""

    def fit_behind(self, measured: Measurement) -> Optional[Fit]:
        """Return the fit of the model that was *measured*; None where that is not known."""
        return self.fits[measured.fit - 1] if measured.fit else None

    def turn_to(self, measured: Measurement) -> None:
        """Take the model that was *measured*, as long as it lives, and its facts for those that were fitted last."""
        fit = self.fit_behind(measured)
        model = fit.model() if fit is not None else None
        self.last_model = self.last_model if model is None else model
        if fit is not None and self._site_of(fit) != self._site_of(self.fits[-1]):
            self.facts, self.samples, self.at_end = self._earlier[self._site_of(fit)]

    def _site_of(self, fit: Fit) -> Tuple[Calls, str]:
        return fit.calls, self.class_of(fit.model_number)

    def add_measurement(
        self, name: str, value: float, data: DataKind, source: str, number: int = 0, on: Evaluated = UNKNOWN_ROWS
    ) -> None:
        """Record a measurement that a library returned: of the model of this *number*, *on* these rows."""
        fit = self._last_fits.get(number, 0 if number else len(self.fits))
        found = Measurement(canonical(name), value, data, source, "traced", self.tick(), "", number, on, fit, calls())
        self.measurements.append(found)

    def keep_scoring(self, scoring: Scoring) -> None:
        """Keep how a metric was taken that is no plain share of the rows, whose standard error needs none of this."""
        if scoring.metric != "accuracy" and scoring.is_kept:
            self.scorings.append(scoring)

    def scoring_of(self, counted: Measurement) -> Optional[Scoring]:
        """Return how the metric that is *counted* was taken last, if possible where it had that value."""
        own = [one for one in self.scorings if one.metric == counted.metric]
        return max(reversed(own), key=lambda one: one.value == counted.value, default=None)

    def folds_of(self, counted: Measurement) -> Optional[OnFolds]:
        """Return what is kept of the cross-validation that returned the value that is *counted*."""
        known = (one for by_metric in self.folds for one in by_metric)
        own = (one for one in known if (one.metric, one.value) == (counted.metric, counted.value))
        return next(own, None) if counted.data is DataKind.FOLDS else None

    def replace_measurement(
        self, name: str, value: float, data: DataKind, source: str, on: Evaluated = UNKNOWN_ROWS
    ) -> None:
        """Record a running measurement in the place of the previous one from the same source, if any."""
        metric = canonical(name)
        last = [one for one in self.measurements if one.source == source and one.order > self.trained_at]
        for one in last:
            if one.metric == metric and one.data == data:
                self.measurements.remove(one)
        self.add_measurement(name, value, data, source, on=on)

    def note_saved(self, model: Foreign) -> None:
        """Record that the script saves *model*: what was measured of it counts as measured now."""
        number = self.number_of(model)
        measured = [one for one in self.measurements if one.model_number == number]
        if measured:
            others = [one for one in self.measurements if one.model_number != number]
            self.measurements = others + [replace(one, order=self.tick(), reported=KEPT) for one in measured]

    def note_data_used(self, data: DataKind, on: Evaluated) -> None:
        """Record that predictions are made for these rows of data of this kind."""
        self._data_used.append((self.tick(), data.reported, on))
        del self._data_used[:-MOST_USES]

    def forget_last_data_used(self) -> None:
        """Forget the last use of data: it was a pass over what is trained with."""
        del self._data_used[-1:]

    def data_used_since_training(self) -> DataKind:
        """Return the one kind of data that predictions were made for since the last training, else ``unknown``."""
        return self.data_used_between(self.trained_at, math.inf)

    def data_used_between(self, since: float, until: float) -> DataKind:
        """Return the one kind of data that predictions were made for in this time, else ``unknown``."""
        return agreed(data for order, data, _ in self._data_used if since < order < until)

    def rows_used(self, data: DataKind) -> Evaluated:
        """Return what is known of the rows of this kind that predictions were made for, preferably those of a split.

        Rows that were predicted one by one are taken together.
        """
        uses = groupby((on for _, kind, on in self._data_used if kind is data), attrgetter("rows"))
        last_of_each = [Evaluated(len(list(each))) if rows == 1 else list(each)[-1] for rows, each in uses]
        with_labels = [on for on in map(self._labelled, reversed(last_of_each)) if on.has_labels and data.is_held_out]
        return next(iter([*with_labels, *reversed(last_of_each)]), UNKNOWN_ROWS)

    def _labelled(self, on: Evaluated) -> Evaluated:
        """Return these rows with what is known of as many that another metric was measured on, or that were split."""
        measured = (one.on for one in reversed(self.measurements) if one.on.rows == on.rows and one.on.has_labels)
        return on if on.has_labels else next(measured, self.splits.evaluated(on.rows))

    def add_prediction(self, labels: Foreign, data: DataKind, model: Optional[Foreign] = None) -> None:
        """Record that *labels* were predicted for data of this kind."""
        rows = rows_of(labels) or 0
        self.note_data_used(data, Evaluated(rows))
        one = _Prediction(reference(labels), rows, data, self.number_of(model), self._clock)
        self._predictions.append(one)

    def add_fallback_measurement(self, name: str, value: float, data: DataKind, source: str) -> None:
        """Record a measurement that counts where there is no other of its kind, as if it had come first."""
        self.measurements.append(Measurement(canonical(name), value, data, source, "traced"))

    def was_predicted(self, labels: Foreign) -> bool:
        """Return whether a model returned just these *labels* as its predictions."""
        return any(one.labels() is labels for one in self._predictions)

    def prediction_of(self, *labels: Foreign) -> Tuple[DataKind, int]:
        """Return for which data one of the *labels* was predicted, and the number of the model that did it.

        What was made of predictions, as by ``argmax``, is known by the number of its rows. Of anything else it is the
        model that predicted last.
        """
        rows = max(rows_of(label) or 0 for label in labels)
        made = [one for one in self._predictions if any(one.labels() is label for label in labels)]
        made = made or self._predicted_for(rows)
        if made:
            return made[-1].data, made[-1].model_number
        data = first_known((self._data_of_collected(rows), self.kind_of(None, None, *labels)))
        last = self._predictions[-1].model_number if self._predictions else 0
        return first_known((data, self.data_used_since_training())), last

    def _predicted_for(self, rows: int) -> List[_Prediction]:
        """Return the predictions since the last training that were made for so many rows, if all for the same data."""
        since = [one for one in self._predictions if one.order > self.trained_at and one.rows == rows > 0]
        return since if agreed(one.data for one in since) is not DataKind.UNKNOWN else []

    def _data_of_collected(self, rows: int) -> DataKind:
        """Return folds where the latest predictions for held-out rows are for a fold each, and have *rows* together."""
        kinds, left = [], rows
        for one in reversed([one for one in self._predictions if one.data.is_held_out]):
            if left <= 0:
                break
            kinds.append(one.data)
            left -= one.rows
        return DataKind.FOLDS if left == 0 and len(kinds) > 1 and DataKind.FOLD in kinds else DataKind.UNKNOWN

    def kind_of(self, model: Optional[Foreign], inputs: Foreign, *labels: Foreign) -> DataKind:
        """Return which data a call measures *model* on; see `trainprobe.data.kind.kind_of`."""
        return kind_of(self.fits, model, inputs, *labels)

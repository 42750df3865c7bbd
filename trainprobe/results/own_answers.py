"""What the trained model itself answers once the script has ended, where that is what counts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Iterator, List, Optional, Tuple

from trainprobe.data.fits import Fit
from trainprobe.data.kind import DataKind
from trainprobe.facts.collect import look_at_the_model
from trainprobe.facts.predictions import Answers, accuracy_on
from trainprobe.results.sources.known_values import same_value
from trainprobe.trace import Measurement
from trainprobe.watch import Watch

KIND = "own"
DELIVERED = "the trained model's own answers; {} reported {:.4g}"
UNREPORTED = {
    "keras": "measured by the probe: the script compiles no metric",
    "torch": "measured by the probe: the script computes no accuracy",
}
_NOT_WATCHED = ("history", "variable", "printed", "file")
_CURVES = (
    "accuracy",
    "acc",
    "categorical_accuracy",
    "sparse_categorical_accuracy",
)  # which mean the most probable class
_OF_ONE_OUTPUT = "binary_accuracy"
_CLASSIFIES = re.compile("cross_?entropy|nll|bce", re.IGNORECASE)  # names of losses
_PROBABILITIES = ("softmax", "log_softmax", "sigmoid")


class OwnAnswers:
    """The answers of the model that the facts describe; it is asked once, and the script must have ended."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._trace = watch.trace
        self._some: Optional[Answers] = None

    def look(self) -> Answers:
        """Add to the facts what the model has become, and return what it answers for some of its training rows."""
        if self._some is None:
            with self._watch.inside("looking at the model"):
                self._some = look_at_the_model(self._trace)
        return self._some

    def delivered(self, best: Measurement) -> List[Measurement]:
        """Return the accuracy on training data of the model as it is, where *best* is what a training curve said.

        A curve has the mean over an epoch in which the weights moved, and drops out and normalizes as in training.
        """
        answers = self.look()
        answers = self._on_training_rows(answers) if self._is_of_curve(best) else Answers()
        if answers.accuracy is None:
            return []
        source = DELIVERED.format("the last epoch" if best.source.startswith("history") else best.source, best.value)
        return [replace(best, value=answers.accuracy, source=source, kind=KIND, on=answers.on)]

    def unreported(self) -> Iterator[Measurement]:
        """Yield the accuracy of a network that classifies, on the rows that the script holds out, else on all."""
        some, fit, fits = self.look(), self._fit(), self._trace.fits
        if fit is None or fit is not fits[-1] or fit.library not in UNREPORTED or not self._classifies():
            return
        data, answers = self._on_held_out_rows(fit)
        if answers.accuracy is None:
            data, answers = DataKind.TRAIN, self._on_training_rows(some)
        if answers.accuracy is not None:
            found = "accuracy", answers.accuracy, data, UNREPORTED[fit.library], KIND, self._trace.tick(), ""
            yield Measurement(*found, fit.model_number, answers.on, len(fits), fit.calls)

    def _on_training_rows(self, some: Answers) -> Answers:
        """Return what the model answers for all its training rows, or else for *some*, if it was asked for no more."""
        samples = self._trace.samples
        rows = samples.rows if samples is not None else None
        if samples is None or rows is None or rows.last - rows.first <= some.on.rows:
            return some
        with self._watch.inside("asking the model"), self._watch.guard("asking the model about its training data"):
            return max(some, accuracy_on(rows, samples), key=lambda one: one.on.rows)
        return some

    def _on_held_out_rows(self, fit: Fit) -> Tuple[DataKind, Answers]:
        samples = self._trace.samples
        for data in (DataKind.TEST, DataKind.VALIDATION):
            number, rows = self._trace.held_out.get(data, (0, None))
            if samples is not None and rows is not None and number == fit.model_number:
                with self._watch.inside("asking the model"), self._watch.guard("asking the model about held-out data"):
                    return data, accuracy_on(rows, samples)
        return DataKind.UNKNOWN, Answers()

    def _is_of_curve(self, best: Measurement) -> bool:
        if best.metric != "accuracy" or best.data is not DataKind.TRAIN or best.kind not in _NOT_WATCHED:
            return False
        if any(one.metric == "accuracy" and same_value(best.value, one.value) for one in self._trace.measurements):
            return False  # the model was asked already
        has_one = self._trace.facts.get("model", {}).get("output", {}).get("units") == 1
        known = (*_CURVES, _OF_ONE_OUTPUT) if has_one else _CURVES
        fit = self._fit()
        curves = fit.curves if fit is not None else {}
        return any(same_value(best.value, point) for name in known for point in curves.get(name, ()))

    def _fit(self) -> Optional[Fit]:
        """Return the last fit of the model that is asked."""
        model = self._trace.samples.model() if self._trace.samples is not None else None
        return next((fit for fit in reversed(self._trace.fits) if fit.is_of(model)), None)

    def _classifies(self) -> bool:
        """Return whether the labels are classes that the network tells apart, and no quantities in few steps."""
        model = self._trace.facts.get("model", {})
        activation = model.get("output", {}).get("activation")
        is_said = _CLASSIFIES.search(str(model.get("loss"))) is not None or activation in _PROBABILITIES
        return is_said and "classes" in self._trace.facts.get("labels", ())
